"""The patient way into an envelope: plain values of any dialect, made to fit the structs field by field.

Numbers may be texts and texts numbers, an empty text is no value, one thing may stand where a list is due, names may be
written in another case. The smallest part that cannot be read is set aside, and what it was about is marked: a bet or
market with a readable id becomes `unreadable`, one without leaves its name in its parent's `lost_...` list.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar, cast

import msgspec
from msgspec import inspect

from feed.codes import BetStatus
from feed.wire.errors import DecodeError
from feed.wire.messages import Label, SetAside

from .scalars import Misfit, as_bool, as_float, as_int, as_price, as_text, as_time
from .values import NOTHING, shown

SCALARS: dict[type[inspect.Type], Callable[[object], Any]] = {
    inspect.StrType: as_text,
    inspect.IntType: as_int,
    inspect.BoolType: as_bool,
    inspect.FloatType: as_float,
    inspect.DateTimeType: as_time,
    inspect.UnionType: as_price,
    inspect.AnyType: lambda value: value,
}
#: Lists whose elements a trader could bet on, and where the names of those without a readable id are left.
LOST = {
    "Bets": "LostBets",
    "Markets": "LostMarkets",
    "ProviderMarkets": "LostProviders",
    "Providers": "LostProviders",
}
#: What no number that decides may be: a status that is "true" is not 1, open.
YES_OR_NO = frozenset({"true", "false"})
OPEN = int(BetStatus.OPEN)
#: As much of what could not be read is shown to operators; the message itself is kept whole.
PART_LENGTH = 500

Struct = TypeVar("Struct", bound=msgspec.Struct)
#: A place in a message: the place around it, and the last step.
Place = tuple[Any, str]


class Field(msgspec.Struct, frozen=True):
    """A field as it is written, its type, and whether it costs its struct where it cannot be read."""

    name: str
    type: inspect.Type
    decides: bool


class Plan(msgspec.Struct, frozen=True):
    """How a struct is read: the field behind each name, as written and in lower case; what must be there.

    `marks` are the fields in which the struct says what of it could not be read. One that has `parts` says nothing
    without any of them: what it has instead is not recognised.
    """

    fields: dict[str, Field]
    required: tuple[str, ...]
    marks: frozenset[str]
    parts: frozenset[str] = frozenset()

    def knows(self, names: Iterable[str]) -> bool:
        """Whether one of the names, in whatever case, is a field's."""
        return any(name in self.fields or name.lower() in self.fields for name in names)

    @property
    def is_of_a_name(self) -> bool:
        """Whether a bare name may stand for the whole: nothing that decides depends on the rest."""
        return "Name" in self.fields and not self.required and not self.marks and not self.parts


def coerce(value: object, struct: type[Struct], name: str = "", set_aside: list[SetAside] | None = None) -> Struct:
    """`value`, of dicts, lists and scalars, as the struct. What cannot be read goes to `set_aside`.

    Raises DecodeError with the path of what does not fit where nothing can be read without it.
    """
    reading = Reading([] if set_aside is None else set_aside)
    try:
        found = reading.struct(value, _struct_type(struct), (None, name)) or {}
        _require(_plan(struct), found)
        return msgspec.convert(found, struct, strict=False)
    except Misfit as misfit:
        raise DecodeError(misfit.kind, f"{misfit.place or name or 'the message'}: {misfit.what}") from None
    except msgspec.ValidationError as error:
        raise DecodeError("shape", f"{name or 'the message'} is not as LSports describes it: {error}") from None


