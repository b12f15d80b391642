"""One file's bytes become the facts worth keeping; the text is dropped.

In: bytes and the path they came from. Out: `FileFacts`, plain tuples that cross process borders and lie in the cache:
a record for every object, the problems of the syntax, the comments addressed to meshlint. It never raises: what is
wrong with a document is a problem with a position, and its neighbours are still taken.
"""

from __future__ import annotations

import marshal
import re
from collections.abc import Sequence
from typing import Any

from meshlint.cache import digest as digest_of
from meshlint.records import NamedTuple
from meshlint.resources.digest import digest, mapping, strings, text
from meshlint.resources.envoy import envoy_shape
from meshlint.resources.kinds import ENVOY_BOOTSTRAP, ISTIO_GROUPS, KUSTOMIZE_GROUP, is_cluster_scoped, qualified
from meshlint.resources.resource import Record
from meshlint.resources.twins import twins
from meshlint.syntax.document import Directive, Document, Problem
from meshlint.syntax.stream import read_stream

FACTS_VERSION = 4
"""Part of every cache key: raise it when a record changes its shape or its meaning."""

_MAX_LIST_DEPTH = 4
_KUSTOMIZATION_FILES = ("kustomization.yaml", "kustomization.yml", "Kustomization")


PlainProblem = tuple[str, str, tuple[int, int], tuple[int, int], int]
"""Code, message, first line and column, last line and column, document."""


class FileFacts(NamedTuple):
    """Hold what one file says; every member is plain data. `foreign` counts documents that are not ours."""

    records: list[Record]
    problems: list[PlainProblem]
    directives: list[tuple[int, int, int, str, int, bool]]
    headers: list[tuple[int, int, int, str]]  # document, first line, last line, "# Source:" path
    template: str
    documents: int
    foreign: int
    manifest: bool
    unrendered: Sequence[str] = ()  # kinds that a template makes when somebody renders it


def take_facts(data: bytes, path: str) -> FileFacts:
    """Parse one file and keep its facts; `path` tells a kustomization by its name."""
    stream = read_stream(data)
    language = stream.template or next(filter(None, (_variables_of(d.value) for d in stream.documents)), "")
    if language:
        kinds = sorted({match[1].decode("ascii") for match in _KIND.finditer(data)})
        return FileFacts([], [], [], [], language, 0, 0, stream.looks_like_manifest, kinds)
    basename = path.rsplit("/", 1)[-1]
    records: list[Record] = []
    problems = [_plain_problem(problem) for problem in stream.problems]
    foreign = 0
    for document in stream.documents:
        taken = _records_of(document, basename)
        if taken:
            records.extend(taken)
            problems.extend(_both_spellings(document, data, taken))
        elif document.intact and document.value is not None:
            foreign += 1
            if problem := _half_header(document):
                problems.append(problem)
    return FileFacts(
        records,
        problems,
        [_plain_directive(directive) for directive in stream.directives],
        [(d.number, d.start.line, d.end.line, d.source or "") for d in stream.documents],
        "",
        len(stream.documents),
        foreign,
        stream.looks_like_manifest,
    )


_KIND = re.compile(rb"(?m)^[ \t-]*kind:[ \t]*[\"']?([A-Za-z]{1,63})\b")
_VARIABLES = {
    "variables": re.compile(r"\$\{[A-Za-z_]\w*(?:[:=?+-][^{}]*)?\}"),
    "kustomize": re.compile(r"\$\([A-Za-z_]\w*\)"),  # `vars:` of a kustomization
}
_RAW_KINDS = ("EnvoyFilter", "WasmPlugin", "IstioOperator")
"""Kinds that carry text for others, in which such a thing may be meant."""


def _variables_of(value: Any) -> str:
    """Name what mesh policy waits for (envsubst, Flux, kustomize): what it says is known only afterwards."""
    if not isinstance(value, dict) or value.get("kind") in _RAW_KINDS:
        return ""
    if text(value.get("apiVersion")).rpartition("/")[0] not in ISTIO_GROUPS:
        return ""
    waiting = [value.get("spec")]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
        elif isinstance(item, str) and "$" in item:
            for language, variable in _VARIABLES.items():
                if variable.search(item):
                    return language
    return ""


def _plain_problem(problem: Problem) -> PlainProblem:
    start, end = problem.start, problem.end
    return problem.code, problem.message, (start.line, start.column), (end.line, end.column), problem.document


