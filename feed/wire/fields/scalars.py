"""Single values made to fit, however they are written: numbers as texts, texts as numbers, times in three ways."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

import msgspec

from feed.wire.errors import DecodeError
from feed.wire.messages import MAX_TEXT

from .values import NUMBER, epoch, price, real, shown, utc

WHOLE = re.compile(r"[+-]?\d{1,30}(\.0{0,30})?", re.ASCII)
LONG_FRACTION = re.compile(r"(\.\d{6})\d+", re.ASCII)
BOOLEANS = {"true": True, "yes": True, "1": True, "no": False, "false": False, "0": False}
#: A number of more digits is no 64-bit int, for 2^63 has 19.
INT_DIGITS = 20


class Misfit(Exception):
    """A value that cannot be meant, of which kind, and where it lies as soon as that is known."""

    def __init__(self, kind: str, what: str) -> None:
        super().__init__(what)
        self.kind = kind
        self.what = what
        self.place = ""

    def at(self, place: Any) -> "Misfit":
        """Note where it lies, as nested (outer, step) pairs; the first note counts, for it is the innermost."""
        steps: list[str] = []
        while place is not None:
            place, step = place
            steps.append(step)
        self.place = self.place or "".join(reversed(steps)).lstrip(".")
        return self


def as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | Decimal):
        text = msgspec.json.encode(value, enc_hook=str).decode(errors="replace")
    else:
        text = str(value)
    if len(text) > MAX_TEXT:
        raise Misfit("shape", f"a text of at most {MAX_TEXT} characters is due here, not {shown(text)}")
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}") if "\0" in text else text


def as_int(value: object) -> int:
    number: int | None = None
    if isinstance(value, int):
        number = int(value)
    elif isinstance(value, Decimal):
        number = _whole(value)
    elif isinstance(value, str):
        number = int(value.partition(".")[0]) if WHOLE.fullmatch(value) else BOOLEANS.get(value.lower())
    if number is None:
        raise Misfit("number", f"a whole number is due here, not {shown(value)}")
    if not -(2**63) <= number < 2**63:
        raise Misfit("number", f"{shown(number)} does not fit in 64 bits")
    return int(number)  # of "true" it is a bool


def _whole(value: Decimal) -> int | None:
    """The int that the number is; None if it has a fraction or is so long that it fits nowhere."""
    if not value.is_finite() or value.adjusted() > INT_DIGITS:
        return None
    return int(value) if value == value.to_integral_value() else None


def as_bool(value: object) -> bool:
    written = str(value).lower() if isinstance(value, str | bool | int) else ""
    if written not in BOOLEANS:
        raise Misfit("shape", f"true or false is due here, not {shown(value)}")
    return BOOLEANS[written]


def as_price(value: object) -> str:
    """The price as a text, which `normalise` makes a Decimal."""
    is_number = NUMBER.fullmatch(value) if isinstance(value, str) else _is_number(value)
    if not is_number:
        raise Misfit("number", f"a price is due here, not {shown(value)}")
    text = str(value)
    try:
        price(text)
    except DecodeError as error:
        raise Misfit(error.kind, error.reason) from None
    return text


def as_float(value: object) -> float | None:
    try:
        return real(float(value)) if isinstance(value, str | int | Decimal) else None
    except (ValueError, OverflowError):
        raise Misfit("number", f"a number is due here, not {shown(value)}") from None


def as_time(value: object) -> datetime | None:
    if isinstance(value, str) and not NUMBER.fullmatch(value):
        return _in_utc(_written_time(value))
    if not isinstance(value, str) and not _is_number(value):
        raise Misfit("time", f"a time is due here, not {shown(value)}")
    try:
        return utc(epoch(float(Decimal(cast(str | int | Decimal, value)))))
    except DecodeError as error:
        raise Misfit(error.kind, error.reason) from None


def _in_utc(moment: datetime) -> datetime | None:
    try:
        return utc(moment)
    except DecodeError as error:
        raise Misfit(error.kind, error.reason) from None


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _written_time(text: str) -> datetime:
    try:
        return msgspec.convert(text, datetime)
    except msgspec.ValidationError:
        pass
    try:
        return datetime.fromisoformat(LONG_FRACTION.sub(r"\1", text))
    except ValueError:
        raise Misfit("time", f"a time of the years 1 to 9999 is due here, not {shown(text)}") from None
