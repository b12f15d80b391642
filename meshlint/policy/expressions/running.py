"""Programs at work: serialised bytes and plain values in, values out.

In: programs that `compiling` made and the dictionaries of a view. Out: a plain value, or the text of CEL's
error. It imports the library at the first evaluation, and neither types nor protobuf.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from cel_expr_python import cel

Activation: TypeAlias = "cel.Activation"
"""Variables with their values; opaque outside this room."""

MISSING_KEY = 'NOT_FOUND: Key not found in map : "'
TOO_LONG = "a list holds more elements than an expression may visit"

VARIABLE_OF = {"namespace": "Namespace"}
"""CEL reserves `namespace`; a word of the same length keeps every column where the author sees it."""


class Program:
    """Run one serialised program; it is decoded at its first use."""

    __slots__ = ("_expression", "_serialized")

    def __init__(self, serialized: bytes) -> None:
        self._serialized = serialized
        self._expression: cel.Expression | None = None

    def value(self, activation: Activation) -> tuple[Any, str]:
        """Return the plain value and an empty text, or None and the text of CEL's error."""
        expression = self._expression
        if expression is None:
            expression = self._expression = _runtime().deserialize(self._serialized)
        try:
            result = expression.eval(activation)
        except RuntimeError as error:
            if "Iteration budget exceeded" in str(error):
                return None, TOO_LONG
            raise
        plain = result.plain_value()
        if plain is True or plain is False:
            return plain, ""
        from cel_expr_python import cel

        return (None, str(plain)) if result.type() == cel.Type.ERROR else (plain, "")


def bind(variables: Mapping[str, Any]) -> Activation:
    """Return the activation of plain values; one serves every program that sees the same values."""
    return _runtime().Activation({VARIABLE_OF.get(name, name): value for name, value in variables.items()})


def missing_key(error: str) -> str:
    """Return the key whose absence made an evaluation fail, empty when something else did."""
    return error[len(MISSING_KEY) : -1] if error.startswith(MISSING_KEY) else ""


_environment: list[cel.Env] = []


def _runtime() -> cel.Env:
    if not _environment:
        from cel_expr_python import cel

        _environment.append(cel.NewEnv())
    return _environment[0]
