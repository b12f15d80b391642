"""The page, read as text: what it allows, what it loads, what hostile names become, how large it is."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from meshlint.reports.graphs import html
from meshlint.reports.graphs.drawing import Drawing
from meshlint.reports.graphs.formats import Setting, rendered
from meshlint.reports.graphs.verdicts import VERDICTS
from tests.reports.graphs.drawings import ROOT, drawing, drawing_of, link, node

HOSTILE = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "'-alert(1)-'",
    "<!--<script>",
    "]]>&amp;&#x3c;",
    "a\u2028b\x00c\x1b[31m",
)


def page_of(made: Drawing, title: str = "a mesh") -> str:
    """Return the page of a drawing."""
    return rendered("html", made, Setting(title))


def svg_in(page: str) -> ElementTree.Element:
    """Parse the SVG of a page as XML."""
    found = re.search(r'<svg id="map".*?\n</svg>', page, re.DOTALL)
    assert found is not None
    return ElementTree.fromstring(found[0])


def data_in(page: str) -> dict[str, Any]:
    """Return what the page tells its script."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    value: dict[str, Any] = json.loads(found[1])
    return value


@pytest.fixture(scope="module")
def hostile() -> Drawing:
    """Draw names that mean something to HTML, XML and JavaScript."""
    nodes = [node(name, name) for name in HOSTILE]
    return drawing(nodes, [(number, (number + 1) % len(nodes)) for number in range(len(nodes))], VERDICTS)


@pytest.mark.parametrize("path", ["hms/before", "hms/after", "meshes/sidecar", "meshes/ambient"])
def test_the_svg_is_well_formed(path: str) -> None:
    """It parses as XML, and holds each node and line once."""
    page = page_of(drawing_of(ROOT / "fixtures" / path))
    ids = [element.get("id") for element in svg_in(page).iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    data = data_in(page)
    drawn = [number for number, row in enumerate(data["nodes"]) if data["text"][row[0]] != "mesh"]
    assert {f"n{number}" for number in drawn} <= set(ids)
    assert {f"e{number}" for number in range(len(data["lines"]))} <= set(ids)


def test_only_the_script_and_the_style_of_the_page_may_run() -> None:
    """The policy names them by their hashes, allows nothing else, and stands before everything that it governs."""
    page = page_of(drawing_of(ROOT / "fixtures" / "hms" / "after"))
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    assert policy.start() < page.index("<style>") < page.index("<script>")
    for kind, tag in (("style", "style"), ("script", "script")):
        text = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert text is not None
        digest = base64.b64encode(hashlib.sha256(text[1].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy[1]
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1] and "*" not in policy[1]


def test_the_page_loads_nothing(hostile: Drawing) -> None:
    """No address but the name of the SVG namespace; no element or attribute that loads; no style in an attribute."""
    for page in (page_of(drawing_of(ROOT / "fixtures" / "meshes" / "sidecar")), page_of(hostile)):
        without_data = re.sub(r'<script type="application/json".*?</script>', "", page, flags=re.DOTALL)
        assert set(re.findall(r"https?://[^\s\"'<]*", without_data)) == {"http://www.w3.org/2000/svg"}
        tags = {tag.lower() for tag in re.findall(r"<([A-Za-z]+)", without_data)}
        assert not tags & {"link", "img", "iframe", "object", "embed", "base", "image", "use", "a", "form"}
        assert not re.search(r"<[^>]*\s(src|href|style|on[a-z]+)\s*=", without_data)
        assert "@import" not in page and "url(http" not in page


def test_hostile_names_stay_text(hostile: Drawing) -> None:
    """They are shown as they are, end no element and begin none."""
    page = page_of(hostile, HOSTILE[0])
    assert page.count("<script") == page.count("</script>") == 2
    assert "<img" not in page
    data = data_in(page)
    assert HOSTILE[0] in data["text"]
    assert "\u2028" not in page and "\x00" not in page and "\x1b" not in page
    shown = {element.text for element in svg_in(page).iter() if (element.text or "").strip()}
    assert "javascript:alert(1)" in shown


def test_the_same_drawing_makes_the_same_page(tmp_path: Path) -> None:
    """Byte by byte, whatever the order of hashing."""
    made = drawing_of(ROOT / "fixtures" / "meshes" / "sidecar")
    assert page_of(made) == page_of(drawing_of(ROOT / "fixtures" / "meshes" / "sidecar"))
    assert "\n" in page_of(made)


def test_sixty_services_fit_into_fifty_kilobytes(tmp_path: Path) -> None:
    """With their calls, reasons and places."""
    made = tiered(tmp_path, 60)
    assert sum(1 for item in made.nodes if item.kind == "service") == 60
    assert len(made.links) > 90
    assert len(page_of(made).encode()) < 50_000


def tiered(folder: Path, services: int) -> Drawing:
    """Draw the mesh that the benchmarks draw."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        import meshes
    finally:
        sys.path.pop(0)
    meshes.tiered(str(folder), services)
    return drawing_of(folder, root=folder)


def test_verdicts_are_told_by_more_than_colour() -> None:
    """Every verdict has strokes of its own, and its word stands at the line and in the legend."""
    nodes = [node(f"s{number}") for number in range(7)]
    page = page_of(drawing(nodes, [(0, number + 1) for number in range(6)], VERDICTS))
    words = {element.text for element in svg_in(page).iter("{http://www.w3.org/2000/svg}text")}
    assert {"80 broken", "80 plain text", "80 mixed", "80 unknown", "80 TLS", "80 mTLS"} <= words
    style = html._asset("page.css")
    dashes = re.findall(r"^\.(\w+) path,line\.\w+\{stroke-dasharray:([\d ]+)\}", style, re.MULTILINE)
    assert {verdict for verdict, _ in dashes} == {"broken", "plaintext", "mixed", "unknown"}
    assert len({dash for _, dash in dashes}) == 4


def test_a_line_shows_the_gravest_of_its_calls() -> None:
    """One call in plain text among encrypted ones is what is seen."""
    web, cart = node("web"), node("cart")
    made = Drawing((web, cart), (link(web, cart, "mtls"), link(web, cart, "plaintext", "the client says DISABLE")))
    page = page_of(made)
    assert [row[2] for row in data_in(page)["lines"]] == [VERDICTS.index("plaintext")]
    assert 'class="e plaintext"' in page


def test_an_empty_drawing_is_a_page() -> None:
    """Nothing to see is no failure."""
    assert svg_in(page_of(Drawing((), ()))).get("id") == "map"
