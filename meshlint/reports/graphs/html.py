"""The page: one file with the picture, what the panel tells, a style sheet and a script. It loads nothing.

In: a drawing. Out: HTML. A policy in the page allows exactly this style sheet and this script, by their hashes; names
of manifests stand in it as escaped text and as JSON without any sign that could end the element.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections import Counter
from typing import Any

from meshlint import __version__
from meshlint.reports.graphs.drawing import Drawing
from meshlint.reports.graphs.formats import Setting
from meshlint.reports.graphs.layout import laid_out
from meshlint.reports.graphs.page_data import page_data
from meshlint.reports.graphs.picture import picture
from meshlint.reports.graphs.svg import escaped, svg_of
from meshlint.reports.graphs.verdicts import VERDICTS, WORDS

_QUOTES = ('"', "`")
_LITERAL = re.compile(r'("(?:[^"\\]|\\.)*"|`[^`]*`)')
_ROOM = re.compile(r"\s*([=+*/<>?:,;(){}&|])\s*")
_FOLDER = os.path.join(os.path.dirname(__file__), "page")


def render(drawing: Drawing, setting: Setting) -> str:
    """Return the page."""
    shown = picture(drawing)
    scene = laid_out(shown)
    style = _asset("page.css")
    script = _asset("page.js") + (_asset("fold.js") if scene.folded else "")
    services = sum(1 for node in shown.nodes if node.kind == "service")
    title = escaped(setting.title)
    counts = Counter(line.verdict for line in shown.lines)
    keys = "".join(_key(verdict, counts[verdict]) for verdict in VERDICTS if counts[verdict])
    expected = sum(1 for line in shown.lines if line.is_expected)
    keys += _key("may", expected) if expected else ""
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">
<meta name="viewport" content="width=device-width">
<meta name="generator" content="meshlint {__version__}">
<title>{title} · meshlint graph</title>
<style>{style}</style>
<body>
<header>
<h1>{title}<small>{services} services, {len(shown.lines)} calls</small></h1>
<div id="keys" role="group" aria-label="Show calls by verdict">{keys}</div>
<div class="tools"><span id="found" role="status"></span>
<input id="find" type="search" placeholder="Search ( / )" aria-label="Search services" spellcheck="false">
<button id="out" aria-label="Zoom out">−</button><button id="in" aria-label="Zoom in">+</button>
<button id="fit">Fit</button></div>
</header>
<main>
<div id="view" tabindex="0" role="region" aria-label="Map">
{svg_of(scene, shown, setting.title)}
</div>
<aside id="panel" aria-label="Details" hidden></aside>
</main>
<script type="application/json" id="data">{_json(page_data(shown, scene))}</script>
<script>{script}</script>
</body>
</html>
"""


def _key(verdict: str, count: int) -> str:
    return (
        f'<button aria-pressed="true" data-v="{verdict}"><svg aria-hidden="true" viewBox="0 0 30 8">'
        f'<line class="{verdict}" x2="30" y1="4" y2="4"/></svg>{WORDS.get(verdict, "only expected")} <b>{count}</b>'
        "</button>"
    )


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; "
        "form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _asset(name: str) -> str:
    """Return a file of the page without the comments and the room that only its writers need."""
    with open(os.path.join(_FOLDER, name), encoding="utf-8") as stream:
        lines = [line.strip() for line in stream]
    text = "\n".join(line for line in lines if line and not line.startswith("//"))
    if not name.endswith(".js"):
        return text
    return "".join(part if part[:1] in _QUOTES else _ROOM.sub(r"\1", part) for part in _LITERAL.split(text))


def _json(value: Any) -> str:
    import json

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
