"""What holds for every edit of every document."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from meshlint.fixes.edits import apply
from meshlint.fixes.operations import (
    ABSENT,
    Append,
    CannotEdit,
    Operation,
    Remove,
    Rename,
    Set,
    applied,
    same,
    tokens,
    value_at,
)  # fmt: skip
from meshlint.fixes.texts import decoded
from meshlint.fixes.yaml_editor import edited, edits_for
from meshlint.syntax.stream import read_stream
from tests.fixes.documents import Writer, json_document, pointers

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
SEEDS = st.integers(0, 2**32)
NEW_VALUES: tuple[Any, ...] = (
    "STRICT", "yes", "", "a: b", "- x", "2026-01-31", "x\ny\n", "it's", 'a "b"', "#", 0, 1.5, True, None, {}, [],
    {"k": {"l": ["m", {"n": "o", "p": None}]}}, ["r", ["s", "t"], {"u": 1}],
)  # fmt: skip


def operation_on(random: Random, value: Any) -> Operation:
    """Return an operation that has a place somewhere in a value."""
    while True:
        pointer = random.choice(pointers(value))
        new = random.choice(NEW_VALUES)
        operation = random.choice((
            Set(pointer, new), Set(f"{pointer}/new", new), Set(f"{pointer}/new/er", new), Set(f"{pointer}/-", new),
            Remove(pointer), Remove(pointer, prune=True), Rename(pointer, random.choice(("new", "on", "n w"))),
            Append(pointer, new),
        ))  # fmt: skip
        try:
            applied(value, [operation])
        except CannotEdit:
            continue
        return operation


def values_of(text: str) -> list[Any]:
    """Return the values of the documents of a text."""
    return [document.value for document in read_stream(text.encode()).documents]


def numbered(text: str) -> set[str]:
    """Return the comments of the generator in a text."""
    return set(re.findall(r"# c\d+\.", text))


@settings(max_examples=100)
@given(SEEDS, st.booleans())
def test_an_edit_does_what_the_operation_says(seed: int, windows: bool) -> None:
    """The value is that of the operation, all comments of others stay, and doing it again changes nothing."""
    random = Random(seed)
    document = Writer(random)
    operation = operation_on(random, document.value)
    text = f"# head\n---\n{document.text}---\nother: [1, 2] # other\n"
    text = text.replace("\n", "\r\n") if windows else text
    assert values_of(text) == [document.value, {"other": [1, 2]}]
    expected = applied(document.value, [operation])
    try:
        edits = edits_for(text, 0, [operation])
    except CannotEdit as refusal:
        assert "would be lost" in refusal.reason
        assume(False)
    after = apply(text, edits)
    assert same(values_of(after), [expected, {"other": [1, 2]}])
    lost = numbered(text) - numbered(after)
    owner = operation.pointer if not getattr(operation, "prune", False) else gone(document.value, expected, operation)
    assert all(may_take(operation) and f"{document.owners[name]}/".startswith(f"{owner}/") for name in lost)
    assert (after.count("\r\n") == after.count("\n")) is windows
    if not repeats(operation):
        assert edited(after, {0: [operation]}) == after


def may_take(operation: Operation) -> bool:
    """Tell whether keys may go, with their comments: they are removed, or the new mapping or list has them not."""
    return isinstance(operation, Remove) or (isinstance(operation, Set) and isinstance(operation.value, dict | list))


def gone(before: Any, after: Any, operation: Operation) -> str:
    """Return the highest place that a removal with its empty parents took away."""
    path = operation.pointer.split("/")
    for length in range(2, len(path) + 1):
        pointer = "/".join(path[:length])
        parent = tokens("/".join(path[: length - 1]))
        old, new = value_at(before, parent), value_at(after, parent)
        if len(old) > len(new):
            return pointer
    return operation.pointer


def repeats(operation: Operation) -> bool:
    """Tell whether an operation finds something to do again: the next item, or the place behind the last one."""
    last = operation.pointer.rpartition("/")[2]
    return last == "-" or (isinstance(operation, Remove) and last.isdecimal())


@settings(max_examples=40)
@given(SEEDS)
def test_json_stays_json(seed: int) -> None:
    """What a JSON parser read before, it reads afterwards, and as the same value."""
    random = Random(seed)
    value = Writer(random).value
    text = json_document(random, value)
    operation = operation_on(random, value)
    expected = applied(value, [operation])
    assert same(json.loads(edited(text, {0: [operation]})), expected)


@settings(max_examples=40)
@given(SEEDS, st.integers(2, 5))
def test_operations_at_once_are_operations_one_by_one(seed: int, number: int) -> None:
    """The edits of several operations do what each of them does on the text that the one before left."""
    random = Random(seed)
    document = Writer(random)
    text, operations = document.text, []
    for _ in range(number):
        value = values_of(text)[0]
        if not pointers(value):
            break
        operation = operation_on(random, value)
        try:
            text = edited(text, {0: [operation]})
        except CannotEdit:
            continue
        operations.append(operation)
    at_once = edited(document.text, {0: operations})
    assert same(values_of(at_once), values_of(text))
    assert numbered(at_once) == numbered(text)
    assert re.sub(r"['\"]", "", at_once) == re.sub(r"['\"]", "", text)  # which quotes are usual may change on the way


MANIFESTS = sorted(path for path in FIXTURES.rglob("*.yaml") if not path.name.startswith("."))


@pytest.mark.parametrize("folder", sorted({path.relative_to(FIXTURES).parts[0] for path in MANIFESTS}))
def test_what_is_added_to_a_fixture_can_be_taken_back(folder: str) -> None:
    """In files of the repository, and in mappings of all their documents, an added key leaves no trace when removed."""
    files = [path for path in MANIFESTS if path.relative_to(FIXTURES).parts[0] == folder]
    for path in files[:: len(files) // 15 + 1]:
        text = decoded(path.read_bytes()).text
        for index, document in enumerate(read_stream(text.encode()).documents):
            if document.intact and isinstance(document.value, dict):
                take_back(text, index, document.value)


def take_back(text: str, index: int, value: Any) -> None:
    """Add a key to some mappings of a document and take it out again."""
    filled = [place for place in pointers(value) if isinstance(value_at(value, tokens(place)), dict)]
    for place in ["", *filled[1::7]]:
        pointer = f"{place}/x-added"
        if value_at(value, tokens(place)) and value_at(value, tokens(pointer)) is ABSENT:
            try:
                added = edited(text, {index: [Set(pointer, {"a": ["b"]})]})
            except CannotEdit as refusal:
                assert "touching" not in refusal.reason
                continue
            assert edited(added, {index: [Remove(pointer)]}) == text
