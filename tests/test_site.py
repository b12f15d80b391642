"""The documentation site builds strictly, loads nothing from elsewhere, and has a page for every rule."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html

from meshlint.cache import Cache, default_folder
from meshlint.policy.catalogue import load_builtin

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site once, in a process of its own: its tools warn of things that are not ours."""
    folder = tmp_path_factory.mktemp("site")
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def assets(site: Path) -> Iterator[tuple[Path, str]]:
    """Yield every address that pages and style sheets load by themselves; a link that a reader follows is none."""
    for page in site.rglob("*.html"):
        found = html.parse(str(page)).xpath("//@src | //@srcset | //@poster | //object/@data | //link/@href")
        yield from ((page, str(address)) for address in found)
    for sheet in site.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        yield from ((sheet, address) for address in re.findall(r"(?:url\(|@import )[\"']?([^\"')]+)", text))


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    """No font, script, picture or style sheet comes over the network."""
    found = list(assets(site))
    assert len(found) > 100
    assert [(page.name, url) for page, url in found if re.match(r"(?:[a-z]+:)?//", url)] == []


def test_no_page_needs_what_the_theme_would_fetch(site: Path) -> None:
    """The theme fetches a program for diagrams as soon as a page holds one."""
    assert [page.name for page in site.rglob("*.html") if 'class="mermaid"' in page.read_text(encoding="utf-8")] == []


def test_every_rule_has_a_page_that_an_index_leads_to(site: Path) -> None:
    """The pages are made from the rule files that are there."""
    index = (site / "rules" / "index.html").read_text(encoding="utf-8")
    for rule in load_builtin(Cache(default_folder())).rules:
        page = f"{rule.family}/{rule.name}.html"
        assert f'href="{page}"' in index
        assert rule.id in (site / "rules" / page).read_text(encoding="utf-8")


def test_nothing_is_left_to_insert(site: Path) -> None:
    """Every mark for a part that the program writes was replaced."""
    assert [page.name for page in site.rglob("*.html") if "insert:" in page.read_text(encoding="utf-8")] == []
