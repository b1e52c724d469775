"""Parts of a message that rows hold as JSON: plain values, our names, nothing that is absent."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from feed.wire.messages import ExtraData, Result

Places = Mapping[int, int]
NO_PLACES: Places = {}
#: How a whole number ends that is written as a fraction.
WHOLE = ".0"


def plain(value: Any) -> Any:
    """Structs as dicts under our names, times as ISO UTC, text without NUL; what is None is left out."""
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, msgspec.Struct):
        pairs = ((name, getattr(value, name)) for name in value.__struct_fields__)
        return {name: plain(item) for name, item in pairs if item is not None}
    return value


def named_parts(struct: msgspec.Struct, *names: str) -> dict[str, Any]:
    """Some fields of a struct, as JSON."""
    return {name: plain(getattr(struct, name)) for name in names if getattr(struct, name) is not None}


def extra_data(*lists: Iterable[ExtraData] | None) -> dict[str, str]:
    """Name-value pairs as a dict; of a name that comes twice, the last value."""
    return {plain_text(pair.name): plain_text(pair.value) for pairs in lists for pair in pairs or ()}


def positions(results: Iterable[Result] | None, places: Places = NO_PLACES) -> dict[str, str]:
    """Results as the rows hold them: {"1": "2", "2": "0"}; a position without a value is left out.

    `places` are the positions of participants by id, for results that name these.
    """
    found = {}
    for result in results or ():
        position = places.get(result.position) if result.is_of_participant else result.position
        if position is not None and result.value is not None:
            found[str(position)] = value_of(plain_text(result.value))
    return found


def value_of(text: str) -> str:
    """A value without what its writers differ in: blanks around it, the fraction of a whole number."""
    text = text.strip()
    return text[: -len(WHOLE)] if text.endswith(WHOLE) and text[: -len(WHOLE)].isdecimal() else text


def plain_text(text: str | None) -> str:
    """The text, or "" for none; without NUL, which no database takes."""
    if text is None:
        return ""
    return text.replace("\0", "") if "\0" in text else text