class Reading:
    """One message being read; `set_aside` grows by what of it cannot be."""

    def __init__(self, set_aside: list[SetAside]) -> None:
        self.set_aside = set_aside

    def struct(self, value: object, wanted: inspect.StructType, place: Place) -> dict[str, Any] | None:
        """The fields that have a value; None for one that has none of what it must have, such as `{"Id": null}`."""
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if value is None or value == []:
            return None
        plan = _plan(wanted.cls)
        if not isinstance(value, dict):
            return _named(value, plan, place)
        found: dict[str, Any] = {}
        strange: list[str] = []
        for name, item in value.items():
            field = plan.fields.get(name) or plan.fields.get(name.lower())
            if field is not None and field.name == "Price" and is_nothing(item):
                found["Price"] = ""
            if item is None:
                continue
            if field is None:
                strange.append(name)
            elif field.name not in plan.marks:
                self.field(found, field, item, plan, (place, f".{name}"))
        if not found and (wanted.cls is Label or (plan.required and not strange)):
            return None
        _require(plan, found, place)
        if strange and found and plan.parts and not plan.parts & found.keys():
            there = ", ".join(strange[:5])[:80]
            self.note(Misfit("shape", f"nothing that is read is here; there is {there}"), value, place)
            found["Unreadable"] = True
        if found.get("Price") == "" and found.pop("Price") == "" and found.get("Status") == OPEN:
            self.note(Misfit("number", "an open bet's price is due here, not nothing"), None, (place, ".Price"))
            found["Unreadable"] = True
        return found

    def field(self, found: dict[str, Any], field: Field, item: object, plan: Plan, place: Place) -> None:
        """Read one field. Raises Misfit where the struct cannot be told from others without it."""
        try:
            if field.decides and str(item).strip().lower() in YES_OR_NO:
                raise Misfit("number", f"a number is due here, not {shown(item)}")
            if (lost := LOST.get(field.name)) in plan.marks:
                fit, names = self.list_of_bettable(item, field.type, place)
                if names:
                    found[lost] = [*found.get(lost, ()), *names]
            else:
                fit = self.fit(item, field.type, place)
        except Misfit as misfit:
            if field.name in plan.required or (field.decides and "Unreadable" not in plan.marks):
                raise misfit.at(place) from None
            self.note(misfit, item, place, decides=field.decides)
            if field.decides:
                found["Unreadable"] = True
            return
        if fit is not None:
            found[field.name] = fit

    def fit(self, value: object, wanted: inspect.Type, place: Place) -> Any:
        """The value as the type; None where it is one way of writing that there is none."""
        wanted = _choice(value, wanted)
        if isinstance(value, str) and not isinstance(wanted, inspect.StrType | inspect.AnyType):
            value = value.strip()
            if value.lower() in NOTHING:
                return None
        if isinstance(wanted, inspect.StructType):
            return self.struct(value, wanted, place)
        if isinstance(wanted, inspect.ListType):
            return self.elements(value, wanted, place)[0]
        return SCALARS[type(wanted)](value)

    def elements(self, value: object, wanted: inspect.ListType, place: Place) -> tuple[list[Any], list[object]]:
        """The elements that can be read, and those that cannot, which are set aside."""
        found, lost = [], []
        is_of_structs = isinstance(wanted.item_type, inspect.StructType)
        for index, item in enumerate(_listed(value, wanted)):
            where = (place, f"[{index}]")
            if is_of_structs and isinstance(item, list) and len(item) > 1:
                fits, misfits = self.elements(item, wanted, where)
                found += fits
                lost += misfits
                continue
            try:
                fit = None if item is None else self.fit(item, wanted.item_type, where)
            except Misfit as misfit:
                self.note(misfit, item, where)
                lost.append(item)
                continue
            if fit is not None:
                found.append(fit)
        return found, lost

    def list_of_bettable(self, value: object, wanted: inspect.Type, place: Place) -> tuple[list[Any], list[str]]:
        """As `elements`; of those that cannot be read the names, "" where even that cannot."""
        chosen = _choice([], wanted)
        if not isinstance(chosen, inspect.ListType) or (isinstance(value, str) and value.strip().lower() in NOTHING):
            return [], []
        found, lost = self.elements(value, chosen, place)
        return found, [_name_of(item) for item in lost]

    def note(self, misfit: Misfit, item: object, place: Place, decides: bool = True) -> None:
        misfit.at(place)
        reason = misfit.what.replace("\0", "\N{REPLACEMENT CHARACTER}")
        self.set_aside.append(SetAside(misfit.place, reason, misfit.kind, _as_json(item), decides))