def _plain_directive(directive: Directive) -> tuple[int, int, int, str, int, bool]:
    line, column, end_column, said, document, own_line = directive
    return line, column, end_column, said, document, own_line


def _half_header(document: Document) -> PlainProblem | None:
    """Report an object that lost its apiVersion or its kind: kubectl would refuse it, a linter would pass it by."""
    value = document.value
    if not isinstance(value, dict) or not isinstance(value.get("metadata"), dict):
        return None
    present = [key for key in ("apiVersion", "kind") if isinstance(value.get(key), str) and value[key]]
    if len(present) != 1:
        return None
    absent = "kind" if present[0] == "apiVersion" else "apiVersion"
    message = f"a document with {present[0]} {value[present[0]]} has no {absent}"
    start = (document.start.line, document.start.column)
    return f"no-{absent.lower()}", message, start, start, document.number


def _both_spellings(document: Document, data: bytes, records: list[Record]) -> list[PlainProblem]:
    """Report fields of protobuf kinds that stand in both spellings; their places are looked up in the text."""
    if not any(record[3].rpartition("/")[0] in _PROTOBUF_GROUPS for record in records):
        return []
    found = {pointer: (snake, camel) for pointer, snake, camel in twins(document.value, "")}
    if not found:
        return []
    from meshlint.syntax.locate import locate  # with the parser: only where such fields stand

    spans = locate(data, document.number, list(found))
    rows = [(spans[pointer], names) for pointer, names in found.items()]
    return [
        (
            "both-spellings",
            f"{snake!r} and {camel!r} are two spellings of one field and stand in one mapping",
            (span.start.line, span.start.column),
            (span.end.line, span.end.column),
            document.number,
        )
        for span, (snake, camel) in sorted(rows)
    ]


_PROTOBUF_GROUPS = (*ISTIO_GROUPS, ENVOY_BOOTSTRAP)


def _records_of(document: Document, basename: str) -> list[Record]:
    value = document.value
    line = document.start.line
    if not isinstance(value, dict):
        return []
    if basename in _KUSTOMIZATION_FILES and text(value.get("apiVersion")) in _KUSTOMIZE_VERSIONS:
        return [_record(document, "", line, f"{KUSTOMIZE_GROUP}/v1beta1", "Kustomization", value)]
    if isinstance(value.get("apiVersion"), str) and isinstance(value.get("kind"), str):
        return _objects(document, value, "", line, 0)
    if envoy_shape(value):
        return [_record(document, "", line, f"{ENVOY_BOOTSTRAP}/v3", "Bootstrap", value, basename.rsplit(".", 1)[0])]
    return []


_KUSTOMIZE_VERSIONS = ("", *(f"{KUSTOMIZE_GROUP}/{version}" for version in ("v1beta1", "v1alpha1", "v1")))


def _objects(document: Document, value: dict[str, Any], prefix: str, line: int, depth: int) -> list[Record]:
    kind, api_version = value["kind"], value["apiVersion"]
    items = value.get("items")
    if kind.endswith("List") and isinstance(items, list) and depth < _MAX_LIST_DEPTH:
        found: list[Record] = []
        for position, item in enumerate(items):
            if isinstance(item, dict):
                item = {"apiVersion": api_version, "kind": kind[:-4], **item} if kind != "List" else item
                if isinstance(item.get("kind"), str) and isinstance(item.get("apiVersion"), str):
                    found.extend(_objects(document, item, f"{prefix}/items/{position}", line, depth + 1))
        return found
    if "$patch" in value or not kind:
        return []
    return [_record(document, prefix, line, api_version, kind, value)]


def _record(
    document: Document, prefix: str, line: int, api_version: str, kind: str, value: dict[str, Any], name: str = ""
) -> Record:
    metadata = mapping(value.get("metadata"))
    group = api_version.rpartition("/")[0]
    name = name or text(metadata.get("name")) or text(metadata.get("generateName"))
    namespace = "" if is_cluster_scoped(group, kind) else text(metadata.get("namespace"))
    body = marshal.dumps(digest(group, kind, value))
    content = {key: item for key, item in value.items() if key not in ("apiVersion", "status")}
    # Version 2 of marshal has no back references, so equal content gives equal bytes.
    identity = digest_of(marshal.dumps((qualified(group, kind), content), 2))
    labels, annotations = strings(metadata.get("labels")), strings(metadata.get("annotations"))
    return document.number, prefix, line, api_version, kind, namespace, name, labels, annotations, body, identity
