"""Lines of CODEOWNERS that a fix adds.

In: the paths that need an owner, the configured owners of mesh policy. Out: the text of the CODEOWNERS file after it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from meshlint.fixes.operations import CannotEdit
from meshlint.mesh.ownership.files import place_for_new
from meshlint.pipeline import Run
from meshlint.repairs.trees import Owners, Tree
from meshlint.sources.source import Source, read

_HEADING = re.compile(r"\^?\[([^]]+)\]")
_SECTION = "Mesh policy"


def with_owners(run: Run, tree: Tree, paths: Sequence[str]) -> Owners | None:
    """Return CODEOWNERS with a line for each path, None where no path needs one; raises CannotEdit."""
    if not paths:
        return None
    owners = run.settings.ownership.policy_owners
    if not owners:
        raise CannotEdit("the configuration names no `ownership.policy-owners`")
    if run.root is None:
        raise CannotEdit("nothing says which repository the files belong to")
    known = _known(run.root, tree, run.settings.ownership.platform)
    lines = [f"{_pattern(path)} {' '.join(owners)}" for path in dict.fromkeys(paths)]
    return known._replace(text=_appended(known, lines))


def _appended(known: Owners, lines: Sequence[str]) -> str:
    """Return the text with those lines that it lacks; GitLab's last section would take them for its own."""
    present = known.text.splitlines()
    missing = [line for line in lines if line not in present]
    newline = "\r\n" if "\r\n" in known.text else "\n"
    text = known.text
    if text and not text.endswith("\n"):
        text += newline
    sections = [match[1] for match in map(_HEADING.match, present) if match] if known.platform == "gitlab" else []
    if missing and sections and sections[-1] != _SECTION:
        missing = ["", f"[{_SECTION}]", *missing]
    return text + "".join(line + newline for line in missing)


def _known(root: str, tree: Tree, platform: str) -> Owners:
    """Return CODEOWNERS as it is in the tree, empty where there is none yet."""
    if tree.owners is not None:
        return tree.owners
    if tree.codeowners is None:
        return Owners(*place_for_new(root, platform), "")
    path = tree.codeowners.path
    text = read(Source(path, os.path.join(root, path), True)).decode("utf-8", "replace")
    if "\ufffd" in text:
        raise CannotEdit(f"{path} is no UTF-8")
    return Owners(path, tree.codeowners.platform, text)


def _pattern(path: str) -> str:
    """Return the pattern that means exactly this file, or everything below this folder."""
    return "/" + path.lstrip("/").replace(" ", "\\ ") if path != "*" else path
