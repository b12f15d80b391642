"""Forms at work: nested tuples that `lowering` made become functions of plain values.

In: a form and the variables of a rule. Out: its value. The meaning is CEL's: a key that is absent is an error, `&&`,
`||`, `exists` and `all` let a known answer win over an error beside it, and of two errors the first one is told. An
error is a KeyError that names the key.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

Values = Mapping[str, Any]
Function = Callable[[Values], Any]


def function_of(form: tuple[Any, ...]) -> Function:
    """Return what a form says as a function of the variables."""
    return MAKERS[form[0]](*form[1:])


def _const(value: Any) -> Function:
    return lambda values: value


def _name(name: str) -> Function:
    return operator.itemgetter(name)


def _select(part: Any, field: str) -> Function:
    if part[0] == "name":  # most facts stand one step below a variable
        name = part[1]
        return lambda values: values[name][field]
    inner = function_of(part)
    return lambda values: inner(values)[field]


def _test(part: Any, field: str) -> Function:
    inner = function_of(part)
    return lambda values: field in inner(values)


def _list(*parts: Any) -> Function:
    inner = [function_of(part) for part in parts]
    return lambda values: [element(values) for element in inner]


def _not(part: Any) -> Function:
    inner = function_of(part)
    return lambda values: not inner(values)


def _joined(one: Any, other: Any, settles: bool) -> Function:
    """Return `&&` (False settles it) or `||` (True does)."""
    left, right = function_of(one), function_of(other)

    def value(values: Values) -> Any:
        try:
            if left(values) is settles:
                return settles
        except KeyError:
            with suppress(KeyError):  # of two errors the first one is told
                if right(values) is settles:
                    return settles
            raise
        return right(values)

    return value


def _if(condition: Any, one: Any, other: Any) -> Function:
    asked, then, otherwise = function_of(condition), function_of(one), function_of(other)
    return lambda values: then(values) if asked(values) else otherwise(values)


def _quantified(name: str, ranged: Any, condition: Any, settles: bool) -> Function:
    """Return `exists` (True settles it) or `all` (False does)."""
    elements, holds = function_of(ranged), function_of(condition)

    def value(values: Values) -> Any:
        inner, missing = dict(values), None
        for element in elements(values):
            inner[name] = element
            try:
                if holds(inner) is settles:
                    return settles
            except KeyError as error:
                missing = missing or error
        if missing is not None:
            raise missing
        return not settles

    return value


def _bind(name: str, bound: Any, result: Any) -> Function:
    """Return `cel.bind`: an error of the bound value is one only where the value is used."""
    value_of, result_of = function_of(bound), function_of(result)

    def value(values: Values) -> Any:
        try:
            return result_of({**values, name: value_of(values)})
        except KeyError:
            return result_of(_Late(values, name, value_of))

    return value


class _Late(dict[str, Any]):
    """Hold variables of which one is worked out when asked for, because it fails."""

    def __init__(self, values: Values, name: str, value_of: Function) -> None:
        super().__init__(values)
        self.pop(name, None)
        self._late, self._values = (name, value_of), values

    def __missing__(self, key: str) -> Any:
        name, value_of = self._late
        if key != name:
            raise KeyError(key)
        return value_of(self._values)


def _binary(apply: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Function]:
    def made(one: Any, other: Any) -> Function:
        if other[0] == "const":
            left, constant = function_of(one), other[1]
            return lambda values: apply(left(values), constant)
        left, right = function_of(one), function_of(other)
        return lambda values: apply(left(values), right(values))

    return made


def _unary(apply: Callable[[Any], Any]) -> Callable[[Any], Function]:
    def made(part: Any) -> Function:
        inner = function_of(part)
        return lambda values: apply(inner(values))

    return made


MAKERS: dict[str, Callable[..., Function]] = {
    "const": _const,
    "name": _name,
    "select": _select,
    "test": _test,
    "list": _list,
    "not": _not,
    "and": lambda one, other: _joined(one, other, False),
    "or": lambda one, other: _joined(one, other, True),
    "if": _if,
    "exists": lambda name, ranged, condition: _quantified(name, ranged, condition, True),
    "all": lambda name, ranged, condition: _quantified(name, ranged, condition, False),
    "bind": _bind,
    "equal": _binary(operator.eq),
    "unequal": _binary(operator.ne),
    "less": _binary(operator.lt),
    "less or equal": _binary(operator.le),
    "greater": _binary(operator.gt),
    "greater or equal": _binary(operator.ge),
    "in": _binary(lambda element, held: element in held),
    "size": _unary(len),
    "starts": _binary(str.startswith),
    "ends": _binary(str.endswith),
    "contains": _binary(operator.contains),
    "times": _binary(operator.mul),
    "double": _unary(float),
}
