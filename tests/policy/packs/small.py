"""Packs on disk, small ones, and one compiled catalogue of ours for all tests of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from textwrap import dedent

from meshlint.cache import Cache
from meshlint.policy.catalogue import Catalogue, load_builtin
from meshlint.policy.packs import Pack, read_pack
from meshlint.policy.rule_files.rule_file import RuleErrors
from tests.judge import COMPILED

RULE = """\
name: foreign-caller
severity: error
target: edge
when: edge.is_known && edge.server.namespace == "payments"
require: edge.client.namespace in ["payments", "web"]
message: "{edge.client} calls {edge.target_text}"
help: Call it from namespace web.
"""
MANIFEST = 'name: hms\nversion: 1.0.0\nrequires: ">=0.1,<2"\n'


@cache
def ours() -> Catalogue:
    """Return our own rules, compiled once for the process."""
    return load_builtin(Cache(COMPILED))


def laid_out(folder: Path, files: dict[str, str]) -> Path:
    """Write files below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
    return folder


def read(folder: Path, cache: Cache | None = None) -> Pack:
    """Read a pack and call its folder `policy`."""
    return read_pack(str(folder), cache or Cache(None), shown="policy", ours=ours())


def mistakes(folder: Path) -> list[str]:
    """Return every mistake of a pack as `path:line:column message (help)`."""
    try:
        read(folder)
    except RuleErrors as errors:
        found = []
        for error in errors.errors:
            place = error.location
            where = f"{place.path}:{place.start.line}:{place.start.column} " if place is not None else ""
            found.append(f"{where}{error.message}" + (f" ({error.help})" if error.help else ""))
        return found
    return []
