"""The page in a real browser: it obeys its own policy, can be worked by keyboard, and tells what it knows.

Skipped where there is no Chromium; MESHLINT_BROWSER names one that stands elsewhere. No network is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from meshlint.reports.graphs.drawing import Drawing
from meshlint.reports.graphs.formats import Setting, rendered
from meshlint.reports.graphs.verdicts import VERDICTS
from tests.reports.graphs.browser import Browser, find_browser
from tests.reports.graphs.drawings import ROOT, drawing, drawing_of, node
from tests.reports.graphs.test_page import HOSTILE

PROGRAM = find_browser()
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium is installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Run one browser for all tests."""
    assert PROGRAM is not None
    with Browser(PROGRAM) as running:
        yield running


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of the agency's mesh."""
    return written(tmp_path_factory.mktemp("page"), drawing_of(ROOT / "fixtures" / "hms" / "after"))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a page whose namespaces are folded: two hundred services in ten of them, in a chain."""
    nodes = [node(f"service-{number}", f"space-{number // 20}") for number in range(200)]
    calls = [(number, number + 1) for number in range(199)]
    return written(tmp_path_factory.mktemp("large"), drawing(nodes, calls, VERDICTS))


def written(folder: Path, made: Drawing) -> Path:
    """Write the page of a drawing."""
    path = folder / "page.html"
    path.write_text(rendered("html", made, Setting("a mesh")), encoding="utf-8")
    return path


def panel(browser: Browser) -> str:
    """Return what the panel says; nothing when it is closed."""
    shown: str = browser.value(
        "document.getElementById('panel').hidden ? '' : document.getElementById('panel').innerText"
    )
    return shown


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_page_runs_without_complaint_and_loads_nothing(browser: Browser, after: Path, dark: bool) -> None:
    """The policy lets its own style and script through; nothing but the file itself is asked for."""
    browser.open(after, dark=dark)
    assert browser.value("getComputedStyle(document.getElementById('n1')).cursor") == "pointer"
    assert browser.complaints() == []
    assert browser.requests() == [after.resolve().as_uri()]


def test_light_and_dark_follow_the_reader(browser: Browser, after: Path) -> None:
    """The background is light or dark as the system asks."""
    told = []
    for dark in (False, True):
        browser.open(after, dark=dark)
        told.append(browser.value("getComputedStyle(document.body).backgroundColor"))
    light, night = (sum(map(int, colour[4:-1].split(","))) for colour in told)
    assert light > 600 and night < 120


def test_a_call_tells_why_and_where(browser: Browser, after: Path) -> None:
    """Enter on a line opens the panel with reason, evidence and who decided."""
    browser.open(after)
    browser.value("document.querySelector('.e.plaintext').focus()")
    browser.press("Enter")
    told = panel(browser)
    assert "hms/benefits-adapter → legacy/benefits-cobol" in told
    assert "plain text" in told
    assert "because Deployment legacy/benefits-cobol has no proxy" in told
    assert "apps/benefits-adapter/deployment.yaml:33:18" in told


def test_escape_closes_and_gives_the_focus_back(browser: Browser, after: Path) -> None:
    """Whoever came by keyboard goes on where they were."""
    browser.open(after)
    browser.value("document.getElementById('n1').focus()")
    browser.press("Enter")
    assert panel(browser)
    browser.press("Escape")
    assert panel(browser) == ""
    assert browser.value("document.activeElement.id") == "n1"


def test_tab_reaches_every_node_and_line(browser: Browser, after: Path) -> None:
    """All of them are buttons with a name."""
    browser.open(after)
    parts = browser.value("document.querySelectorAll('.n,.e').length")
    reached = set()
    for _ in range(parts + 12):
        browser.press("Tab")
        reached.add(browser.value("document.activeElement.closest('.n,.e') ? document.activeElement.id : ''"))
    assert len(reached - {""}) == parts
    names = "[...document.querySelectorAll('.n,.e')].every(e => e.getAttribute('aria-label').length > 5)"
    assert browser.value(names) is True


def test_a_click_opens_a_service_and_its_callers_lead_on(browser: Browser, after: Path) -> None:
    """The panel of a service lists who calls it; a caller opens the call."""
    browser.open(after)
    browser.click(
        "[...document.querySelectorAll('.n')].find(e => e.textContent.includes('tricare-svc')).querySelector('rect')"
    )
    assert "tricare-svc" in panel(browser) and "Is called by" in panel(browser)
    browser.click("[...document.querySelectorAll('#panel li button')].find(b => b.textContent.includes('voting-svc'))")
    assert "hms/voting-svc → hms/tricare-svc" in panel(browser)


def test_the_panel_follows_from_a_click_on_a_thin_line(browser: Browser, after: Path) -> None:
    """A line is as wide for the pointer as a finger needs, also beside its stroke."""
    browser.open(after)
    point = browser.value(
        "(p => { const q = p.getPointAtLength(p.getTotalLength() / 2), m = p.getScreenCTM();"
        " return [q.x * m.a + m.e, q.y * m.d + m.f]; })(document.querySelector('.e.plaintext path'))"
    )
    for kind in ("mousePressed", "mouseReleased"):
        browser.call("Input.dispatchMouseEvent", type=kind, x=point[0], y=point[1] + 3, button="left", clickCount=1)
    assert "→" in panel(browser)


def test_search_marks_and_opens(browser: Browser, after: Path) -> None:
    """`/` goes to the search, a word marks what bears it, Enter opens it."""
    browser.open(after)
    browser.press("/")
    assert browser.value("document.activeElement.id") == "find"
    for letter in "cobol":
        browser.press(letter)
    assert browser.value("document.getElementById('found').textContent") == "1 found"
    assert browser.value("document.querySelector('.hit').textContent").startswith("service legacy/benefits-cobol")
    browser.press("Enter")
    assert "benefits-cobol" in panel(browser)


def test_a_verdict_can_be_hidden(browser: Browser, after: Path) -> None:
    """The legend is a filter."""
    browser.open(after)
    visible = "[...document.querySelectorAll('.e.mtls')].filter(e => e.getBoundingClientRect().width).length"
    assert browser.value(visible) == 7
    browser.click("document.querySelector('#keys [data-v=mtls]')")
    assert browser.value(visible) == 0
    assert browser.value("document.querySelector('#keys [data-v=mtls]').getAttribute('aria-pressed')") == "false"
    browser.click("document.querySelector('#keys [data-v=mtls]')")
    assert browser.value(visible) == 7
    browser.click("document.querySelector('#keys [data-v=may]')")
    assert browser.value(visible) == 6


def test_namespaces_unfold_and_fold_by_keyboard(browser: Browser, large: Path) -> None:
    """Enter on a closed namespace shows its services and draws the lines anew; Enter on its heading closes it."""
    browser.open(large)
    services = "[...document.querySelectorAll('.n')].filter(e => e.getBoundingClientRect().width).length"
    assert browser.value(services) == 0
    lines = browser.value("document.querySelectorAll('.e').length")
    browser.value("document.querySelector('#g3 .closed').focus()")
    browser.press("Enter")
    assert browser.value(services) == 20
    assert browser.value("document.querySelectorAll('.e').length") == lines + 19
    assert browser.value("document.activeElement.getAttribute('aria-expanded')") == "true"
    browser.press("Enter")
    assert browser.value(services) == 0
    assert browser.value("document.querySelectorAll('.e').length") == lines
    assert browser.complaints() == []


def test_nothing_overlaps_once_everything_is_unfolded(browser: Browser, large: Path) -> None:
    """Open namespaces push each other apart."""
    browser.open(large)
    browser.value("[...document.querySelectorAll('button')].find(b => b.textContent === 'Unfold all').click()")
    boxes = browser.value(
        "[...document.querySelectorAll('.g')].map(g => g.querySelector('.open .f').getBoundingClientRect())"
        ".map(r => [r.left, r.top, r.right, r.bottom])"
    )
    for position, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[:position]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
    assert browser.value("document.querySelectorAll('.e').length") == 199


def test_search_opens_what_is_folded(browser: Browser, large: Path) -> None:
    """A service is found in a closed namespace, which unfolds."""
    browser.open(large)
    browser.press("/")
    for letter in "service-77":
        browser.press(letter)
    browser.press("Enter")
    assert "service-77" in panel(browser)
    assert browser.value("document.getElementById('n' + document.querySelector('.on').id.slice(1))") is not None
    assert browser.value("document.querySelector('.on').getBoundingClientRect().width") > 0


def test_hostile_names_run_nothing(browser: Browser, tmp_path: Path) -> None:
    """Whatever manifests are called, no dialogue opens, nothing is loaded, and the names can be read."""
    nodes = [node(name, name) for name in HOSTILE]
    path = written(tmp_path, drawing(nodes, [(n, (n + 1) % len(nodes)) for n in range(len(nodes))], VERDICTS))
    browser.open(path)
    browser.value("for (const e of document.querySelectorAll('.n,.e')) e.dispatchEvent(new MouseEvent('click'))")
    assert browser.complaints() == []
    assert browser.requests() == [path.resolve().as_uri()]
    assert browser.value("document.scripts.length") == 2
    assert "alert(1)" in panel(browser)


def test_motion_is_reduced_for_those_who_ask(browser: Browser, after: Path) -> None:
    """Without the wish there is a short fade, with it none."""
    browser.open(after)
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
    assert browser.value("getComputedStyle(document.querySelector('.n')).transitionDuration") == "0s"
