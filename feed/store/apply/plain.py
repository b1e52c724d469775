"""Parts of a message that rows hold as JSON: plain values, our names, nothing that is absent."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from feed.wire.messages import ExtraData


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


def positions(results: Iterable[Any] | None) -> dict[str, str]:
    """Results as the rows hold them: {"1": "2", "2": "0"}; a position without a value is left out."""
    return {str(result.position): plain_text(result.value) for result in results or () if result.value is not None}


def plain_text(text: str | None) -> str:
    """The text, or "" for none; without NUL, which no database takes."""
    if text is None:
        return ""
    return text.replace("\0", "") if "\0" in text else text
