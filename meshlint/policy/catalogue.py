"""The rules of a run, ready compiled.

In: `catalogue.bin`, which the wheel carries, or the folder of rules and the cache. Out: `Catalogue`. Hot
path: reading it imports neither pydantic nor protobuf nor a YAML parser; they are imported when something has
to be compiled.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import meshlint
from meshlint.cache import Cache, digest
from meshlint.policy.rule import CompiledRule, Documentation
from meshlint.records import NamedTuple

PACKAGE_FOLDER = os.path.dirname(os.path.abspath(meshlint.__file__))
COMPILED_FILE = os.path.join(PACKAGE_FOLDER, "catalogue.bin")
_LIBRARY = "cel_expr_python"


class Profile(NamedTuple):
    """Name a profile, the one it includes, and what it is for."""

    name: str
    includes: str
    meaning: str


class RetiredRule(NamedTuple):
    """Say what became of a rule that no longer exists."""

    id: str
    name: str
    since: str
    instead: str
    why: str


class Catalogue:
    """Hold compiled rules, sorted by id, and what is said about them."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.key: str = data["key"]  # changes with every rule file, the vocabulary and the library
        self.rules: tuple[CompiledRule, ...] = tuple(CompiledRule._make(row) for row in data["rules"])
        self.frameworks: Mapping[str, str] = data["frameworks"]  # framework → how reports call it
        self.profiles = tuple(Profile._make(row) for row in data["profiles"])
        self.retired = tuple(RetiredRule._make(row) for row in data["retired"])
        self._documents: tuple[bytes, ...] = (data["documents"],)
        self._controls: tuple[bytes, ...] = (data["controls"],)

    def find(self, word: str) -> CompiledRule | None:
        """Return the rule of an id or a name."""
        return next((rule for rule in self.rules if word in (rule.id, rule.name)), None)

    def documents(self) -> dict[str, Documentation]:
        """Return what the manual says, by rule id; decoded at every call."""
        parts: list[dict[str, tuple[Any, ...]]] = [marshal.loads(part) for part in self._documents]
        return {id_: Documentation._make(row) for rows in parts for id_, row in rows.items()}

    def controls(self) -> dict[str, dict[str, str]]:
        """Return the known controls with our titles, by framework; decoded at every call."""
        titles: dict[str, dict[str, str]] = {}
        for part in self._controls:
            for framework, rows in marshal.loads(part).items():
                titles.setdefault(framework, {}).update(rows)
        return titles

    def joined(self, others: Iterable[Catalogue]) -> Catalogue:
        """Return one catalogue of this and others, whose rules nothing confuses."""
        whole = Catalogue.__new__(Catalogue)
        whole.__dict__.update(self.__dict__)
        for other in others:
            whole.key = digest(whole.key, other.key)
            whole.rules += other.rules
            whole.frameworks = {**whole.frameworks, **other.frameworks}
            whole._documents += other._documents
            whole._controls += other._controls
        whole.rules = tuple(sorted(whole.rules, key=lambda rule: rule.id))
        return whole


def rules_folder() -> str:
    """Return where the rule files lie: in an installed package inside it, in a checkout beside it."""
    inside = os.path.join(PACKAGE_FOLDER, "rules")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(PACKAGE_FOLDER), "rules")


def load_builtin(cache: Cache) -> Catalogue:
    """Return the rules that meshlint ships.

    A wheel carries them compiled; serialised programs belong to one version of the expression library, so
    that with another one, as in a checkout, they are compiled from the rule files and kept in the cache until
    a file changes. Raises RuleErrors when a rule file has mistakes.
    """
    shipped = _shipped()
    if shipped is not None:
        return Catalogue(shipped)
    return load_folder(rules_folder(), cache)


def load_folder(folder: str, cache: Cache, shown: str = "rules") -> Catalogue:
    """Return the rules of a folder, from the cache when nothing that they depend on has changed."""
    files = list(_inputs(folder))
    quick = digest("stamps", shown, library_version(), *(f"{path}|{stamp}" for path, stamp in files))
    data = cache.get("catalogue", quick)
    if data is None:
        exact = _key(folder, shown, files)
        data = cache.get("catalogue", exact)
        if data is None:
            from meshlint.policy.rule_files.folder import compile_folder

            data = compile_folder(folder, shown) | {"key": exact}
            cache.put("catalogue", exact, data)
        cache.put("catalogue", quick, data)
    return Catalogue(data)


def compiled_bytes(folder: str) -> bytes:
    """Return what a wheel carries: the library version and the compiled rules."""
    from meshlint.policy.rule_files.folder import compile_folder

    data = compile_folder(folder) | {"key": _key(folder, "rules", list(_inputs(folder)))}
    return marshal.dumps((library_version(), data), 4)


def _shipped() -> dict[str, Any] | None:
    try:
        with open(COMPILED_FILE, "rb") as file:
            version, data = marshal.load(file)
    except (OSError, EOFError, ValueError, TypeError):
        return None
    return data if version == library_version() else None


def library_version() -> str:
    """Return the installed version of the expression library, read from the name of its metadata folder.

    importlib.metadata would say the same and takes longer than a whole run.
    """
    for folder in sys.path:
        if os.path.isdir(os.path.join(folder, _LIBRARY)):
            for name in os.listdir(folder):
                if name.startswith(f"{_LIBRARY}-") and name.endswith(".dist-info"):
                    return name[len(_LIBRARY) + 1 : -len(".dist-info")]
    return ""


def _inputs(folder: str) -> Iterator[tuple[str, str]]:
    """List the files that a catalogue depends on, rules and what compiles them, with a stamp of each."""
    for top in (folder, os.path.join(PACKAGE_FOLDER, "policy"), os.path.join(PACKAGE_FOLDER, "checks")):
        pending = [top]
        while pending:
            with os.scandir(pending.pop()) as entries:
                for entry in sorted(entries, key=lambda entry: entry.name):
                    if entry.is_dir():
                        if entry.name not in ("__pycache__", "views"):
                            pending.append(entry.path)
                    elif entry.name.endswith((".yaml", ".yml", ".py")):
                        stat = entry.stat()
                        yield entry.path, f"{stat.st_size}|{stat.st_mtime_ns}|{stat.st_ctime_ns}"


def _key(folder: str, shown: str, files: list[tuple[str, str]]) -> str:
    parts: list[bytes | str] = [library_version(), shown]
    for path, _ in files:
        parts.append(os.path.relpath(path, folder))
        with open(path, "rb") as file:
            parts.append(file.read())
    return digest(*parts)
