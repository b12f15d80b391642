"""Text to typed programs.

In: an expression, a lexicon and the types of the variables. Out: `Compiled`, or every mistake with line and
column. A program is checked against typed messages here and runs later on plain dictionaries, without types
and protobuf.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from cel_expr_python import cel
from cel_expr_python.ext import ext_bindings

from meshlint.policy.expressions.lowering import lowered
from meshlint.policy.expressions.patterns import wrong_patterns
from meshlint.policy.expressions.refusals import refusals
from meshlint.policy.expressions.running import VARIABLE_OF, packed
from meshlint.policy.expressions.syntax_tree import decode
from meshlint.policy.expressions.typing import PACKAGE, descriptor_pool
from meshlint.policy.lexicon import LISTED, Lexicon
from meshlint.records import NamedTuple
from meshlint.spelling import did_you_mean, nearest

RESERVED = frozenset(
    (
        "as", "break", "cel", "const", "continue", "else", "false", "for", "function", "if", "import", "in",
        "let", "loop", "namespace", "null", "package", "return", "true", "var", "void", "while", "__result__",
    )
)  # fmt: skip
"""Words that CEL keeps for itself; nothing that a rule names may be called so."""

_WORDS = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|//[^\n]*|\.\s*\w+|\b[A-Za-z_]\w*""")
_SYNTAX = "Syntax error: "
_ELSEWHERE = {"and": "&&", "or": "||", "not": "!", "=": "==", "&": "&&", "|": "||", "===": "==", "is": "==", "<>": "!="}
_ERROR = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")


class Mistake(NamedTuple):
    """Describe one mistake; line and column count from 1 inside the expression's text."""

    line: int
    column: int
    length: int
    message: str
    help: str = ""


