"""Cheap named tuples are those of the standard library in all that the program uses."""

from __future__ import annotations

import copy
import importlib
import pickle
import pkgutil
import typing
from collections.abc import Iterator
from typing import Any

import pytest

import meshlint
from meshlint.records import NamedTuple


class Pair(NamedTuple):
    """Hold two values."""

    left: int
    right: str = "r"

    @property
    def text(self) -> str:
        """Return both."""
        return f"{self.left}{self.right}"


class Usual(typing.NamedTuple):
    """Hold two values."""

    left: int
    right: str = "r"


class Empty(NamedTuple):
    """Hold nothing."""


def test_values_are_taken_by_place_and_by_name() -> None:
    """Whichever way they are given, and however often; what is left out has its default."""
    assert Pair(1) == Pair(left=1) == Pair(1, "r") == Pair(right="r", left=1) == (1, "r")
    assert (Pair(2).left, Pair(2).right, Pair(2).text) == (2, "r", "2r")
    assert Empty() == ()
    left, right = Pair(3, "x")
    assert (left, right) == (3, "x")


@pytest.mark.parametrize(
    ("args", "named"), [((), {}), ((1, "2", 3), {}), ((1,), {"left": 2}), ((), {"right": "x"}), ((1,), {"middle": 2})]
)
def test_wrong_arguments_are_refused(args: tuple[Any, ...], named: dict[str, Any]) -> None:
    """As the standard library refuses them."""
    for made in (Pair, Usual):
        with pytest.raises(TypeError):
            made(*args, **named)


def test_the_rest_is_as_usual() -> None:
    """Copies, texts, comparisons, matching."""
    pair, usual = Pair(1, "x"), Usual(1, "x")
    assert repr(pair) == repr(usual).replace("Usual", "Pair")
    assert pair._asdict() == usual._asdict()
    assert pair._replace(right="y") == usual._replace(right="y")
    assert isinstance(pair._replace(right="y"), Pair)
    assert Pair._make([1, "x"]) == pair == usual
    assert pickle.loads(pickle.dumps(pair)) == pair == copy.copy(pair) == copy.deepcopy(pair)
    assert type(pickle.loads(pickle.dumps(pair))) is Pair
    assert type(copy.deepcopy(pair)) is Pair
    assert hash(pair) == hash(usual)
    assert Pair._fields == Usual._fields
    assert Pair._field_defaults == Usual._field_defaults
    match pair:
        case Pair(left, right):
            assert (left, right) == (1, "x")
    with pytest.raises(ValueError, match="middle"):
        pair._replace(middle=1)  # type: ignore[call-arg]  # the mistake is the point
    with pytest.raises(TypeError):
        Pair._make([1])
    with pytest.raises(AttributeError):
        pair.left = 2  # type: ignore[misc]  # the mistake is the point
    with pytest.raises(AttributeError):
        pair.other = 2  # type: ignore[attr-defined]  # the mistake is the point


def test_a_default_stands_behind_no_bare_field() -> None:
    """A class that the standard library refuses is refused."""
    with pytest.raises(TypeError, match="follows"):
        type(NamedTuple)("Wrong", (NamedTuple,), {"__annotations__": {"a": "int", "b": "int"}, "a": 1})


def declared() -> Iterator[type[Any]]:
    """Yield every record of the package."""
    for module in pkgutil.walk_packages(meshlint.__path__, "meshlint."):
        if module.name == "meshlint.__main__":
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, tuple) and hasattr(value, "_fields"):
                if value.__module__ == module.name:
                    yield value


def test_every_record_of_the_package_could_be_a_usual_one() -> None:
    """Same fields, same order, same defaults as `typing.NamedTuple` makes of the same annotations."""
    records = list(declared())
    assert len(records) > 100
    for record in records:
        annotations = {name: record.__annotations__[name] for name in record._fields}
        body = {"__annotations__": annotations, "__module__": record.__module__, **record._field_defaults}
        made = typing.NamedTupleMeta("Usual", (typing._NamedTuple,), body)  # type: ignore[attr-defined]
        assert (made._fields, made._field_defaults) == (record._fields, record._field_defaults)
        assert type(record) is type
        assert record.__slots__ == ()
