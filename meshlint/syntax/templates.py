"""Recognise sources of templates, which are no manifests before somebody renders them.

In: text, and what reading it gave. Out: the language, or None. A wrong "yes" makes a file silently green and a wrong
"no" makes noise, so braces inside quoted text of another tool (Prometheus, Argo) are no template: only what breaks the
YAML, stands where structure stands, or calls Helm's own objects is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from meshlint.syntax.document import Document, Problem

_HELM = re.compile(r"\{\{-?(?:[^{}]*[\s(])?\$?\.(?:Values|Release|Chart|Capabilities|Files|Template)\b")
_HELM_BYTES = re.compile(_HELM.pattern.encode())
_HELM_WORDS = re.compile(rb"\{\{-?\s*(?:include|template|define|toYaml|tpl|if|range|with|end|else)\b")
_BRACES = re.compile(rb"^[ \t]*(?:-[ \t]+)*(?:\{\{|[^\"'#\n]*[:\[,][ \t]*\{\{)")
"""Braces at the start of a line, value or element: text that is YAML never has them there."""
_JINJA_NAME = re.compile(rb"\{\{-?\s*[A-Za-z_]\w*(?:\.\w+)*\s*(?:\||\}\})")
_JINJA = re.compile(rb"\{%[-+]?\s*\w+")
_YTT = re.compile(
    rb"^[ \t]*#@(?:overlay|data|schema|library|template|yaml|text|assert)/"
    rb"|^[ \t]*#@[ \t]+(?:load\(|def[ \t]|if[ \t/]|for[ \t/]|elif[ \t]|else:|end\b|[A-Za-z_]\w*[ \t]*=)"
    rb"|(?::|-)[ \t]+#@[ \t]+\S"
)
_BLOCK = re.compile(rb"^([ \t]*)((?:-[ \t]+)*)([^#\n]*:[ \t]+)?(?:[!&]\S+[ \t]+)*[|>][-+0-9]{0,2}[ \t]*(?:#.*)?\r?$")
_PLACEHOLDERS = ("$", "#{", "{{")


def template_language(text: bytes, documents: Sequence[Document], problems: Sequence[Problem]) -> str | None:
    """Return helm, gomplate, jinja, ytt or variables for an unrendered template."""
    broken = [problem for problem in problems if problem.code in ("syntax", "bad-key")]
    if b"{{" in text:
        language = _broken_by_braces(text, broken) if broken else None
        if language is not None:
            return language
        if not broken and _calls_helm(text):
            return "helm"
    if broken and _JINJA.search(text) and any(_JINJA.search(line) for _, line in _structure(text)):
        return "jinja"
    if b"#@" in text and any(_YTT.search(line) for _, line in _structure(text)):
        return "ytt"
    return next((told for document in documents if (told := _placeholder(document.value)) is not None), None)


def _broken_by_braces(text: bytes, problems: Sequence[Problem]) -> str | None:
    """Name the language whose braces break the text; braces in quoted texts beside a common mistake do not."""
    wrong = {problem.start.line for problem in problems}
    lines = [
        (number, line) for number, line in _structure(text) if b"{{" in line and not line.lstrip().startswith(b"#")
    ]
    if not any(number in wrong or _BRACES.search(line) or _HELM_BYTES.search(line) for number, line in lines):
        return None
    if any(_HELM_BYTES.search(line) or _HELM_WORDS.search(line) for _, line in lines):
        return "helm"
    return _unnamed(b"\n".join(line for _, line in lines))


def _unnamed(text: bytes) -> str:
    return "jinja" if _JINJA.search(text) or _JINJA_NAME.search(text) else "gomplate"


def _structure(text: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield number and text of the lines outside block scalars, told by their indentation: the text may be no YAML."""
    inside = -1
    for number, line in enumerate(text.split(b"\n"), start=1):
        stripped = line.lstrip(b" ")
        if inside >= 0 and (not stripped.strip() or len(line) - len(stripped) > inside):
            continue
        inside = -1
        yield number, line
        block = _BLOCK.match(line) if b"|" in line or b">" in line else None
        if block is not None:
            dashes = len(block[2]) if block[3] else max(len(block[2].rstrip()) - 1, 0)
            inside = len(block[1]) + dashes if block[2] or block[3] else -1


def _calls_helm(text: bytes) -> bool:
    """Tell whether a plain or quoted scalar calls an object of Helm; block scalars carry other people's templates."""
    if not _HELM_BYTES.search(text):
        return False
    from yaml.events import ScalarEvent, StreamEndEvent  # with the parser: only for texts that may be templates

    from meshlint.syntax.events import YAMLError, event_source

    next_event = event_source(text)
    try:
        while True:
            event = next_event()
            if event is None or type(event) is StreamEndEvent:
                return False
            if type(event) is ScalarEvent and event.style not in ("|", ">") and _HELM.search(event.value):
                return True
    except YAMLError:
        return True


def _placeholder(value: Any) -> str | None:
    """Name the language of a placeholder where an object says who it is; no name of Kubernetes looks like one."""
    if not isinstance(value, dict):
        return None
    metadata = value.get("metadata")
    names = [value.get("kind"), value.get("apiVersion")]
    if isinstance(metadata, dict):
        names += [metadata.get("name"), metadata.get("namespace")]
    for name in names:
        if isinstance(name, str) and any(sign in name for sign in _PLACEHOLDERS):
            return _unnamed(name.encode("utf-8", "replace")) if "{{" in name else "variables"
    return None
