"""The vocabulary as protobuf message types, so that CEL's checker refuses a misspelt fact.

In: a lexicon. Out: a descriptor pool that holds its messages in the package `meshlint`. Protobuf is imported
here, by the calls that need it, and nowhere else: a run with a compiled catalogue never imports it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshlint.policy.lexicon import Lexicon, unlisted

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto
    from google.protobuf.descriptor_pool import DescriptorPool

PACKAGE = "meshlint"
_SCALAR_NUMBERS = {"double": 1, "int": 3, "bool": 8, "string": 9}  # FieldDescriptorProto.Type
_MESSAGE, _OPTIONAL, _REPEATED = 11, 1, 3


def descriptor_pool(lexicon: Lexicon) -> DescriptorPool:
    """Return a pool with one message type for each message of the lexicon."""
    from google.protobuf import descriptor_pb2, descriptor_pool, struct_pb2

    values = descriptor_pb2.FileDescriptorProto()
    struct_pb2.DESCRIPTOR.CopyToProto(values)
    file = descriptor_pb2.FileDescriptorProto(
        name="meshlint/vocabulary.proto", package=PACKAGE, syntax="proto3", dependency=[values.name]
    )
    for message in lexicon.messages.values():
        described = file.message_type.add(name=message.name)
        for number, field in enumerate(message.fields, start=1):
            _add_field(described, field.name, number, field.type)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(values)
    pool.Add(file)
    return pool


def _add_field(message: DescriptorProto, name: str, number: int, type_word: str) -> None:
    element, is_list = unlisted(type_word)
    is_map = element.startswith("map ")
    label: Any = _REPEATED if is_list or is_map else _OPTIONAL
    field = message.field.add(name=name, number=number, label=label)
    if is_map:
        _set_type(field, f".{PACKAGE}.{message.name}.{_add_entry(message, name, element[4:])}")
    elif element in _SCALAR_NUMBERS:
        _set_type(field, element)
    else:
        _set_type(field, ".google.protobuf.Value" if element == "dyn" else f".{PACKAGE}.{element}")


def _add_entry(message: DescriptorProto, name: str, value_type: str) -> str:
    """Add the nested type by which protobuf spells a map; its name is the one that protoc would give."""
    entry = message.nested_type.add(name="".join(word.capitalize() for word in name.split("_")) + "Entry")
    entry.options.map_entry = True
    _set_type(entry.field.add(name="key", number=1, label=_OPTIONAL), "string")
    _set_type(entry.field.add(name="value", number=2, label=_OPTIONAL), value_type)
    return entry.name


def _set_type(field: FieldDescriptorProto, type_word: str) -> None:
    number: Any = _SCALAR_NUMBERS.get(type_word, _MESSAGE)
    field.type = number
    if number == _MESSAGE:
        field.type_name = type_word