def _named(value: object, plan: Plan, place: Place) -> dict[str, Any]:
    """A bare name where an object that has one is due, nothing depending on the rest; anything else is a Misfit."""
    if not plan.is_of_a_name or isinstance(value, bool | list):
        raise Misfit("shape", f"an object is due here, not {shown(value)}").at(place)
    return {"Name": as_text(value)}


def _listed(value: object, wanted: inspect.ListType) -> list[Any]:
    """The elements, whether they stand in a list, in an object of objects (by id, or under one name), or one alone."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and value and all(isinstance(inner, list | dict) for inner in value.values()):
        is_struct = isinstance(wanted.item_type, inspect.StructType)
        if not is_struct or not _plan(cast(Any, wanted.item_type).cls).knows(value):
            inner = list(value.values())
            return _listed(inner[0], wanted) if len(inner) == 1 else inner
    return [value]


def is_nothing(item: object) -> bool:
    """Whether it is a way to write that there is no value."""
    return item is None or (isinstance(item, str) and item.strip().lower() in NOTHING)


def _name_of(item: object) -> str:
    name = next((text for key, text in item.items() if key.lower() == "name"), "") if isinstance(item, dict) else ""
    return name if isinstance(name, str) else ""


def _as_json(item: object) -> str:
    return msgspec.json.encode(item, enc_hook=str).decode(errors="replace")[:PART_LENGTH]


def _require(plan: Plan, found: dict[str, Any], place: Place | None = None) -> None:
    for name in plan.required:
        if name not in found:
            raise Misfit("shape", f"{name} is missing").at(place)


@cache
def _plan(struct: type) -> Plan:
    fields = _struct_type(struct).fields
    exact = {
        field.encode_name: Field(field.encode_name, _bare(field.type), _decides(field.type) or field.required)
        for field in fields
    }
    return Plan(
        fields={name.lower(): field for name, field in exact.items()} | exact,
        required=tuple(field.encode_name for field in fields if field.required),
        marks=frozenset({"Unreadable", *LOST.values()} & exact.keys()),
        parts=getattr(struct, "PARTS", frozenset()),
    )


def _bare(wanted: inspect.Type) -> inspect.Type:
    """The type without what is noted beside it."""
    while isinstance(wanted, inspect.Metadata):
        wanted = wanted.type
    return wanted


def _decides(wanted: inspect.Type) -> bool:
    """Whether the type, or the other member of an optional one, is marked as one that decides; lists of structs are
    not, for they are read element by element, nor are structs, but for those that say that they are `unreadable`."""
    if isinstance(wanted, inspect.Metadata):
        return bool(wanted.extra and wanted.extra.get("decides"))
    if isinstance(wanted, inspect.UnionType):
        return any(_decides(member) for member in wanted.types)
    return isinstance(wanted, inspect.StructType) and "unreadable" in wanted.cls.__struct_fields__


@cache
def _struct_type(struct: type) -> inspect.StructType:
    return cast(inspect.StructType, inspect.type_info(struct))


def _choice(value: object, wanted: inspect.Type) -> inspect.Type:
    """The member of a union that the value looks like; a price is a union of scalars as a whole."""
    wanted = _bare(wanted)
    if not isinstance(wanted, inspect.UnionType):
        return wanted
    members = [_bare(member) for member in wanted.types if not isinstance(member, inspect.NoneType)]
    if len(members) == 1:
        return _choice(value, members[0])
    if any(isinstance(member, inspect.FloatType) for member in members):
        return wanted
    fitting = [member for member in members if _may_be(value, member)]
    return (fitting or members)[0]


def _may_be(value: object, wanted: inspect.Type) -> bool:
    if isinstance(value, dict):
        return isinstance(wanted, inspect.StructType)
    if isinstance(value, list):
        return isinstance(wanted, inspect.ListType)
    if isinstance(wanted, inspect.BoolType):
        return isinstance(value, bool)
    if isinstance(wanted, inspect.IntType):
        return _is_whole(value)
    return isinstance(wanted, inspect.StrType)


def _is_whole(value: object) -> bool:
    try:
        as_int(value)
    except Misfit:
        return False
    return not isinstance(value, bool)
