"""The fix of a rule: what is wrong with it is told when the rule loads, and what it means for one finding."""

from __future__ import annotations

import marshal
from textwrap import indent
from typing import Any

import pytest

from meshlint.policy.fixes import filled, plan_of, program_of
from meshlint.policy.templates import walk
from tests.policy.small import RULE, compiled, mistakes

MANIFEST = """\
create:
  manifest: |
    apiVersion: a.io/v1
    kind: Thing
    metadata: {name: "x"}
"""


def with_fix(fix: str) -> str:
    """Return the plain rule with a fix."""
    return RULE + "fix:\n" + indent(fix, "  ")


@pytest.mark.parametrize(
    ("fix", "message"),
    [
        ("set: {spec.mode: STRICT}\n", "`safe` is missing"),
        ("safe: false\nset: {spec.mode: STRICT}\n", "the fix does not say what it does"),
        ("safe: false\ndoes: Close it.\n", "the fix changes nothing"),
        ("safe: false\ndoes: Close it.\nsett: {a: b}\n", "unknown field `sett`"),
        ("safe: false\ndoes: Close it.\nset: {spec..mode: STRICT}\n", "`spec..mode` is no path"),
        ('safe: false\ndoes: Close it.\nset: {spec.mode: "{workload.nmae}"}\n', "Workload has no fact `nmae`"),
        ('safe: false\ndoes: Close it.\nset: {"/spec/{workload.nmae}": 1}\n', "Workload has no fact `nmae`"),
        ("safe: false\ndoes: Close it.\nwhen: workload.mehsed\nset: {a: 1}\n", "Workload has no fact `mehsed`"),
        ("safe: false\ndoes: Close it.\nat: workload.labels\nset: {a: 1}\n", "`workload.labels` is a map string and"),
        ("safe: false\ndoes: Close it.\ncodeowners: workload.limit\n", "`workload.limit` is a double, and a text"),
        ("safe: false\ndoes: Close it.\nset: {a: 1}\nways: [{remove: [a]}]\n", "`set` stands beside `ways`"),
        ("safe: false\ndoes: Close it.\nways: [{remove: [a], mvoe: {a: b}}]\n", "unknown field `mvoe`"),
        ("safe: false\ndoes: Close it.\n" + MANIFEST.replace("kind: Thing", "knd: Thing"), "the manifest is no single"),
        ('safe: false\ndoes: Close it.\n' + MANIFEST.replace('"x"', "{workload.nmae}"), "Workload has no fact `nmae`"),
        ("safe: false\ndoes: Close it.\n" + MANIFEST + "  each: {port: workload.namespace}\n", "`workload.namesp"),
        ("safe: false\ndoes: Close it.\notherwise: \"{workload.limt}\"\nremove: [a]\n", "Workload has no fact `limt`"),
    ],
)  # fmt: skip
def test_mistakes_are_told_when_the_rule_loads(fix: str, message: str) -> None:
    """Unknown facts, paths and fields of a fix are mistakes of the rule, below `fix`."""
    found = mistakes(with_fix(fix))
    assert found[0][2].startswith(message)
    assert found[0][0] > len(RULE.splitlines())


def test_the_name_of_each_is_known_in_its_object_only() -> None:
    """An element of `each` is a variable of its manifest, and of no other."""
    each = MANIFEST.replace('"x"', "{port.text}") + "  each: {port: workload.ports}\n"
    assert compiled(with_fix(f"safe: false\ndoes: Close it.\n{each}")).fix is not None
    after = with_fix(f'safe: false\ndoes: Close it.\n{each}review: "{{port.text}}"\n')
    assert [row[2] for row in mistakes(after)] == ["unknown name `port`"]


def test_a_rule_holds_whether_its_fix_is_safe_and_what_it_does() -> None:
    """The outline is all that a run without fixing reads."""
    rule = compiled(with_fix("safe: true\ndoes: Close it.\nremove: [.]\n"))
    assert rule.fix == (True, (("Close it.", b"", ()),))


FACTS: dict[str, Any] = {"w": {"name": "web", "port": 8080, "odd": "yes", "list": ["a", "no"], "bad": 'a"b\n'}}


@pytest.mark.parametrize(
    ("manifest", "text"),
    [
        ("a: {w.name}\n", "a: web\n"),
        ("a: {w.port}\n", "a: 8080\n"),
        ("a: {w.odd}\n", 'a: "yes"\n'),
        ("a: {w.list}\n", 'a: [a, "no"]\n'),
        ("a: {w.name}-{w.port}\n", "a: web-8080\n"),
        ("a: {b: 1, c: {}}  # {w.bad}\n", 'a: {b: 1, c: {}}  # a"b \n'),
    ],
)
def test_facts_in_manifests_are_read_as_what_they_are(manifest: str, text: str) -> None:
    """A text stays a text for YAML, a number a number; braces around anything else are YAML's own."""
    assert filled(manifest, lambda path: walk(FACTS, path)) == text


@pytest.mark.parametrize("value", ["{w.bad}", "{w.gone}"])
def test_a_fact_that_cannot_be_written_is_the_reason_why_there_is_no_fix(value: str) -> None:
    """Quotes and line ends stand in no manifest, and what is unknown is not guessed."""
    creation = (f"a: {value}\n", None, (), (), (), ())
    program = program_of(((), (((), False, (creation,), (), False, (), ()),)))
    plan = marshal.loads(plan_of(program, 0, "0|/a|", lambda path: walk(FACTS, path)))
    assert "because" in plan
