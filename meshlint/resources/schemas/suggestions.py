"""What an unknown field was probably meant to be: a neighbour with almost its name, or the same name elsewhere.

In: an unknown field, its real neighbours, the schema of its kind. Out: a suggestion, or none. It runs only where there
is a fault, so it may take its time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from meshlint.records import NamedTuple
from meshlint.resources.schemas.nodes import Key, Node, camel

_SHORTEST = 4  # letters of a name in which one slip may be seen
_FARTHEST = 3  # levels between where a field stands and where it belongs
_MOST_HOMES = 3
_DEEPEST = 12
_ALIKE = 0.8


class Suggestion(NamedTuple):
    """Name the field that was meant, or the path where the field belongs."""

    name: str
    elsewhere: bool = False


def one_slip(word: str, other: str) -> bool:
    """Tell whether two words differ by one letter more, less or other, or by two that changed places."""
    if word == other or abs(len(word) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(word), len(other)) and word[start] == other[start]:
        start += 1
    rest, wanted = word[start:], other[start:]
    swapped = len(rest) > 1 and rest[1::-1] + rest[2:] == wanted
    return swapped or rest[1:] == wanted or rest == wanted[1:] or rest[1:] == wanted[1:]


def is_slip(field: str, known: str) -> bool:
    """Tell whether a field differs from a known one by its case, its signs or one slip."""
    return _core(field) == _core(known) or one_slip(_core(field), _core(known))


def neighbour(field: str, known: Iterable[str]) -> str:
    """Return the known field that differs by its case, its signs or one slip; empty when none does."""
    words = sorted(known)
    folded = {_core(word): word for word in words}
    if found := folded.get(_core(field)):
        return found
    if len(field) < _SHORTEST:
        return ""
    return next((word for core, word in folded.items() if one_slip(_core(field), core)), "")


def suggestion(field: str, parents: Sequence[Key], known: Mapping[str, Node], root: Mapping[str, Node]) -> Suggestion:
    """Return what was meant by an unknown field below `parents`; its name is empty when nothing is near."""
    if name := neighbour(field, known) or _alike(field, known):
        return Suggestion(name)
    homes = _homes(field, parents, root)
    return Suggestion(homes, elsewhere=bool(homes))


def _alike(field: str, known: Iterable[str]) -> str:
    """Return the known field that most resembles a long enough name; empty when none does."""
    from difflib import get_close_matches

    by_core = {_core(word): word for word in sorted(known)}
    found = get_close_matches(_core(field), by_core, n=1, cutoff=_ALIKE) if len(field) >= _SHORTEST else []
    return by_core[found[0]] if found else ""


def _core(word: str) -> str:
    return "".join(character for character in word.lower() if character.isalnum())


def _homes(field: str, parents: Sequence[Key], root: Mapping[str, Node]) -> str:
    """Return the nearest paths of fields with this name, joined; empty when they are far or many."""
    names = (camel(field), field)
    here = tuple(key for key in parents if isinstance(key, str))
    found: dict[int, list[tuple[str, ...]]] = {}
    for path in _paths(root):
        if path[-1] in names:
            found.setdefault(_distance(here, path[:-1]), []).append(path)
    nearest = found.get(min(found)) if found else None
    if nearest is None or min(found) > _FARTHEST or len(nearest) > _MOST_HOMES:
        return ""
    return " or ".join(written(path) for path in nearest)


def _distance(here: Sequence[str], there: Sequence[str]) -> int:
    named = [key for key in there if key != "[]"]
    shared = 0
    while shared < min(len(here), len(named)) and here[shared] == named[shared]:
        shared += 1
    return len(here) + len(named) - 2 * shared


def _paths(fields: Mapping[str, Node]) -> Iterator[tuple[str, ...]]:
    """Yield the path of every field that has a name."""
    todo: list[tuple[tuple[str, ...], Mapping[str, Node]]] = [((), fields)]
    while todo:
        above, inner = todo.pop(0)
        for name, node in inner.items():
            path = (*above, name)
            if name not in ("[]", "*"):
                yield path
            if len(path) < _DEEPEST:
                todo.append((path, node.inner()))


def written(path: Iterable[Key]) -> str:
    """Write a path as messages show it: `spec.http[0].route`, `spec.selector.matchLabels["a.b/c"]`."""
    text = ""
    for key in path:
        if isinstance(key, int):
            text += f"[{key}]"
        elif key == "[]":
            text += "[]"
        elif key.replace("_", "").replace("-", "").isalnum():
            text += f".{key}" if text else key
        else:
            text += f'["{key}"]'
    return text
