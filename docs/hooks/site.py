"""What mkdocs asks while it builds: pages that no file holds, and parts of pages that come from the program.

In: mkdocs' configuration and the pages under docs/. Out: generated pages, and what stands in the place of
`<!-- insert: NAME -->`. It writes no file of the repository.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from commands import command_pages
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from rule_indexes import by_control, by_family, by_peer, by_profile, family_pages
from rule_pages import Manual, rule_page
from settings import action_inputs, configuration_keys
from words import fix_keys, rule_keys, vocabulary

ROOT = Path(__file__).parents[2]
_INSERT = re.compile(r"<!-- insert: ([a-z-]+) -->")


def _manual() -> Manual:
    return Manual.load(ROOT)


def _parts(manual: Manual) -> dict[str, Callable[[], str]]:
    """Name what pages may insert."""
    return {
        "rules-by-family": lambda: by_family(manual),
        "rules-by-profile": lambda: by_profile(manual),
        "rules-by-control": lambda: by_control(manual),
        "rules-by-peer": lambda: by_peer(manual),
        "rule-count": lambda: str(len(manual.rules)),
        "commands": command_pages,
        "configuration-keys": lambda: configuration_keys(ROOT / "fixtures" / "config" / "complete.yaml"),
        "rule-keys": rule_keys,
        "fix-keys": fix_keys,
        "vocabulary": vocabulary,
        "action-inputs": lambda: action_inputs(ROOT / "action.yml"),
        "changelog": lambda: _body(ROOT / "CHANGELOG.md"),
        "security": lambda: _body(ROOT / "SECURITY.md"),
    }


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add a page for every rule and every family."""
    manual = _manual()
    pages = {f"rules/{rule.family}/{rule.name}.md": rule_page(manual, rule) for rule in manual.rules}
    for path, text in {**pages, **family_pages(manual)}.items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Fill in what a page inserts."""
    if "<!-- insert:" not in markdown:
        return markdown
    parts = _parts(_manual())

    def filled(match: re.Match[str]) -> str:
        if match[1] not in parts:
            raise PluginError(f"{page.file.src_uri}: there is nothing to insert that is called `{match[1]}`")
        return parts[match[1]]()

    return _INSERT.sub(filled, markdown)


def _body(path: Path) -> str:
    """Return a document without its title."""
    return path.read_text(encoding="utf-8").partition("\n")[2].strip()
