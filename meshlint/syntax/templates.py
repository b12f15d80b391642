"""Recognise sources of templates, which are no manifests before somebody renders them.

In: text, and what reading it gave. Out: the language, or None. A wrong "yes" makes a file silently green and a wrong
"no" makes noise, so braces inside quoted text of another tool (Prometheus, Argo) are no template: only what breaks the
YAML, stands where structure stands, or calls Helm's own objects is one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from meshlint.syntax.document import Document, Problem

_HELM = re.compile(r"\{\{-?\s*(?:[A-Za-z]+\s+)*[(\s]*[$.]*\.?(?:Values|Release|Chart|Capabilities|Files|Template)\b")
_HELM_BYTES = re.compile(_HELM.pattern.encode())
_HELM_WORDS = re.compile(rb"\{\{-?\s*(?:include|template|define|toYaml|tpl|if|range|with|end|else)\b")
_YTT = re.compile(rb"(?m)^[ \t]*#@")
_JINJA = re.compile(rb"\{%[-+]?\s*\w+")


def template_language(text: bytes, documents: Sequence[Document], problems: Sequence[Problem]) -> str | None:
    """Return helm, gomplate, jinja, ytt or variables for an unrendered template."""
    broken = any(problem.code in ("syntax", "bad-key") for problem in problems)
    if b"{{" in text:
        if broken:
            is_helm = _HELM_BYTES.search(text) or _HELM_WORDS.search(text)
            return "helm" if is_helm else "gomplate"
        if _calls_helm(text):
            return "helm"
    if broken and _JINJA.search(text):
        return "jinja"
    if b"#@" in text and _YTT.search(text):
        return "ytt"
    if b"${" in text and any(_identity_is_variable(document.value) for document in documents):
        return "variables"
    return None


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


def _identity_is_variable(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    metadata = value.get("metadata")
    names = [value.get("kind"), value.get("apiVersion")]
    if isinstance(metadata, dict):
        names += [metadata.get("name"), metadata.get("namespace")]
    return any(isinstance(name, str) and "${" in name for name in names)
