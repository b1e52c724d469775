"""Fields that LSports sends and that no struct has: found by reading a message once more, as whoever looks now and then
does (`feed.store.unknown`)."""

from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from .envelope import Envelope
from .formats.json import joined, loaded

#: What is left out on purpose: twins of other fields.
ON_PURPOSE = frozenset({"SerializedCreationDate", "SerializedLastUpdate", "SerializedCalculatedMargin", "ProviderName"})


class Known(msgspec.Struct, frozen=True):
    """What is known of a struct: its name, and the structs that its fields, under LSports' names, may hold."""

    name: str
    fields: dict[str, list[type]]


def left_out(body: bytes) -> list[str]:
    """The fields of a TRADE or OddService message in JSON that say something and are not read, as "Market.Colour", each
    once, in their order; none of what is written otherwise. A name that stands twice in one object is read once."""
    repeated: list[str] = []
    plain = loaded(body, lambda pairs: joined(pairs, repeated))
    found = {f"{name} of the same object twice": None for name in repeated}
    if isinstance(plain, dict) and isinstance(plain.get("Header"), dict):
        look_through(plain, [Envelope], found)
    return list(found)


def look_through(value: Any, structs: list[type], found: dict[str, None]) -> None:
    """Note the fields of a value, which is one of these structs or a list of them, that none of these has."""
    if isinstance(value, list):
        for element in value:
            look_through(element, structs, found)
    if not isinstance(value, dict) or not structs:
        return
    known = max((known_of(struct) for struct in structs), key=lambda one: len(one.fields.keys() & value.keys()))
    for name, part in value.items():
        if name in known.fields:
            look_through(part, known.fields[name], found)
        elif part not in (None, "", [], {}) and name not in ON_PURPOSE:
            found[f"{known.name}.{name}"] = None


@cache
def known_of(struct: type) -> Known:
    fields = {field.encode_name: structs_in(field.type) for field in msgspec.structs.fields(struct)}
    return Known(struct.__name__.removeprefix("Raw"), fields)


def structs_in(kind: Any) -> list[type]:
    """The structs that a field of this type may hold, itself or in a list."""
    found = inspect.type_info(kind) if not isinstance(kind, inspect.Type) else kind
    if isinstance(found, inspect.StructType):
        return [found.cls]
    if isinstance(found, inspect.UnionType):
        return [struct for part in found.types for struct in structs_in(part)]
    if isinstance(found, inspect.ListType):
        return structs_in(found.item_type)
    return structs_in(found.type) if isinstance(found, inspect.Metadata) else []
