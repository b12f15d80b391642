"""Nulls and wrong types in every field of every kind: nothing crashes, and the neighbours are still judged."""

from __future__ import annotations

import glob
import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.judge import findings_of

NEIGHBOUR = """
---
apiVersion: v1
kind: Namespace
metadata: {name: neighbour, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: neighbour, namespace: neighbour}
spec: {template: {metadata: {labels: {app: n}}, spec: {containers: [{name: n, ports: [{containerPort: 8080}]}]}}}
"""
WRONG: tuple[Any, ...] = (
    None,
    "text",
    7,
    -1,
    10**30,
    True,
    1.5,
    [],
    [None],
    {},
    {"x": None},
    [[]],
    {"a": [1]},
    "9" * 5000,
)
FILES = sorted(
    glob.glob("fixtures/hms/**/*.yaml", recursive=True) + glob.glob("fixtures/meshes/*/**/*.yaml", recursive=True)
)


def documents() -> list[Any]:
    """Return one document of each kind that the fixtures hold, the largest of them."""
    best: dict[str, tuple[int, Any]] = {}  # size and object; beyond 60 fields more of the same says nothing new
    for file in FILES:
        try:
            with open(file, encoding="utf-8") as stream:
                found = [item for item in yaml.safe_load_all(stream) if isinstance(item, dict)]
        except yaml.YAMLError:
            continue
        for item in found:
            name, size = f"{item.get('apiVersion')}/{item.get('kind')}", len(str(item))
            if best.get(name, (0, None))[0] < size and sum(1 for _ in places(item)) <= 60:
                best[name] = size, item
    return [item for _, item in best.values()]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container with every key or index in it."""
    if isinstance(value, dict):
        for key in list(value):
            yield value, key
            yield from places(value[key])
    elif isinstance(value, list):
        for index in range(len(value)):
            yield value, index
            yield from places(value[index])


@pytest.mark.parametrize("document", documents(), ids=lambda item: f"{item.get('apiVersion')}-{item.get('kind')}")
def test_wrong_types_are_survived(document: Any) -> None:
    """Every field takes a wrong value and a null; the neighbour keeps its finding."""
    variants = []
    for number, (container, key) in enumerate(places(document)):
        original = container[key]
        for wrong in (WRONG[number % len(WRONG)], None):
            container[key] = wrong
            variants.append(json.dumps(document))
        container[key] = original
    found = findings_of("\n---\n".join(variants) + NEIGHBOUR)
    assert any(finding.rule == "MTL001" and finding.resource.name == "neighbour" for finding in found)


def test_a_key_that_stands_thousands_of_times() -> None:
    """One finding with a hundred of the further places, collected once and not copied for each."""
    head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\ndata:\n"
    (found,) = (finding for finding in findings_of(head + "  a: 1\n" * 10_000) if finding.rule == "HYG001")
    assert (found.location.start.line, len(found.related)) == (6, 100)


def test_thousands_of_broken_documents() -> None:
    """Each is told at its own line, and none makes the reader copy what follows."""
    found = findings_of("---\napiVersion: v1\nkind: X\na: [\n" * 3000)
    assert [finding.location.start.line for finding in found][::1000] == [5, 4005, 8005]
