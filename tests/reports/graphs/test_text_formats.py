"""The drawing as text, Mermaid and DOT: readable, parsable, and safe whatever names hold."""

from __future__ import annotations

import re

import pytest

from meshlint.reports.graphs.dot import quoted
from meshlint.reports.graphs.drawing import Drawing
from meshlint.reports.graphs.formats import Setting, rendered
from meshlint.reports.graphs.mermaid import escaped
from meshlint.reports.graphs.verdicts import VERDICTS
from tests.reports.graphs.drawings import ROOT, drawing, drawing_of, node
from tests.reports.graphs.test_page import HOSTILE

_DOT_STRING = r'"(?:[^"\\]|\\.)*"'
_DOT_LINE = re.compile(
    rf"(digraph {_DOT_STRING} {{|  rankdir=LR;|  (node|edge) \[.*\];|  subgraph cluster_\d+ {{|    label={_DOT_STRING};"
    rf"|    n\d+ \[label={_DOT_STRING}, shape=\w+(, style=\w+)?\];|  }}|}}"
    rf'|  n\d+ -> n\d+ \[label={_DOT_STRING}(, \w+=("[^"]*"|\w+))+\];)'
)
_MERMAID_LINE = re.compile(
    r'(flowchart LR|  subgraph g\d+\["[^"]*"\]|    n\d+[\[({]+"[^"]*"[\])}]+|  end|  n\d+ -->\|"[^"]*"\| n\d+'
    r"|  linkStyle [\d,]+ [a-z-]+:[^;]+)"
)


@pytest.fixture(scope="module")
def sidecar() -> Drawing:
    """Draw the fixture mesh of sidecars."""
    return drawing_of(ROOT / "fixtures" / "meshes" / "sidecar")


@pytest.fixture(scope="module")
def hostile() -> Drawing:
    """Draw names that mean something to each format."""
    nodes = [node(name, name) for name in (*HOSTILE, 'a"]\nb --> c', "x\\", "`md`", "end")]
    return drawing(nodes, [(number, (number + 1) % len(nodes)) for number in range(len(nodes))], VERDICTS)


def test_in_a_pipe_a_call_is_a_line() -> None:
    """Who calls whom on which port, the verdict, and why; aligned, and without colours."""
    text = rendered("text", drawing_of(ROOT / "fixtures" / "hms" / "before"), Setting())
    assert text.splitlines()[:3] == [
        "hms",
        "  passport-svc -> voting-svc:80              plain text  the client has no proxy, because namespace hms has no"
        " data-plane label",
        "  tricare-svc -> legacy/benefits-cobol:3270  plain text  Deployment legacy/benefits-cobol has no proxy,"
        " because namespace legacy has no data-plane label",
    ]
    assert text.splitlines()[-1] == "4 services, 6 links: 2 plain text, 4 mTLS"


def test_on_a_terminal_nothing_is_wider_than_it(sidecar: Drawing) -> None:
    """Reasons break at the width and stand below their call."""
    lines = rendered("text", sidecar, Setting(width=80)).splitlines()
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("      ") for line in lines)


def test_colours_are_asked_for(sidecar: Drawing) -> None:
    """None in a pipe, some on a terminal that shows them."""
    assert "\x1b" not in rendered("text", sidecar, Setting(width=80))
    assert "\x1b[" in rendered("text", sidecar, Setting(width=80, coloured=True))


def test_control_characters_never_reach_the_terminal(hostile: Drawing) -> None:
    """Names of manifests cannot paint the screen or break a line."""
    text = rendered("text", hostile, Setting())
    assert "\x1b" not in text and "\x00" not in text and "\u2028" not in text


@pytest.mark.parametrize("name", ["sidecar", "hostile"])
def test_every_line_of_dot_is_one_of_its_statements(name: str, request: pytest.FixtureRequest) -> None:
    """Strings are closed, braces balance."""
    text = rendered("dot", request.getfixturevalue(name), Setting('a "mesh"'))
    assert [line for line in text.splitlines() if not _DOT_LINE.fullmatch(line)] == []
    bare = re.sub(_DOT_STRING, "", text)
    assert bare.count("{") == bare.count("}") > 0


@pytest.mark.parametrize("name", ["sidecar", "hostile"])
def test_every_line_of_mermaid_is_one_of_its_statements(name: str, request: pytest.FixtureRequest) -> None:
    """Labels are quoted and hold nothing that Mermaid reads; subgraphs are closed."""
    lines = rendered("mermaid", request.getfixturevalue(name), Setting()).splitlines()
    assert [line for line in lines if not _MERMAID_LINE.fullmatch(line)] == []
    assert sum(line.startswith("  subgraph") for line in lines) == lines.count("  end")


def test_mermaid_styles_every_line_once(sidecar: Drawing) -> None:
    """`linkStyle` counts lines from 0 in the order in which they stand."""
    text = rendered("mermaid", sidecar, Setting())
    styled = [int(n) for row in re.findall(r"linkStyle ([\d,]+)", text) for n in row.split(",")]
    assert sorted(styled) == list(range(text.count(" -->|")))


def test_entities_of_mermaid() -> None:
    """Numbers of characters between `#` and `;`."""
    assert escaped('a"<b>`;#') == "a#34;#60;b#62;#96;#59;#35;"
    assert escaped("über-svc.example:80/x") == "über-svc.example:80/x"


def test_strings_of_dot() -> None:
    """A backslash begins no escape of Graphviz."""
    assert quoted('a\\nb"c') == '"a\\\\nb\\"c"'


@pytest.mark.parametrize("form", ["text", "json", "mermaid", "dot"])
def test_formats_are_deterministic_and_end_with_a_line(sidecar: Drawing, form: str) -> None:
    """The same bytes for the same drawing."""
    again = drawing_of(ROOT / "fixtures" / "meshes" / "sidecar")
    assert rendered(form, sidecar, Setting()) == rendered(form, again, Setting())
    assert rendered(form, sidecar, Setting()).endswith("\n")