class ExpressionMistakes(Exception):
    """Carry every mistake of one expression."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("; ".join(mistake.message for mistake in mistakes))
        self.mistakes = tuple(mistakes)


class Compiled(NamedTuple):
    """Hold a program and the type of its value."""

    program: bytes
    type: str


class Compiler:
    """Compile expressions over one lexicon and one set of variables, whose types are words of the lexicon."""

    def __init__(self, lexicon: Lexicon, variables: Mapping[str, str]) -> None:
        self.lexicon = lexicon
        self.variables = variables
        types = {VARIABLE_OF.get(name, name): _cel_type(word) for name, word in variables.items()}
        pool = descriptor_pool(lexicon)
        self._env = cel.NewEnv(pool, variables=types, extensions=[ext_bindings.ExtBindings()])

    def compile(self, text: str, lets: Mapping[str, str] | None = None) -> Compiled:
        """Return the program of an expression; `lets` are the named expressions that it may use, in their
        order.

        Raises ExpressionMistakes: what CEL's parser and checker refuse, else what `policy.refusals` refuses.
        """
        source, starts = with_lets(text, lets or {})
        own = starts[""]
        try:
            serialized = self._env.compile(source).serialize()
        except RuntimeError as error:
            first_line = source.count("\n", 0, own) + 1
            raise ExpressionMistakes(self._reported(str(error), text, first_line, lets or {})) from None
        tree = decode(serialized)
        mistakes = []
        for refusal in (*refusals(tree, self.lexicon), *wrong_patterns(tree.root)):
            offset = tree.offsets.get(refusal.node.id, 0) - own
            if offset >= 0:  # what stands in a `let` has been refused there
                mistakes.append(_at(text, offset, refusal.message, refusal.help))
        if mistakes:
            raise ExpressionMistakes(mistakes)
        return Compiled(packed(serialized, lowered(tree)), tree.types.get(tree.root.id, "dyn"))

    def _reported(self, error: str, text: str, first_line: int, lets: Mapping[str, str]) -> list[Mistake]:
        mistakes = []
        for line, column, message in _ERROR.findall(error):
            if "'*error*'" in message:
                continue  # follows from a mistake that is reported itself
            start = _offset_of_line(text, max(int(line) - first_line, 0))
            offset = min(start + max(int(column) - 1, 0), len(text))
            if found := re.match(r"undeclared reference to '(\w+)[^']*'", message):
                name = next((word for word, bound in VARIABLE_OF.items() if bound == found[1]), found[1])
                offset = max(text.rfind(name, 0, offset + len(name)), 0)
                is_call = text[offset:].startswith(f"{name}(")
                known = "" if is_call else _meant(name, {**self.variables, **lets})
                mistakes.append(_at(text, offset, f"unknown name `{name}`", known))
            else:
                mistakes.append(_at(text, offset, *_reworded(message, self.lexicon)))
            if message.startswith(_SYNTAX):
                break  # whatever the parser says after its first stumble is about how it goes on
        return mistakes or [Mistake(1, 1, len(text.split("\n")[0]), *_limit(error))]


def with_lets(text: str, lets: Mapping[str, str]) -> tuple[str, dict[str, int]]:
    """Wrap an expression into `cel.bind` for the names it uses; return where the text of each starts, its own as ""."""
    used, source, starts = _used(text, lets), "", {}
    for name in (name for name in lets if name in used):
        source += f"cel.bind({name},\n"
        starts[name] = len(source)
        source += f"{_spelled(lets[name])}\n,\n"
    starts[""] = len(source)
    return source + _spelled(text) + ("\n" + ")" * len(used) if used else ""), starts


def _used(text: str, lets: Mapping[str, str]) -> set[str]:
    used: set[str] = set()
    pending = [text]
    while pending:
        for word in _WORDS.findall(pending.pop()):
            if word in lets and word not in used:
                used.add(word)
                pending.append(lets[word])
    return used


def _spelled(text: str) -> str:
    return _WORDS.sub(lambda found: VARIABLE_OF.get(found[0], found[0]), text)


def _offset_of_line(text: str, line: int) -> int:
    """Return the offset at which a line starts, lines counted from 0."""
    return sum(len(part) + 1 for part in text.split("\n")[:line])


def _at(text: str, offset: int, message: str, help: str = "") -> Mistake:
    """Turn an offset of CEL, which is that of a dot or a parenthesis, into the place of the name."""
    if text[offset : offset + 1] == ".":
        offset += 1
    elif text[offset : offset + 1] == "(":
        while offset and (text[offset - 1].isalnum() or text[offset - 1] == "_"):
            offset -= 1
    line_start = text.rfind("\n", 0, offset) + 1
    word = re.match(r"\w+|[^\w\s]+", text[offset:])
    return Mistake(text.count("\n", 0, offset) + 1, offset - line_start + 1, len(word[0]) if word else 1, message, help)


def _reworded(message: str, lexicon: Lexicon) -> tuple[str, str]:
    """Say what CEL's checker says in the words of a rule's author, with the nearest name that exists."""
    for word, bound in VARIABLE_OF.items():
        message = message.replace(f"'{bound}'", f"'{word}'")
    if found := re.match(r"undefined field '(\w+)' not found in struct '(?:\w+\.)?(\w+)'", message):
        known = lexicon.messages.get(found[2])
        names = [field.name for field in known.fields] if known else []
        return f"{found[2]} has no fact `{found[1]}`", did_you_mean(found[1], names) or LISTED
    if message.startswith(_SYNTAX):
        return _stumble(message.removeprefix(_SYNTAX))
    if found := re.match(r"found no matching overload for '([^']+)' applied to '\(?(.*?)\)?'$", message):
        return f"`{found[1].strip('_@')}` does not take {found[2].replace('meshlint.', '')}", ""
    return (message[:1].lower() + message[1:]).partition(" expecting {")[0], ""


def _meant(name: str, known: Iterable[str]) -> str:
    """Return what an unknown name may have meant: another name, a parameter, or a text without its quotes."""
    if name == "params":
        return "the rule has no `params:`"
    if near := nearest(name, known):
        return f"did you mean `{near}`?"
    return f'a text stands in quotes, "{name}"; the names here are {", ".join(sorted(known))}'


def _limit(error: str) -> tuple[str, str]:
    """Say which limit of CEL an expression goes beyond."""
    if "recursion" in error:
        return "the expression is nested too deeply, or has too many parts in a row", "give its parts names by `let:`"
    if "codepoint limit" in error:
        return "the expression is longer than 100,000 characters", ""
    return error.splitlines()[0], ""


def _stumble(said: str) -> tuple[str, str]:
    """Say where the parser stumbled, and what CEL writes for what other languages write there."""
    found = re.search(r"(?:input|at:) '(.*?)'(?: expecting|$)", said, re.DOTALL)
    word = found[1].strip().strip("'") if found else ""
    if word in _ELSEWHERE:
        return f"`{word}` is no operator", f"write `{_ELSEWHERE[word]}`"
    if word == "<EOF>":
        return "the expression ends too early", "a bracket is not closed, or something is missing behind an operator"
    if word[:1] in ("'", '"') and said.startswith("token"):
        return "the text has no closing quote", ""
    return (f"`{word}` does not belong here", "") if word else (said, "")


def _cel_type(word: str) -> cel.Type:
    if word.startswith("list "):
        return cel.Type.List(_cel_type(word[5:]))
    if word.startswith("map "):
        return cel.Type.Map(cel.Type.STRING, _cel_type(word[4:]))
    scalars = {
        "string": cel.Type.STRING,
        "bool": cel.Type.BOOL,
        "int": cel.Type.INT,
        "double": cel.Type.DOUBLE,
        "dyn": cel.Type.DYN,
    }
    return scalars.get(word) or cel.Type(f"{PACKAGE}.{word}")
