"""The patient way into an envelope: plain values of any dialect, made to fit the structs field by field.

Numbers may be texts and texts numbers, an empty text is no value, one element may stand where a list is due, and names
may be written in another case. The smallest part that cannot be read is set aside, and whatever it was about is marked:
a bet or market with a readable id becomes `unreadable`, one without leaves its name in its parent's `lost_...` list.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import msgspec
from msgspec import inspect

from feed.codes import BetStatus
from feed.wire.errors import DecodeError
from feed.wire.messages import Label, SetAside

from .meaning import folded, may_close
from .plans import LOST, Field, Plan, choice, plan_of, struct_type
from .reshape import IS_OF_PARTICIPANT, NAMES_PARTICIPANTS, as_number, by_participant, in_pairs, opened
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
#: No number that decides may be written like this: a status of "true" does not mean 1, which is open.
YES_OR_NO = frozenset({"true", "false", "yes", "no"})
OPEN = int(BetStatus.OPEN)
#: Characters of an unreadable part that operators are shown; the message itself is kept whole.
PART_LENGTH = 500

Struct = TypeVar("Struct", bound=msgspec.Struct)
#: A place in a message: the place around it, and the last step.
Place = tuple[Any, str]


def coerce(value: object, struct: type[Struct], name: str = "", set_aside: list[SetAside] | None = None) -> Struct:
    """`value`, of dicts, lists and scalars, as the struct. What cannot be read goes to `set_aside`.

    Raises DecodeError with the path of what does not fit where nothing can be read without it.
    """
    reading = Reading([] if set_aside is None else set_aside)
    try:
        found = reading.struct(value, struct_type(struct), (None, name)) or {}
        _require(plan_of(struct), found)
        return msgspec.convert(found, struct, strict=False)
    except Misfit as misfit:
        raise DecodeError(misfit.kind, f"{misfit.place or name or 'the message'}: {misfit.what}") from None
    except msgspec.ValidationError as error:
        raise DecodeError("shape", f"{name or 'the message'} is not as LSports describes it: {error}") from None


class Reading:
    """One message being read; the parts of it that cannot be read go to `set_aside`."""

    def __init__(self, set_aside: list[SetAside]) -> None:
        self.set_aside = set_aside
        self.participants_named = 0

    def struct(self, value: object, wanted: inspect.StructType, place: Place) -> dict[str, Any] | None:
        """The fields that have a value; None for one that has none of what it must have, such as `{"Id": null}`."""
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if value is None or value == []:
            return None
        plan = plan_of(wanted.cls)
        if not isinstance(value, dict):
            if not plan.alone or isinstance(value, list):
                return _named(value, plan, place)
            value = {plan.alone: value}
        value, found = opened(value, plan), dict[str, Any]()
        named_before = self.participants_named
        if IS_OF_PARTICIPANT in plan.marks and (result := by_participant(value)) is not None:
            value, found[IS_OF_PARTICIPANT] = result, True
            self.participants_named += 1
        strange: list[str] = []
        for name, item in value.items():
            field = plan.fields.get(name) or plan.fields.get(folded(name))
            if field is not None and field.name == "Price" and is_nothing(item):
                found["Price"] = ""
            if item is None:
                continue
            if field is None:
                strange.append(name)
            elif field.name not in plan.marks:
                self.field(found, field, item, plan, (place, f".{name}"))
        if NAMES_PARTICIPANTS in plan.marks and self.participants_named > named_before:
            found[NAMES_PARTICIPANTS] = True
        if not found and (wanted.cls is Label or ((plan.required or plan.is_whole) and not strange)):
            return None
        _require(plan, found, place)
        if strange and not found and plan.is_whole:
            raise _unrecognised(strange).at(place)
        self.close_what_is_unclear(found, value, strange, plan, place)
        return found

    def close_what_is_unclear(
        self, found: dict[str, Any], value: dict[str, Any], strange: list[str], plan: Plan, place: Place
    ) -> None:
        """Mark what has prices as unreadable where one of its `strange` names, or an empty price, may close it."""
        if strange and found and plan.parts and not plan.parts & found.keys():
            self.note(_unrecognised(strange), value, place)
            found["Unreadable"] = True
        for name in strange:
            if may_close(name, value[name], plan, found):
                self.note(Misfit("shape", "this may say that it is closed"), value[name], (place, f".{name}"))
                found["Unreadable"] = True
        if found.get("Price") == "" and found.pop("Price") == "" and found.get("Status") == OPEN:
            self.note(Misfit("number", "an open bet's price is due here, not nothing"), None, (place, ".Price"))
            found["Unreadable"] = True

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
                fit = self.fit(as_number(item, field), field.type, place)
        except Misfit as misfit:
            if field.name in plan.required or (field.decides and "Unreadable" not in plan.marks):
                raise misfit.at(place) from None
            self.note(misfit, item, place, decides=field.decides)
            if field.decides:
                found["Unreadable"] = True
            return
        if fit is not None:
            before = found.get(field.name) or None
            found[field.name] = fit if before in (None, fit) else self.twice(found, field, before, fit, plan, place)

    def twice(self, found: dict[str, Any], field: Field, first: Any, second: Any, plan: Plan, place: Place) -> Any:
        """The value of a field that stands there in two spellings. Two lists are one; of others nothing tells which is
        meant, so what is about it is closed.
        """
        if isinstance(first, list) and isinstance(second, list):
            return first + second
        misfit = Misfit("shape", f"{field.name} stands here twice")
        if field.name in plan.required or (field.decides and "Unreadable" not in plan.marks):
            raise misfit.at(place)
        self.note(misfit, first, place, decides=field.decides)
        if field.decides:
            found["Unreadable"] = True
        return second

    def fit(self, value: object, wanted: inspect.Type, place: Place) -> Any:
        """The value as the type; None where it is a way of writing that there is no value."""
        wanted = choice(value, wanted)
        if isinstance(value, str) and not isinstance(wanted, inspect.StrType | inspect.AnyType):
            value = value.strip()
            if value.lower() in NOTHING:
                return None
        if isinstance(wanted, inspect.StructType):
            return self.struct(value, wanted, place)
        if isinstance(wanted, inspect.ListType):
            return self.elements(value, wanted, place)[0]
        found = SCALARS[type(wanted)](value)
        return in_range(found, wanted) if isinstance(wanted, inspect.IntType) else found

    def elements(self, value: object, wanted: inspect.ListType, place: Place) -> tuple[list[Any], list[object]]:
        """The elements that can be read, and those that cannot, which are set aside."""
        found, lost = [], []
        is_of_structs = isinstance(wanted.item_type, inspect.StructType)
        if is_of_structs:
            value = in_pairs(value, plan_of(cast(Any, wanted.item_type).cls))
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
        """The elements that can be read, and of the others the names; "" where even the name cannot be read."""
        chosen = choice([], wanted)
        if not isinstance(chosen, inspect.ListType) or (isinstance(value, str) and value.strip().lower() in NOTHING):
            return [], []
        found, lost = self.elements(value, chosen, place)
        return found, [_name_of(item) for item in lost]

    def note(self, misfit: Misfit, item: object, place: Place, decides: bool = True) -> None:
        misfit.at(place)
        reason = misfit.what.replace("\0", "\N{REPLACEMENT CHARACTER}")
        self.set_aside.append(SetAside(misfit.place, reason, misfit.kind, _as_json(item), decides))


def in_range(number: int, wanted: inspect.IntType) -> int:
    if wanted.ge is not None and number < wanted.ge:
        raise Misfit("number", f"a number from {wanted.ge} on is due here, not {number}")
    return number


def _unrecognised(names: list[str]) -> Misfit:
    return Misfit("shape", f"nothing that is read is here; there is {', '.join(names[:5])[:80]}")


def _named(value: object, plan: Plan, place: Place) -> dict[str, Any]:
    """The object that a bare name stands for, where one may (`Plan.is_of_a_name`). Raises Misfit otherwise."""
    if not plan.is_of_a_name or isinstance(value, bool | list):
        raise Misfit("shape", f"an object is due here, not {shown(value)}").at(place)
    return {"Name": as_text(value)}


def _listed(value: object, wanted: inspect.ListType) -> list[Any]:
    """The elements, whether in a list, in an object of objects (by id, or under one name), or a single one alone."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and value and all(isinstance(inner, list | dict) for inner in value.values()):
        is_struct = isinstance(wanted.item_type, inspect.StructType)
        if not is_struct or not plan_of(cast(Any, wanted.item_type).cls).knows(value):
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
