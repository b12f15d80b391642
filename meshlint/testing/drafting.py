"""A rule to begin from: one that loads, fires, is silent, and passes its tests at once.

In: a name, a folder, what the rule judges. Out: files by path, and their writing. There is a draft for every word
that a rule may target (`drafts/`), and one for kinds. Nothing that lies there is ever touched.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from meshlint import __version__
from meshlint.cache import Cache, default_folder
from meshlint.errors import UsageError
from meshlint.policy.catalogue import load_builtin
from meshlint.policy.kinds import wrong_kind
from meshlint.policy.packs.files import MANIFEST, RULES, list_files
from meshlint.policy.rule_files.schema import WORDS
from meshlint.policy.selection.selection import words
from meshlint.policy.vocabulary import KINDS, TARGETS
from meshlint.spelling import did_you_mean, nearest
from meshlint.testing.suites import is_catalogue

_DRAFTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "drafts")
_KIND = re.compile(r"(?P<group>[a-z0-9.-]*)/(?P<kind>[A-Z][A-Za-z0-9]*)")
_VERSIONS = {
    "gateway.networking.k8s.io/TLSRoute": "v1alpha2",
    "gateway.networking.k8s.io/TCPRoute": "v1alpha2",
    "gateway.networking.k8s.io/UDPRoute": "v1alpha2",
}
_ROLE = 'rules: [{apiGroups: [security.istio.io], resources: ["*"], verbs: ["*"]}]'
_BODIES = {"rbac.authorization.k8s.io/Role": _ROLE, "rbac.authorization.k8s.io/ClusterRole": _ROLE}
_BOOTSTRAP = "envoy.config.bootstrap.v3/Bootstrap"


def draft(name: str, folder: str, target: str) -> dict[str, str]:
    """Return the files of a new rule by their paths: its own, its fixtures, `pack.yaml` where the folder is new.

    Raises UsageError for a name, a folder or a target that will not do.
    """
    if not re.fullmatch(WORDS, name):
        proposed = re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()).strip("-")
        hint = f"did you mean `{proposed}`?" if re.fullmatch(WORDS, proposed) else ""
        raise UsageError(f"`{name}` is no name of a rule: lower-case words joined by hyphens", help=hint)
    _check_folder(name, folder)
    files = {}
    if not os.path.isdir(folder) or not os.listdir(folder):
        files[os.path.join(folder, MANIFEST)] = _manifest(folder)
    for path, text in _sections(target, name).items():
        inside = os.path.join(RULES, path) if "/" not in path and os.path.isdir(os.path.join(folder, RULES)) else path
        files[os.path.join(folder, inside)] = text
    return files


def written(files: Mapping[str, str]) -> None:
    """Write new files.

    Raises UsageError where one is there already, or cannot be written; then nothing new is left behind.
    """
    for path in files:
        if os.path.lexists(path):
            raise UsageError(f"{path} is there already", help="choose another name, or another folder")
    done: list[str] = []
    try:
        for path, text in files.items():
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "x", encoding="utf-8", newline="\n") as file:
                done.append(path)
                file.write(text)
    except OSError as error:
        for path in done:
            os.unlink(path)
        raise UsageError(f"cannot write {error.filename}: {(error.strerror or str(error)).lower()}") from error


def _check_folder(name: str, folder: str) -> None:
    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise UsageError(f"{folder} is no folder")
    if not os.path.isdir(folder):
        return
    if is_catalogue(folder):
        told = f"{folder} is a catalogue of its own and no pack"
        raise UsageError(told, help="CONTRIBUTING.md tells how a rule is added to those of meshlint")
    try:
        there = list_files(folder)
    except OSError as error:
        raise UsageError(f"{folder} cannot be read: {(error.strerror or str(error)).lower()}") from error
    for file in there:
        if os.path.splitext(os.path.basename(file.name))[0] == name:
            raise UsageError(f"{file.path} is there already", help="choose another name, or another folder")


def _manifest(folder: str) -> str:
    ours = load_builtin(Cache(default_folder()))
    name = re.sub(r"[^a-z0-9]+", "-", os.path.basename(os.path.abspath(folder)).lower()).strip("-") or "policy"
    if name[0].isdigit() or name in {word for rule in ours.rules for word in words(rule)}:
        name = f"own-{name}"
    lowest = ".".join(__version__.split(".")[:2])
    return f'name: {_scalar(name)}  # a rule is called {name}/NAME\nversion: 0.1.0\nrequires: ">={lowest}"\n'


def _scalar(name: str) -> str:
    """Return a name as YAML reads it back."""
    return f'"{name}"' if name in ("y", "n", "yes", "no", "on", "off", "true", "false", "null") else name


def _sections(target: str, name: str) -> dict[str, str]:
    """Return the texts of a draft by their paths in the folder."""
    text = _draft(target).replace("name: RULE\n", f"name: {_scalar(name)}\n", 1).replace("RULE", name)
    if match := _KIND.fullmatch(target):
        version = _VERSIONS.get(target, "v1")
        whole = f"{match['group']}/{version}" if match["group"] else version
        body = _BODIES.get(target, "")
        text = re.sub(r"(?m)^( *)BODY\n", rf"\g<1>{body}\n" if body else "", text)
        text = text.replace("TARGET", target).replace("VERSION", whole).replace("KIND", match["kind"])
    parts = re.split(r"(?m)^>>> (.+)\n", text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _draft(target: str) -> str:
    known = sorted([*TARGETS, *KINDS])
    if target in TARGETS:
        name = target
    elif target == _BOOTSTRAP:
        name = "bootstrap"
    elif _KIND.fullmatch(target):
        if wrong := wrong_kind(target, KINDS):
            raise UsageError(wrong.message, help=wrong.help)
        name = "kind"
    else:
        by_kind = {kind.partition("/")[2]: kind for kind in KINDS}
        near = by_kind.get(target) or nearest(target, known)
        hint = f"did you mean `{near}`?" if near else did_you_mean(target, TARGETS)
        raise UsageError(f"there is no target `{target}`", help=hint or "write a kind as group/Kind")
    with open(os.path.join(_DRAFTS, f"{name}.txt"), encoding="utf-8") as file:
        return file.read()
