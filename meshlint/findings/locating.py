"""Turn the address of a place into a line and a column.

In: addresses (`<resource>|<pointer>|<fact>` or `@<path>|<span>|<fact>`), the resources, a way to read a file again.
Out: locations. Every file is parsed once, and only the documents that are asked for. A field that is absent is
answered by its nearest parent, so every finding has a location.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from meshlint.errors import Location, Position
from meshlint.records import NamedTuple
from meshlint.resources.resource import Resource
from meshlint.syntax.document import Span

_LONGEST_SPAN = 40  # lines; a longer value is shown by its first line


class Address(NamedTuple):
    """Hold a parsed address: a resource and a pointer, or a path and a span."""

    resource: int  # -1 for a place in a text
    pointer: str
    fact: str
    path: str = ""
    span: tuple[int, ...] = ()


def parse_address(text: str) -> Address:
    """Read an address; what a view writes always parses."""
    head, middle, fact = text.rsplit("|", 2) if text.startswith("@") else _split(text)
    if head.startswith("@"):
        return Address(-1, "", fact, head[1:], tuple(int(number) for number in middle.split(",")))
    return Address(int(head), middle, fact)


def _split(text: str) -> tuple[str, str, str]:
    head, _, rest = text.partition("|")
    pointer, _, fact = rest.rpartition("|")
    return head, pointer, fact


class Locator:
    """Answer locations for all addresses of a run at once."""

    def __init__(self, resources: Sequence[Resource], read: Callable[[int], bytes | None]) -> None:
        self._resources = resources
        self._read = read
        self._found: dict[str, Location] = {}

    def prepare(self, addresses: Iterable[str]) -> None:
        """Look up many addresses, each file once."""
        by_file: dict[int, dict[int, list[tuple[str, Resource, str]]]] = {}
        for text in dict.fromkeys(addresses):
            if not text or text in self._found:
                continue
            address = parse_address(text)
            if address.resource < 0:
                self._found[text] = _in_text(address)
                continue
            resource = self._resources[address.resource]
            row = (text, resource, resource.prefix + address.pointer)
            by_file.setdefault(resource.file, {}).setdefault(resource.document, []).append(row)
        for file, documents in by_file.items():
            self._prepare_file(file, documents)

    def _prepare_file(self, file: int, documents: dict[int, list[tuple[str, Resource, str]]]) -> None:
        data = self._read(file)
        spans: dict[int, dict[str, Span]] = {}
        if data is not None:
            from meshlint.syntax.locate import locate_all  # with the parser: only where there is a finding

            spans = locate_all(data, {number: [row[2] for row in rows] for number, rows in documents.items()})
        for number, rows in documents.items():
            for text, resource, pointer in rows:
                self._found[text] = _location(resource, pointer, spans.get(number, {}).get(pointer))

    def at(self, address: str) -> Location:
        """Return the location of an address, looking it up when nobody prepared it."""
        if address not in self._found:
            self.prepare([address])
        return self._found[address]


def _in_text(address: Address) -> Location:
    first, column, last, end = address.span
    return Location(address.path, Position(first, column), Position(last, end))


def _location(resource: Resource, pointer: str, span: Span | None) -> Location:
    shown = pointer.removesuffix("#")
    if span is None:
        start = Position(resource.line, 1)
        return Location(resource.path, start, start, shown)
    start, end = span.start, span.end
    if (not span.exact and end.line != start.line) or end.line - start.line > _LONGEST_SPAN:
        end = start
    return Location(resource.path, start, end, shown)
