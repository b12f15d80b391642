"""One expression, asked of every target of a kind, for whoever writes a rule.

In: the text of an expression with its target, `let` and `each`, a mesh. Out: an answer for each target, or for each
element of its list: a value, what is unknown, or why the expression fails. It judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from meshlint.errors import Location, Position, UsageError
from meshlint.policy.expressions.compiling import RESERVED, Compiler, ExpressionMistakes
from meshlint.policy.expressions.running import TOO_LONG, Program, bind, missing_key
from meshlint.policy.kinds import wrong_kind
from meshlint.policy.lexicon import Lexicon, PathMistake, unlisted
from meshlint.policy.rule_files.schema import NAME
from meshlint.policy.scope import View
from meshlint.policy.templates import ABSENT, walk, written
from meshlint.records import NamedTuple
from meshlint.spelling import did_you_mean

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.policy.views import Target

_LATE = "suppression"


class Question(NamedTuple):
    """Hold a compiled expression and what it is asked of."""

    target: str | tuple[str, ...]
    variable: str
    program: bytes
    type: str
    each: tuple[str, tuple[str, ...]] | None  # a name, and the path of the list whose elements it stands for


class Answer(NamedTuple):
    """Hold what an expression yields for one target; one of value, `unknown` and `failure` counts."""

    text: str  # the target as messages name it
    place: str  # its address
    element: str  # the element of `each`, empty without one
    value: Any
    unknown: str  # what the manifests do not say
    failure: str  # why it has no value although every fact is known


class ExpressionErrors(UsageError):
    """Report every mistake of what was asked at once; `errors` is never empty."""

    def __init__(self, errors: Iterable[UsageError]) -> None:
        self.errors = tuple(errors)
        super().__init__(self.errors[0].message, location=self.errors[0].location, help=self.errors[0].help)


def question(
    text: str, target: str, lexicon: Lexicon, lets: Mapping[str, str] | None = None, each: tuple[str, str] | None = None
) -> Question:
    """Compile an expression for a target word or a kind with its group.

    Raises UsageError for a target that is none, ExpressionErrors for everything that is wrong with the texts.
    """
    asked, variable, type_word = _target(target, lexicon)
    variables, lets = {variable: type_word}, lets or {}
    bound = None
    if each is not None:
        name, path = each
        variables[name] = _element("each", name, path, lexicon, variables)
        bound = (name, tuple(path.split(".")))
    compiler = Compiler(lexicon, variables)
    earlier: dict[str, str] = {}
    for name, definition in lets.items():
        _check_name(name, {*variables, *earlier})
        _compiled(compiler, f"let {name}", definition, earlier)
        earlier[name] = definition
    program, type_word = _compiled(compiler, "expression", text, lets)
    return Question(asked, variable, program, type_word, bound)


def target_in(text: str, lexicon: Lexicon) -> str:
    """Return the target that an expression speaks of, empty where it speaks of none or of several."""
    words = {word for word in re.findall(r"(?<![\w.'\"])[a-z]\w*", text) if word in lexicon.targets}
    return words.pop() if len(words) == 1 else ""


def _target(word: str, lexicon: Lexicon) -> tuple[str | tuple[str, ...], str, str]:
    if word == _LATE:
        raise UsageError(
            "suppressions are known only when all rules have judged", help="`meshlint check --format json` shows them"
        )
    if word in lexicon.targets:
        return word, word, lexicon.targets[word]
    if "/" in word:
        if wrong := wrong_kind(word, lexicon.kinds):
            raise UsageError(wrong.message, help=wrong.help)
        return (word,), "object", lexicon.kinds.get(word, "Object")
    known = [name for name in lexicon.targets if name != _LATE]
    whole = [kind for kind in lexicon.kinds if kind.rpartition("/")[2].lower() == word.lower()]
    near = f"did you mean `{whole[0]}`?" if whole else did_you_mean(word, known)
    others = f"targets are {', '.join(known)}, and kinds with their group, as networking.istio.io/DestinationRule"
    raise UsageError(f"there is no target `{word}`", help=f"{near} {others}" if near.startswith("did") else others)


def _element(source: str, name: str, path: str, lexicon: Lexicon, variables: Mapping[str, str]) -> str:
    _check_name(name, variables)
    try:
        type_word, is_list = unlisted(lexicon.type_of(path.split("."), variables))
    except PathMistake as mistake:
        offset = sum(len(segment) + 1 for segment in path.split(".")[: mistake.index])
        length = len(path.split(".")[mistake.index])
        raise ExpressionErrors(
            [_mistake(source, path, (1, offset + 1, length), mistake.message, mistake.help)]
        ) from None
    if not is_list:
        raise ExpressionErrors(
            [_mistake(source, path, (1, 1, len(path)), f"`{path}` is a {type_word} and no list", "")]
        )
    return type_word


def _check_name(name: str, taken: Iterable[str]) -> None:
    if not re.fullmatch(NAME, name) or name in RESERVED or name in taken:
        why = "already taken" if name in taken else "no name that an expression may use"
        raise UsageError(f"`{name}` is {why}")


def _compiled(compiler: Compiler, source: str, text: str, lets: Mapping[str, str]) -> tuple[bytes, str]:
    try:
        return compiler.compile(text, lets)
    except ExpressionMistakes as error:
        raise ExpressionErrors(
            _mistake(source, text, (m.line, m.column, m.length), m.message, m.help) for m in error.mistakes
        ) from None


def _mistake(source: str, text: str, at: tuple[int, int, int], message: str, help: str) -> UsageError:
    line, column, length = at
    place = Location(source, Position(line, column), Position(line, column + length))
    mistake = UsageError(message, location=place, help=help)
    mistake.text = text
    return mistake


def answers(asked: Question, mesh: Mesh) -> Iterator[Answer]:
    """Ask every target of a mesh."""
    from meshlint.policy.views import targets

    program = Program(asked.program)
    for target in targets(asked.target, mesh):
        view = View(target, bind({asked.variable: target.view}))
        for number, element in enumerate(_elements(asked, target)):
            yield _answer(asked, program, view, element, number)


_WHOLE = object()
"""Stands for a target without elements."""


def _elements(asked: Question, target: Target) -> Iterable[Any]:
    if asked.each is None:
        return (_WHOLE,)
    found = walk({asked.variable: target.view}, asked.each[1])
    return (ABSENT,) if found is ABSENT else found


def _answer(asked: Question, program: Program, view: View, element: Any, number: int) -> Answer:
    facts = view.target.view
    text, place, name = written(facts), facts.get("place", {}).get("place", ""), ""
    if element is _WHOLE:
        value, error = program.value(view.activation)
        element = None
    elif element is ABSENT:
        path = asked.each[1] if asked.each else ()
        return Answer(text, place, "", None, view.reason(path[-1], None) or f"list `{path[-1]}`", "")
    else:
        assert asked.each is not None  # only then there are elements
        name = written(element) or f"{asked.each[0]}[{number}]"
        value, error = program.value(bind({asked.variable: facts, asked.each[0]: element}))
    if not error:
        return Answer(text, place, name, value, "", "")
    unknown = error if error == TOO_LONG else view.reason(missing_key(error), element)
    return Answer(text, place, name, None, unknown, "" if unknown else _failure(error))


def _failure(error: str) -> str:
    key = missing_key(error)
    if key:
        return f'there is no key "{key}"'
    return error.partition(": ")[2] or error
