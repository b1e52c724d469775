"""The one door: a delivery's bytes in, a message out, or the reason why not."""

from typing import Any

import msgspec

from . import shape
from .dialect import json_dialect
from .envelope import Envelope
from .errors import DEFAULT_LIMITS, DecodeError, Limits
from .fragment import shown_type, whole
from .hyper import hyper_message, is_hyper
from .json import read_envelope, read_plain
from .limits import check_size, too_deep
from .mend import mend
from .messages import Dialect, Message
from .xml import read_xml

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def decode(body: bytes, limits: Limits = DEFAULT_LIMITS) -> Message:
    """The message in `body`, whichever dialect it is written in. Raises DecodeError and nothing else."""
    return _decode(body, limits, pieces=False)


def decode_fragment(body: bytes, limits: Limits = DEFAULT_LIMITS) -> Message:
    """As `decode`, and pieces of a message too: a bare `<Livescore>`, a body without its header.

    The fixture of a piece that does not name it is 0; the type is what a whole message of the same contents would have.
    """
    return _decode(body, limits, pieces=True)


def _decode(body: bytes, limits: Limits, pieces: bool) -> Message:
    check_size(body, limits)
    body = body.removeprefix(BYTE_ORDER_MARK)
    begins = body.lstrip()[:1] if body[:1].isspace() else body[:1]
    try:
        if begins == b"<":
            return _message(read_xml(body, limits), Dialect.XML, pieces)
        if begins not in (b"{", b"["):
            raise _neither(body)
        envelope = read_envelope(body, limits)
        if envelope is not None:
            return shape.message(envelope, json_dialect(envelope))
        return _message(read_plain(body, limits), None, pieces)
    except RecursionError:
        raise too_deep(limits) from None


def _neither(body: bytes) -> DecodeError:
    if not body or body.isspace():
        return DecodeError("empty", "the message is empty")
    return DecodeError("syntax", f"the message is neither JSON nor XML: it begins with {body[:20]!r}")


def _message(plain: Any, dialect: Dialect | None, pieces: bool) -> Message:
    """The message in plain values; without a `dialect` they were JSON."""
    plain = _unwrapped(plain)
    if dialect is None and isinstance(plain, dict) and is_hyper(plain):
        return hyper_message(plain)
    is_piece = pieces and not _has_header(plain)
    if is_piece:
        plain = whole(plain)
    if not _has_header(plain):
        raise DecodeError("shape", f"the message has no Header; {_what_it_has(plain)}")
    envelope = _envelope(plain, dialect)
    message = shape.message(envelope, dialect or json_dialect(envelope))
    if is_piece:
        message.header.type = shown_type(message)
    return message


def _unwrapped(plain: Any) -> Any:
    """The message itself, which documentation shows as the only element of an array, and under `Message`."""
    if isinstance(plain, list) and plain and _is_message(plain[0]):
        if len(plain) > 1:
            raise DecodeError("shape", f"there are {len(plain)} messages in one array; a delivery has one")
        plain = plain[0]
    if _is_message(plain) and not _has_header(plain):
        return plain["Message"]
    return plain


def _is_message(plain: Any) -> bool:
    return _has_header(plain) or (isinstance(plain, dict) and "Message" in plain)


def _has_header(plain: Any) -> bool:
    return isinstance(plain, dict) and any(name.lower() == "header" for name in plain)


def _what_it_has(plain: Any) -> str:
    if isinstance(plain, dict) and plain:
        return f"it has {', '.join(list(plain)[:5])}"
    return "it is a list" if isinstance(plain, list) else "it has nothing"


def _envelope(plain: dict[str, Any], dialect: Dialect | None) -> Envelope:
    """XML mostly fits as it is; JSON that fits never comes here."""
    if dialect is Dialect.XML:
        try:
            return msgspec.convert(plain, Envelope, strict=False)
        except msgspec.ValidationError:
            pass
    return mend(plain, Envelope)
