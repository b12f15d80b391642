"""Named tuples that are cheap to declare.

In: the fields of a class, as `typing.NamedTuple` takes them. Out: the same tuple subclass. A run imports two hundred of
them and instantiates half: `typing.NamedTuple` compiles a constructor and parses every annotation when a class is made,
which was a quarter of a run on one file. Here the constructor is compiled at the first instance, and annotations stay
the texts that they are. Type checkers see `typing.NamedTuple`; `tests/test_records.py` holds the two to each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import NamedTuple  # noqa: TID251  # what type checkers see
else:
    from _collections import _tuplegetter

    class _Record(tuple):
        __slots__ = ()

        def __new__(cls, /, *args, **named):
            """Compile the constructor of the class, which takes the place of this one, and use it."""
            cls.__new__ = _constructor(cls)
            return cls.__new__(cls, *args, **named)

        @classmethod
        def _make(cls, iterable, /):
            made = tuple.__new__(cls, iterable)
            if len(made) != len(cls._fields):
                raise TypeError(f"{cls.__name__} has {len(cls._fields)} fields, got {len(made)}")
            return made

        def _replace(self, /, **named):
            made = tuple.__new__(type(self), map(named.pop, self._fields, self))
            if named:
                raise ValueError(f"{type(self).__name__} has no fields {list(named)}")
            return made

        def _asdict(self, /):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self, /):
            told = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
            return f"{type(self).__name__}({told})"

        def __getnewargs__(self, /):
            return tuple(self)

    def _constructor(cls):
        """Return a function with the signature of the class, as it takes arguments fastest."""
        fields = ", ".join(cls._fields)
        source = f"lambda _cls, {fields}{',' if fields else ''}: _new(_cls, ({fields}{',' if fields else ''}))"
        made = eval(source, {"_new": tuple.__new__, "__name__": cls.__module__})  # of names of fields alone
        made.__defaults__ = tuple(cls._field_defaults.values())
        made.__name__, made.__qualname__ = "__new__", f"{cls.__qualname__}.__new__"
        return staticmethod(made)

    class _Declared(type):
        """Make a class of fields a plain tuple subclass; nothing of this type is left."""

        def __new__(meta, name, bases, body):
            if not bases:
                return type.__new__(meta, name, (), body)
            fields = tuple(body.get("__annotations__", ()))
            defaults = {field: body.pop(field) for field in fields if field in body}
            if tuple(defaults) != fields[len(fields) - len(defaults) :]:
                raise TypeError(f"{name}: a field without default follows one with a default")
            for place, field in enumerate(fields):
                body[field] = _tuplegetter(place, None)
            body |= {"__slots__": (), "_fields": fields, "_field_defaults": defaults, "__match_args__": fields}
            return type.__new__(type, name, (_Record,), body)

    class NamedTuple(metaclass=_Declared):
        """Declare a named tuple, as `typing.NamedTuple` does."""


__all__ = ["NamedTuple"]
