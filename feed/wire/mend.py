"""The patient way into an envelope: plain values of any dialect, made to fit the structs field by field.

Numbers may be texts and texts numbers, an empty text is no value, one thing may stand where a list is due, names may be
written in another case. What cannot be meant raises DecodeError and says where it lies.
"""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import cache
from math import isfinite
from typing import Any, TypeVar, cast

import msgspec
from msgspec import inspect

from . import tidy
from .errors import DecodeError

WHOLE = re.compile(r"[+-]?\d{1,30}(\.0{0,30})?", re.ASCII)
NUMBER = re.compile(r"[+-]?(\d{1,400}(\.\d{0,400})?|\.\d{1,400})([eE][+-]?\d{1,3})?", re.ASCII)
LONG_FRACTION = re.compile(r"(\.\d{6})\d+", re.ASCII)
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
#: A number written longer than this has no exact int: 2^63 has 19 digits.
INT_DIGITS = 20
SHOWN = 40


Struct = TypeVar("Struct", bound=msgspec.Struct)


class Plan(msgspec.Struct, frozen=True):
    """How a struct is read: the field and type behind each name, as written and in lower case; what must be there."""

    fields: dict[str, tuple[str, inspect.Type]]
    required: tuple[str, ...]


class Misfit(Exception):
    """A value that cannot be meant; `where` grows outwards to its path."""

    def __init__(self, kind: str, what: str) -> None:
        super().__init__(what)
        self.kind = kind
        self.what = what
        self.where: list[str] = []

    def within(self, step: str) -> "Misfit":
        self.where.append(step)
        return self


def mend(value: object, struct: type[Struct], name: str = "") -> Struct:
    """`value`, of dicts, lists and scalars, as the struct. Raises DecodeError with the path of what does not fit."""
    try:
        return msgspec.convert(_struct(value, _struct_type(struct)) or {}, struct, strict=False)
    except Misfit as misfit:
        path = "".join((name, *reversed(misfit.where))).lstrip(".") or "the message"
        raise DecodeError(misfit.kind, f"{path}: {misfit.what}") from None
    except msgspec.ValidationError as error:
        raise DecodeError("shape", f"{name or 'the message'} is not as LSports describes it: {error}") from None


def _struct(value: object, wanted: inspect.StructType) -> dict[str, Any] | None:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if value in (None, "", []):
        return None
    if not isinstance(value, dict):
        raise Misfit("shape", f"an object is due here, not {_shown(value)}")
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
    for name in plan.required:
        if name not in mended:
            raise Misfit("shape", f"{name} is missing")
    return mended


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
    if isinstance(wanted, inspect.UnionType):
        wanted = _choice(value, wanted)
    return FITTERS[type(wanted)](value, wanted)


def _choice(value: object, wanted: inspect.UnionType) -> inspect.Type:
    """The member of an optional type, or of "one or a list of them", that the value looks like."""
    members = [each for each in wanted.types if not isinstance(each, inspect.NoneType)]
    listed = isinstance(value, list)
    return next((each for each in members if isinstance(each, inspect.ListType) is listed), members[0])


def _list(value: object, wanted: inspect.ListType) -> list[Any] | None:
    if value == "":
        return None
    mended = []
    for index, item in enumerate(value if isinstance(value, list) else [value]):
        try:
            fit = None if item is None else _fit(item, wanted.item_type)
        except Misfit as misfit:
            raise misfit.within(f"[{index}]") from None
        if fit is not None:
            mended.append(fit)
    return mended


def _text(value: object, wanted: inspect.StrType) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | Decimal):
        raise Misfit("shape", f"a text is due here, not {_shown(value)}")
    text = str(value)
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}") if "\0" in text else text


def _int(value: object, wanted: inspect.IntType) -> int | None:
    number: int | None = None
    if isinstance(value, int):
        number = int(value)
    elif isinstance(value, Decimal):
        number = _whole(value)
    elif isinstance(value, str):
        written = value.strip()
        if not written:
            return None
        number = int(written.partition(".")[0]) if WHOLE.fullmatch(written) else BOOLEANS.get(written.lower())
    if number is None:
        raise Misfit("number", f"a whole number is due here, not {_shown(value)}")
    if not -(2**63) <= number < 2**63:
        raise Misfit("number", f"{_shown(number)} does not fit in 64 bits")
    return number


def _whole(value: Decimal) -> int | None:
    """The int that the number is; None if it has a fraction or is so long that it fits nowhere."""
    if not value.is_finite() or value.adjusted() > INT_DIGITS:
        return None
    return int(value) if value == value.to_integral_value() else None


def _bool(value: object, wanted: inspect.BoolType) -> bool | None:
    written = str(value).strip().lower() if isinstance(value, str | bool | int) else None
    if written == "":
        return None
    if written not in BOOLEANS:
        raise Misfit("shape", f"true or false is due here, not {_shown(value)}")
    return BOOLEANS[written]


def _decimal(value: object, wanted: inspect.DecimalType) -> Decimal | None:
    if isinstance(value, str):
        value = value.strip()
        if not value:
            return None
        if not NUMBER.fullmatch(value):
            raise Misfit("number", f"a price is due here, not {_shown(value)}")
        return Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Misfit("number", f"a price is due here, not {_shown(value)}")
    return Decimal(value)


def _float(value: object, wanted: inspect.FloatType) -> float | None:
    """A number; NaN and the infinities, which .NET writes for want of a value, are none."""
    if isinstance(value, str) and not value.strip():
        return None
    try:
        number = float(value) if isinstance(value, str | int | Decimal) else None
    except (ValueError, OverflowError):
        number = None
    if number is None:
        raise Misfit("number", f"a number is due here, not {_shown(value)}")
    return number if isfinite(number) else None


def _time(value: object, wanted: inspect.DateTimeType) -> datetime | None:
    if isinstance(value, str):
        value = value.strip()
        if not value:
            return None
        if not NUMBER.fullmatch(value):
            return _written_time(value)
        value = Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Misfit("time", f"a time is due here, not {_shown(value)}")
    return tidy.epoch(float(value) if isinstance(value, Decimal) else value)


def _written_time(text: str) -> datetime:
    try:
        return msgspec.convert(text, datetime)
    except msgspec.ValidationError:
        pass
    try:
        return datetime.fromisoformat(LONG_FRACTION.sub(r"\1", text))
    except ValueError:
        raise Misfit("time", f"a time of the years 1 to 9999 is due here, not {_shown(text)}") from None


def _shown(value: object) -> str:
    """The value as an operator can read it: short, and named where it is not a scalar."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    written = f'"{value}"' if isinstance(value, str) else str(value)
    return written if len(written) <= SHOWN else f"{written[:SHOWN]}..."


FITTERS: dict[type[inspect.Type], Callable[[Any, Any], Any]] = {
    inspect.StructType: _struct,
    inspect.ListType: _list,
    inspect.StrType: _text,
    inspect.IntType: _int,
    inspect.BoolType: _bool,
    inspect.DecimalType: _decimal,
    inspect.FloatType: _float,
    inspect.DateTimeType: _time,
}
