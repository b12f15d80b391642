"""The vocabulary in the order in which people read it: by target, each group of facts with the path that leads there.

In: the tables of the vocabulary, a word of the reader. Out: `Section`s. It knows no format.
"""

from __future__ import annotations

from collections.abc import Iterator

from meshlint.errors import UsageError
from meshlint.policy.lexicon import Lexicon, PathMistake, unlisted
from meshlint.policy.vocabulary import Message
from meshlint.policy.vocabulary.sources import SOURCES
from meshlint.records import NamedTuple
from meshlint.spelling import nearest

SHARED = "Place"
"""The group that nearly every other holds; it is described once."""


class Group(NamedTuple):
    """Pair a group of facts with a path that leads to it."""

    path: str  # as `workload.ports[].mtls`
    message: Message
    source: str


class Section(NamedTuple):
    """Describe the facts of one target, or of one group."""

    words: tuple[str, ...]  # what `target:` takes; none for a group that is no target
    variable: str
    head: Group
    nested: tuple[Group, ...]


def sections(lexicon: Lexicon) -> list[Section]:
    """Return a section for each target word and for each set of kinds with facts of their own."""
    found = [_section((word,), word, name, lexicon) for word, name in lexicon.targets.items()]
    by_facts: dict[str, list[str]] = {}
    for kind, name in lexicon.kinds.items():
        by_facts.setdefault(name, []).append(kind)
    found += [_section(tuple(kinds), "object", name, lexicon) for name, kinds in by_facts.items()]
    return found


def section_of(word: str, lexicon: Lexicon) -> Section:
    """Return the section of a target, a kind with or without its group, a group of facts, or a path such as
    `workload.mtls`.

    Raises UsageError for anything else.
    """
    for section in sections(lexicon):
        kinds = [kind.rpartition("/")[2] for kind in section.words]
        if word in (*section.words, *kinds):
            return section
    if word in lexicon.messages:
        return _section((), word, word, lexicon)
    head, *rest = word.split(".")
    if rest and head in lexicon.targets:
        return _at_path(word, lexicon)
    kinds = [kind.rpartition("/")[2] for kind in lexicon.kinds]
    near = nearest(word, lexicon.targets) or nearest(word, [*kinds, *lexicon.kinds, *lexicon.messages])
    targets = f"targets are {', '.join(lexicon.targets)}, and kinds as DestinationRule"
    raise UsageError(f"there is no target `{word}`", help=f"did you mean `{near}`? {targets}" if near else targets)


def _at_path(path: str, lexicon: Lexicon) -> Section:
    segments = path.split(".")
    try:
        type_word, _ = unlisted(lexicon.type_of(segments, {segments[0]: lexicon.targets[segments[0]]}))
    except PathMistake as mistake:
        raise UsageError(mistake.message, help=mistake.help) from None
    if type_word not in lexicon.messages:
        raise UsageError(f"`{path}` is a {type_word} and holds no facts", help=f"see {'.'.join(segments[:-1])}")
    return _section((), path, type_word, lexicon)


def _section(words: tuple[str, ...], variable: str, message: str, lexicon: Lexicon) -> Section:
    head, *nested = _groups(variable, message, lexicon)
    return Section(words, variable, head, tuple(nested))


def _groups(path: str, message: str, lexicon: Lexicon) -> Iterator[Group]:
    """Yield a group and all that it holds, each once, by the shortest path."""
    waiting, seen = [(path, message)], {message, SHARED} - {""}
    for path, name in waiting:  # grows while it is read
        known = lexicon.messages[name]
        yield Group(path, known, SOURCES.get(name, ""))
        for field in known.fields:
            inner, is_list = unlisted(field.type)
            if inner in lexicon.messages and inner not in seen:
                seen.add(inner)
                waiting.append((f"{path}.{field.name}{'[]' if is_list else ''}", inner))
