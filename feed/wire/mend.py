"""The patient way into an envelope: plain values of any dialect, made to fit the structs field by field.

Numbers may be texts and texts numbers, an empty text is no value, one thing may stand where a list is due, names may be
written in another case. What cannot be meant raises DecodeError and says where it lies.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

import msgspec
from msgspec import inspect

from .errors import DecodeError
from .scalars import Misfit, as_bool, as_float, as_int, as_price, as_text, as_time
from .values import NOTHING, shown

SCALARS: dict[type[inspect.Type], Callable[[object], Any]] = {
    inspect.StrType: as_text,
    inspect.IntType: as_int,
    inspect.BoolType: as_bool,
    inspect.FloatType: as_float,
    inspect.DateTimeType: as_time,
    inspect.UnionType: as_price,
}

Struct = TypeVar("Struct", bound=msgspec.Struct)


class Plan(msgspec.Struct, frozen=True):
    """How a struct is read: the field and type behind each name, as written and in lower case; what must be there."""

    fields: dict[str, tuple[str, inspect.Type]]
    required: tuple[str, ...]


def mend(value: object, struct: type[Struct], name: str = "") -> Struct:
    """`value`, of dicts, lists and scalars, as the struct. Raises DecodeError with the path of what does not fit."""
    try:
        mended = _struct(value, _struct_type(struct)) or {}
        _require(_plan(struct), mended)
        return msgspec.convert(mended, struct, strict=False)
    except Misfit as misfit:
        path = "".join((name, *reversed(misfit.where))).lstrip(".") or "the message"
        raise DecodeError(misfit.kind, f"{path}: {misfit.what}") from None
    except msgspec.ValidationError as error:
        raise DecodeError("shape", f"{name or 'the message'} is not as LSports describes it: {error}") from None


def _struct(value: object, wanted: inspect.StructType) -> dict[str, Any] | None:
    """The fields that have a value; None for an object that has none of what it must have, such as `{"Id": null}`."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if value is None or value == []:
        return None
    if not isinstance(value, dict):
        raise Misfit("shape", f"an object is due here, not {shown(value)}")
    plan = _plan(wanted.cls)
    mended = {}
    for name, item in value.items():
        field = plan.fields.get(name) or plan.fields.get(name.lower())
        if field is None or item is None:
            continue
        try:
            fit = _fit(item, field[1])
        except Misfit as misfit:
            raise misfit.within(f".{name}") from None
        if fit is not None:
            mended[field[0]] = fit
    if not mended and plan.required:
        return None
    _require(plan, mended)
    return mended


def _require(plan: Plan, mended: dict[str, Any]) -> None:
    for name in plan.required:
        if name not in mended:
            raise Misfit("shape", f"{name} is missing")


@cache
def _plan(struct: type) -> Plan:
    fields = _struct_type(struct).fields
    exact = {field.encode_name: (field.encode_name, field.type) for field in fields}
    return Plan(
        fields={name.lower(): field for name, field in exact.items()} | exact,
        required=tuple(field.encode_name for field in fields if field.required),
    )


@cache
def _struct_type(struct: type) -> inspect.StructType:
    return cast(inspect.StructType, inspect.type_info(struct))


def _fit(value: object, wanted: inspect.Type) -> Any:
    """The value as the type; None where it is one way of writing that there is none."""
    if isinstance(wanted, inspect.UnionType):
        wanted = _choice(value, wanted)
    if isinstance(value, str) and not isinstance(wanted, inspect.StrType):
        value = value.strip()
        if value.lower() in NOTHING:
            return None
    if isinstance(wanted, inspect.StructType):
        return _struct(value, wanted)
    if isinstance(wanted, inspect.ListType):
        return _list(value, wanted)
    return SCALARS[type(wanted)](value)


def _choice(value: object, wanted: inspect.UnionType) -> inspect.Type:
    """The member of an optional type, or of "one or a list of them", that the value looks like; a price is a union."""
    members = [each for each in wanted.types if not isinstance(each, inspect.NoneType)]
    if any(isinstance(each, inspect.FloatType) for each in members) and len(members) > 1:
        return wanted
    listed = isinstance(value, list)
    return next((each for each in members if isinstance(each, inspect.ListType) is listed), members[0])


def _list(value: object, wanted: inspect.ListType) -> list[Any]:
    mended = []
    for index, item in enumerate(value if isinstance(value, list) else [value]):
        try:
            fit = None if item is None else _fit(item, wanted.item_type)
        except Misfit as misfit:
            raise misfit.within(f"[{index}]") from None
        if fit is not None:
            mended.append(fit)
    return mended
