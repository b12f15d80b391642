"""The vocabulary as the checkers of a rule ask it: what may be said, of which type, and whether it may be
unknown.

In: the tables of `policy.vocabulary` and what one rule adds (its parameters, the element of `each`, its `let`
names). Out: types of dotted paths, or the mistake with the nearest name that exists. It knows no expression
language.

A type is a word: `string`, `bool`, `int`, `double`, `dyn`, the name of a message, `list <type>` or `map
<type>`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from meshlint import __version__
from meshlint.policy.vocabulary import KINDS, MESSAGES, TARGETS, Field, Message
from meshlint.records import NamedTuple
from meshlint.spelling import did_you_mean

LISTED = f"`meshlint vocabulary` lists what meshlint {__version__} knows"
"""Where to look when a word is like none that exists: it may be newer, too."""

SCALARS = frozenset(("string", "bool", "int", "double"))

Path = tuple[str, ...]
Variables = Mapping[str, str]


class PathMistake(Exception):
    """Say which segment of a path names nothing, and what was probably meant."""

    def __init__(self, index: int, message: str, help: str = "") -> None:
        super().__init__(message)
        self.index = index
        self.message = message
        self.help = help


class Lexicon(NamedTuple):
    """Hold the messages by name, the targets with their messages, and the kinds with theirs."""

    messages: Mapping[str, Message]
    targets: Mapping[str, str]
    kinds: Mapping[str, str]

    def extended(self, *messages: Message) -> Lexicon:
        """Return the lexicon with more messages: those that one rule brings along."""
        return self._replace(messages={**self.messages, **{message.name: message for message in messages}})

    def field(self, message: str, name: str) -> Field | None:
        """Return the fact of a message, or None when it has no such fact."""
        known = self.messages.get(message)
        if known is None:
            return None
        return next((field for field in known.fields if field.name == name), None)

    def type_of(self, path: Sequence[str], variables: Variables) -> str:
        """Return the type at the end of a dotted path; lists on the way are flattened.

        Raises PathMistake at the first segment that names nothing.
        """
        head = variables.get(path[0])
        if head is None:
            raise PathMistake(0, f"unknown name `{path[0]}`", did_you_mean(path[0], variables))
        current, depth = unlisted(head)
        for index, segment in enumerate(path[1:], start=1):
            step, deeper = unlisted(self._step(current, segment, index))
            current, depth = step, depth or deeper
        return f"list {current}" if depth else current

    def _step(self, current: str, segment: str, index: int) -> str:
        if current == "dyn":
            return "dyn"
        if current.startswith("map "):
            return current[4:]
        if current not in self.messages:
            raise PathMistake(index, f"a {current} has no fact `{segment}`")
        field = self.field(current, segment)
        if field is None:
            names = [field.name for field in self.messages[current].fields]
            raise PathMistake(index, f"{current} has no fact `{segment}`", did_you_mean(segment, names) or LISTED)
        return field.type


def unlisted(type_word: str) -> tuple[str, bool]:
    """Return the type of the elements, and whether the type was a list."""
    element = type_word.removeprefix("list ")
    return element, element != type_word


def builtin() -> Lexicon:
    """Return the vocabulary that meshlint ships."""
    return lexicon_of(MESSAGES, TARGETS, KINDS)


def lexicon_of(messages: Iterable[Message], targets: Mapping[str, str], kinds: Mapping[str, str]) -> Lexicon:
    """Build a lexicon from tables."""
    return Lexicon({message.name: message for message in messages}, targets, kinds)
