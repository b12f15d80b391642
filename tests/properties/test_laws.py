"""Laws that hold for every tree: bytes, order, neighbours, and a mesh that no rule changes."""

from __future__ import annotations

import glob
import json
import pickle
import random
import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from meshlint.config.model import Settings
from meshlint.mesh.build import build_mesh
from meshlint.pipeline import Options, prepare
from meshlint.policy.engine import judge
from meshlint.policy.views import targets
from meshlint.resources.assembly import assemble
from meshlint.resources.facts import take_facts
from meshlint.syntax.locate import locate
from meshlint.syntax.stream import read_stream
from tests.judge import TODAY, judged

FILES = sorted(glob.glob("fixtures/hms/before/**/*.yaml", recursive=True))
TEXTS = {path.split("before/")[1]: Path(path).read_text(encoding="utf-8") for path in FILES}
FRAGMENTS = st.sampled_from(
    ["a: 1\n", "---\n", "- x\n", "k: &a [*a]\n", "'", '"', "{", "[", "|\n  t\n", "\t", "\x00", "é", "...\n",
     "# meshlint: ignore[A]\n", "apiVersion: v1\nkind: X\n", "<<: *b\n", "? [a]\n", "{{ x }}\n", "${V}: 1\n",
     "!!int x\n", "%YAML 9.9\n"]
)  # fmt: skip


@given(st.binary(max_size=400) | st.lists(FRAGMENTS, max_size=12).map(lambda parts: "".join(parts).encode()))
def test_any_bytes_give_a_stream(data: bytes) -> None:
    """Reading and locating never raise, and agree on the documents."""
    stream = read_stream(data)
    for document in stream.documents:
        spans = locate(data, document.number, ["", "/a", "/k/0#", "/nowhere/at/all"])
        assert all(span.start <= span.end for span in spans.values())
    assert take_facts(data, "a.yaml").documents == len(stream.documents)


PLANE = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=3)


@given(st.recursive(PLANE, lambda inner: st.dictionaries(st.text("ab/~", max_size=3), inner, max_size=3)))
def test_every_value_is_found_where_it_stands(value: object) -> None:
    """The span of every scalar holds that scalar."""
    data = json.dumps(value, ensure_ascii=True).encode()
    lines = data.decode().split("\n")
    todo = [("", value)]
    while todo:
        pointer, item = todo.pop()
        if isinstance(item, dict):
            for key, inner in item.items():
                todo.append((f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}", inner))
        else:
            span = locate(data, 0, [pointer])[pointer]
            shown = lines[span.start.line - 1][span.start.column - 1 : span.end.column - 1]
            assert span.exact
            assert json.loads(shown) == item


@given(st.text(max_size=6))
def test_json_escapes_of_every_plane_are_read(text: str) -> None:
    """JSON writes a character beyond the first plane as two halves, which YAML does not know."""
    (document,) = read_stream(json.dumps({"k": text}).encode()).documents
    assert document.value == {"k": text}


def said(files: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return what is found, without places."""
    return sorted((f.rule, f.resource.text, f.message) for f in judged(files))


@settings(max_examples=12)
@given(st.randoms(use_true_random=False))
def test_the_order_of_files_changes_nothing(chance: random.Random) -> None:
    """Renamed files, in another order, say the same."""
    texts = list(TEXTS.values())
    names = [f"f{number:02}.yaml" for number in range(len(texts))]
    straight = unnamed(said(dict(zip(names, texts, strict=True))))
    chance.shuffle(texts)
    assert unnamed(said(dict(zip(names, texts, strict=True)))) == straight


def unnamed(rows: list[tuple[str, str, str]]) -> list[tuple[str, ...]]:
    """Leave out the names of files, which are those of objects without a name of their own, and the first file."""
    rows = [(rule, "" if rule == "OWN002" else resource, message) for rule, resource, message in rows]
    return sorted(tuple(re.sub(r"\bf\d\d\b", "f", text) for text in row) for row in rows)


@settings(max_examples=12)
@given(FRAGMENTS, st.sampled_from(["first.yaml", "zlast.yaml"]))
def test_broken_neighbours_hide_nothing(fragment: str, name: str) -> None:
    """A known violation is found whatever stands in another file."""
    alone = {row for row in said(TEXTS) if row[0] in ("MTL001", "PRO001", "RES001", "ENV001", "INJ002")}
    assert alone <= set(said({**TEXTS, name: fragment}))


def test_rules_change_nothing_in_the_mesh() -> None:
    """The mesh equals itself after all rules ran."""
    paths = sorted(TEXTS)
    found = assemble(paths, [take_facts(TEXTS[path].encode(), path) for path in paths])
    mesh = build_mesh(found.resources, Settings(), today=TODAY)
    rules = prepare(Options(("fixtures/hms/before",), today=TODAY, profile="strict")).rules
    before = pickle.dumps((mesh.inventory.workloads, mesh.mtls.modes, mesh.memberships, mesh.protocols))
    judge([active for active in rules if active.rule.target != "suppression"], mesh, targets)
    assert pickle.dumps((mesh.inventory.workloads, mesh.mtls.modes, mesh.memberships, mesh.protocols)) == before
