"""Programs at work: bytes and plain values in, values out.

In: programs that `compiling` made and the dictionaries of a view. Out: a plain value, or the text of CEL's error. A
program holds the form that needs no library where there is one, and what CEL has serialised for all others. The
library is imported when the first of those runs; neither types nor protobuf are asked for here.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from meshlint.policy.expressions.forms import Function, function_of

if TYPE_CHECKING:
    from cel_expr_python import cel

MISSING_KEY = 'NOT_FOUND: Key not found in map : "'
TOO_LONG = "a list holds more elements than an expression may visit"

VARIABLE_OF = {"namespace": "Namespace"}
"""CEL reserves `namespace`; a word of the same length keeps every column where the author sees it."""


class Activation:
    """Hold the variables that programs see, for CEL only when one asks CEL."""

    __slots__ = ("_bound", "values")

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self._bound: cel.Activation | None = None

    def bound(self) -> cel.Activation:
        """Return the variables as CEL takes them; one activation serves every program that sees the same values."""
        if self._bound is None:
            named = {VARIABLE_OF.get(name, name): value for name, value in self.values.items()}
            self._bound = _runtime().Activation(named)
        return self._bound


def packed(serialized: bytes, form: tuple[Any, ...] | None) -> bytes:
    """Return a program as catalogues keep it; without a form CEL runs it."""
    return marshal.dumps((serialized, form), 4)


def unpacked(program: bytes) -> tuple[bytes, tuple[Any, ...] | None]:
    """Return what CEL has serialised, and the form."""
    serialized, form = marshal.loads(program)
    return serialized, form


_functions: dict[bytes, Function] = {}  # they hold no state; several environments, and every case of a test, share them


class Program:
    """Run one program; it is decoded at its first use."""

    __slots__ = ("_expression", "_function", "_program")

    def __init__(self, program: bytes) -> None:
        self._program = program
        self._function: Function | None = None
        self._expression: cel.Expression | None = None

    def value(self, activation: Activation) -> tuple[Any, str]:
        """Return the plain value and an empty text, or None and the text of the error."""
        if self._function is None and self._expression is None:
            self._decode()
        if self._function is None:
            return self._evaluated(activation)
        try:
            return self._function(activation.values), ""
        except KeyError as error:
            return None, f'{MISSING_KEY}{error.args[0]}"'
        except (TypeError, AttributeError) as error:
            return None, str(error)

    def _decode(self) -> None:
        self._function = _functions.get(self._program)
        if self._function is not None:
            return
        serialized, form = unpacked(self._program)
        if form is not None:
            self._function = _functions[self._program] = function_of(form)
        else:
            self._expression = _runtime().deserialize(serialized)

    def _evaluated(self, activation: Activation) -> tuple[Any, str]:
        assert self._expression is not None  # decoded before
        try:
            result = self._expression.eval(activation.bound())
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
    """Return the activation of plain values."""
    return Activation(variables)


def missing_key(error: str) -> str:
    """Return the key whose absence made an evaluation fail, empty when something else did."""
    return error[len(MISSING_KEY) : -1] if error.startswith(MISSING_KEY) else ""


_environment: list[cel.Env] = []


def _runtime() -> cel.Env:
    if not _environment:
        from cel_expr_python import cel

        _environment.append(cel.NewEnv())
    return _environment[0]
