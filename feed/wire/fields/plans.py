"""How a struct is read: its fields by their names, and which of a field's types a value looks like."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import cast

import msgspec
from msgspec import inspect

from feed.wire.messages import Clock, HyperIncident, Incident, Scoreboard

from .code_names import names_in
from .scalars import Misfit, as_int

#: Lists of what can be bet on. An element whose id cannot be read is lost; the field beside the list keeps its name.
LOST = {
    "Bets": "LostBets",
    "Markets": "LostMarkets",
    "ProviderMarkets": "LostProviders",
    "Providers": "LostProviders",
}
#: Fields that reading fills in.
MARKS = {"Unreadable", "IsOfParticipant", "NamesParticipants", *LOST.values()}
#: Times that a clock shows, which may be written as it shows them.
CLOCKS = frozenset({(Scoreboard, "Time"), (Clock, "Seconds"), (Incident, "Seconds"), (HyperIncident, "Seconds")})


class Field(msgspec.Struct, frozen=True):
    """A field: its name as written, its type, whether the struct is lost where this field cannot be read, the names of
    its codes, and whether it is a time that a clock shows."""

    name: str
    type: inspect.Type
    decides: bool
    names: Mapping[str, int] = {}
    is_clock: bool = False


class Plan(msgspec.Struct, frozen=True):
    """How a struct is read: the field behind each name, as written and in lower case, and which are `required`.

    `marks` are the fields that reading fills in where something could not be read; a message cannot set them. An object
    with names we do not know, and with none of the fields in `parts`, is marked as unreadable: they may be the same
    fields under new names. One that `is_whole` removes what it does not have, so it must have something that is read.
    `alone` is the field that a bare value stands for, `pair` the two that names and values of one object stand for.
    """

    fields: dict[str, Field]
    required: tuple[str, ...]
    marks: frozenset[str]
    parts: frozenset[str] = frozenset()
    is_whole: bool = False
    alone: str = ""
    pair: tuple[str, str] | None = None

    def knows(self, names: Iterable[str]) -> bool:
        """Whether one of the names, in whatever case, is a field's."""
        return any(name in self.fields or name.lower() in self.fields for name in names)

    @property
    def is_of_a_name(self) -> bool:
        """Whether a bare name may stand for the whole struct, since none of its other fields is needed."""
        return "Name" in self.fields and not self.required and not self.marks and not self.parts


@cache
def plan_of(struct: type) -> Plan:
    """The plan of a struct, made once."""
    fields = struct_type(struct).fields
    exact = {
        field.encode_name: Field(
            field.encode_name,
            bare(field.type),
            is_decisive(field.type) or field.required,
            names_in(struct, field.encode_name),
            (struct, field.encode_name) in CLOCKS,
        )
        for field in fields
    }
    return Plan(
        fields={name.lower(): field for name, field in exact.items()} | exact,
        required=tuple(field.encode_name for field in fields if field.required),
        marks=frozenset(MARKS & exact.keys()),
        parts=getattr(struct, "PARTS", frozenset()),
        is_whole=getattr(struct, "IS_WHOLE", False),
        alone=getattr(struct, "ALONE", ""),
        pair=getattr(struct, "PAIR", None),
    )


def bare(wanted: inspect.Type) -> inspect.Type:
    """The type without msgspec's metadata."""
    while isinstance(wanted, inspect.Metadata):
        wanted = wanted.type
    return wanted


def is_decisive(wanted: inspect.Type) -> bool:
    """Whether the type, or a member of a union, is marked as one that decides whether its struct is lost.

    Lists of structs never are, since they are read element by element. A struct does only if it can be `unreadable`.
    """
    if isinstance(wanted, inspect.Metadata):
        return bool(wanted.extra and wanted.extra.get("decides"))
    if isinstance(wanted, inspect.UnionType):
        return any(is_decisive(member) for member in wanted.types)
    return isinstance(wanted, inspect.StructType) and "unreadable" in wanted.cls.__struct_fields__


@cache
def struct_type(struct: type) -> inspect.StructType:
    """What msgspec knows of a struct, asked for once."""
    return cast(inspect.StructType, inspect.type_info(struct))


def choice(value: object, wanted: inspect.Type) -> inspect.Type:
    """The member of a union that the value looks like; a price is a union of scalars as a whole."""
    wanted = bare(wanted)
    if not isinstance(wanted, inspect.UnionType):
        return wanted
    members = [bare(member) for member in wanted.types if not isinstance(member, inspect.NoneType)]
    if len(members) == 1:
        return choice(value, members[0])
    if any(isinstance(member, inspect.FloatType) for member in members):
        return wanted
    has_list = any(map(is_list, members))
    fitting = [member for member in members if may_be(value, member, has_list)]
    return next(iter(fitting), None) or next((member for member in members if is_list(member)), members[0])


def may_be(value: object, wanted: inspect.Type, stands_in_lists: bool) -> bool:
    """Whether the value looks like the type, which is a member of a union. An object with none of the names of a struct
    that has no others, or of a player's, may be a list: of objects by number, or of this one."""
    if isinstance(value, dict):
        if not isinstance(wanted, inspect.StructType):
            return False
        plan, may_have_others = plan_of(wanted.cls), not wanted.cls.__struct_config__.forbid_unknown_fields
        return plan.knows(value) or (may_have_others and not (stands_in_lists and plan.is_of_a_name))
    if isinstance(value, list):
        return isinstance(wanted, inspect.ListType)
    if isinstance(wanted, inspect.BoolType):
        return isinstance(value, bool)
    if isinstance(wanted, inspect.IntType):
        return is_whole(value)
    return isinstance(wanted, inspect.StrType)


def is_list(wanted: inspect.Type) -> bool:
    return isinstance(wanted, inspect.ListType)


def is_whole(value: object) -> bool:
    """Whether the value is a whole number, however it is written."""
    try:
        as_int(value)
    except Misfit:
        return False
    return not isinstance(value, bool)
