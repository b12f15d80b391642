"""Events of the YAML parser become plain values, without recursion and without positions.

In: an event source of libyaml. Out: one value a document. Deep nesting, aliases that multiply and aliases that
contain themselves end in a `Refusal` with a position, never in a crash; duplicate keys are told to the caller.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from meshlint.syntax.document import Limits
from meshlint.syntax.scalars import key_text, resolve, tagged

_NO_KEY = object()
_OPEN = object()
_MERGE = "tag:yaml.org,2002:merge"


class Refusal(Exception):
    """Refuse a document: the code and message of the problem, and the mark where it arose."""

    def __init__(self, code: str, message: str, mark: Any, end: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.mark = mark
        self.end = end


Report = Callable[[str, str, Any, Any], None]


class _Frame:
    """Hold one open collection."""

    __slots__ = ("anchor", "key", "merges", "size", "value")

    def __init__(self, value: Any, anchor: str | None) -> None:
        self.value = value
        self.anchor = anchor
        self.key: Any = _NO_KEY
        self.merges: list[Any] | None = None
        self.size = 1


class Builder:
    """Build the documents of one event source, one call of `document` each."""

    def __init__(self, next_event: Callable[[], Any], limits: Limits, report: Report) -> None:
        self._next_event = next_event
        self._limits = limits
        self._report = report
        self._memo: dict[str, Any] = {}

    def document(self) -> Any:
        """Return the value of the document whose start event was just read, and read its end event.

        Raises Refusal, or whatever the event source raises.
        """
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._borrowed = 0
        stack: list[_Frame] = []
        root: Any = None
        next_event, memo = self._next_event, self._memo
        while True:
            event = next_event()
            kind = type(event)
            if kind is ScalarEvent:
                if event.implicit[0] and event.tag is None:
                    text = event.value
                    value = memo.get(text, _NO_KEY)
                    if value is _NO_KEY:
                        value = memo[text] = resolve(text)
                elif event.tag is None or event.tag == "!":
                    value = event.value
                else:
                    value = tagged(event.value, event.tag)
                size = 1
                if event.anchor is not None:
                    self._anchors[event.anchor] = (value, 1)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                self._open(event, {} if kind is MappingStartEvent else [], stack)
                continue
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                frame = stack.pop()
                value, size = self._closed(frame), frame.size
            elif kind is AliasEvent:
                value, size = self._alias(event)
            elif kind is DocumentEndEvent:
                return root
            else:
                continue
            if stack:
                self._add(stack[-1], value, size, event)
            else:
                root = value

    def _open(self, event: Any, value: Any, stack: list[_Frame]) -> None:
        if len(stack) >= self._limits.depth:
            message = f"collections are nested more than {self._limits.depth} deep"
            raise Refusal("too-deep", message, event.start_mark, event.end_mark)
        if event.anchor is not None:
            self._anchors[event.anchor] = (_OPEN, 0)
        stack.append(_Frame(value, event.anchor))

    def _closed(self, frame: _Frame) -> Any:
        value = frame.value
        if frame.merges is not None:
            for merged in frame.merges:
                for source in merged if isinstance(merged, list) else (merged,):
                    if isinstance(source, dict):
                        for key, item in source.items():
                            value.setdefault(key, item)
        if frame.anchor is not None:
            self._anchors[frame.anchor] = (value, frame.size)
        return value

    def _alias(self, event: Any) -> tuple[Any, int]:
        value, size = self._anchors.get(event.anchor, (_NO_KEY, 0))
        if value is _NO_KEY:
            raise Refusal("syntax", f"found undefined alias {event.anchor}", event.start_mark, event.end_mark)
        if value is _OPEN:
            raise Refusal("alias-budget", f"alias {event.anchor} contains itself", event.start_mark, event.end_mark)
        self._borrowed += size
        if self._borrowed > self._limits.alias_nodes:
            message = f"aliases stand for more than {self._limits.alias_nodes} nodes"
            raise Refusal("alias-budget", message, event.start_mark, event.end_mark)
        return value, size

    def _add(self, frame: _Frame, value: Any, size: int, event: Any) -> None:
        frame.size += size
        target = frame.value
        if type(target) is list:
            target.append(value)
            return
        if frame.key is _NO_KEY:
            self._take_key(frame, value, event)
            return
        key = frame.key
        frame.key = _NO_KEY
        if key is _MERGE:
            frame.merges = [*(frame.merges or ()), value]
        else:
            target[key] = value

    def _take_key(self, frame: _Frame, value: Any, event: Any) -> None:
        if value == "<<" and type(event) is ScalarEvent and event.implicit[0]:
            frame.key = _MERGE
            return
        if isinstance(value, dict | list):
            self._report("bad-key", "a mapping key is itself a collection", event.start_mark, event.end_mark)
            frame.key = "{}" if isinstance(value, dict) else "[]"
            return
        key = key_text(value)
        if key in frame.value:
            message = f"key {key!r} stands twice in one mapping and the last one wins"
            self._report("duplicate-key", message, event.start_mark, event.end_mark)
        frame.key = key
