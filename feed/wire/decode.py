"""The one door: a delivery's bytes in, a message out, or the reason why not."""

from typing import Any

import msgspec

from feed.wire.fields.coerce import coerce
from feed.wire.formats.envelopes import DescribedEnvelope, NoticingEnvelope
from feed.wire.formats.hyper import hyper_message, is_hyper
from feed.wire.formats.json import in_characters, read_envelope, read_joined, read_plain
from feed.wire.formats.padded import BYTE_ORDER_MARK, in_utf8, opened
from feed.wire.formats.xml import read_xml

from . import assemble
from .dialect import json_dialect
from .envelope import Envelope
from .errors import DEFAULT_LIMITS, DecodeError, Limits
from .limits import check_json_depth, check_size, too_deep
from .little import leaves_status_unread, says_more
from .messages import Dialect, Message, SetAside
from .piece import shown_type, whole
from .wrapping import has_header, unwrapped, with_contents

HEADER_AND_BODY = {"Header", "Body"}


def decode(body: bytes, limits: Limits = DEFAULT_LIMITS) -> Message:
    """The message in `body`, whichever dialect it is written in. Raises DecodeError and nothing else."""
    return _decode(body, limits, pieces=False)


def decode_piece(body: bytes, limits: Limits = DEFAULT_LIMITS) -> Message:
    """Like `decode`, and reads pieces of a message too: a bare `<Livescore>`, a body without its header.

    The fixture of a piece that does not name it is 0; the type is what a whole message of the same contents would have.
    """
    return _decode(body, limits, pieces=True)


def _decode(body: bytes, limits: Limits, pieces: bool) -> Message:
    check_size(body, limits)
    body = in_utf8(body).removeprefix(BYTE_ORDER_MARK)
    begins = body.lstrip()[:1] if body[:1].isspace() else body[:1]
    try:
        if begins == b"<":
            plain = read_xml(body, limits)
            return _usual(plain) or _message(plain, Dialect.XML, pieces)
        if begins == b'"' and (inner := _in_text(body)) is not None:
            return _decode(inner, limits, pieces)
        if begins not in (b"{", b"["):
            if (inner := opened(body, limits)) is None:
                raise _neither(body)
            return _decode(inner, limits, pieces)
        return _quick(body, limits) or _patient(body, limits, pieces)
    except RecursionError:
        raise too_deep(limits) from None


def _in_text(body: bytes) -> bytes | None:
    """The message that a text of JSON is, as it is where it was written twice; None where it is no such text."""
    try:
        return msgspec.json.decode(body, type=str).encode()
    except (msgspec.DecodeError, UnicodeError):
        return None


def _quick(body: bytes, limits: Limits) -> Message | None:
    """The message, if it is written as described from end to end; None where the patient way must look at it."""
    envelope = read_envelope(body)
    if envelope is None:
        return None
    try:
        message = assemble.message(envelope, json_dialect(envelope))
    except DecodeError as error:
        if error.kind == "type":
            raise
        return None
    if not message.events or message.events[0].markets is None:
        check_json_depth(body, limits)  # markets as described are no deeper than what describes them
    if message.set_aside or says_more(message, body, isinstance(envelope, DescribedEnvelope)):
        return None
    if leaves_status_unread(message, body) or (not message.events and read_joined(body) is not None):
        return None
    return message


def _patient(body: bytes, limits: Limits, pieces: bool) -> Message:
    """The message in JSON that is not as described. What is no character costs no more than the text that has it."""
    set_aside: list[SetAside] = []
    body = in_characters(body, set_aside)
    plain = read_plain(body, limits)
    joined = read_joined(body)
    message = _message(plain if joined is None else joined, None, pieces)
    message.set_aside[:0] = set_aside
    return message


def _neither(body: bytes) -> DecodeError:
    if not body or body.isspace():
        return DecodeError("empty", "the message is empty")
    return DecodeError("syntax", f"the message is neither JSON nor XML: it begins with {body[:20]!r}")


def _usual(plain: dict[str, Any]) -> Message | None:
    """The message in XML, if a Header and a Body are all of it and nothing in it is left unread: none is wrapped."""
    (message,) = plain.values()
    if not isinstance(message, dict) or message.keys() != HEADER_AND_BODY:
        return None
    return _as_described(message, DescribedEnvelope)


def _message(plain: Any, dialect: Dialect | None, pieces: bool) -> Message:
    """The message in plain values; without a `dialect` they were JSON."""
    plain = unwrapped(plain)
    if dialect is None and isinstance(plain, dict) and is_hyper(plain):
        return hyper_message(plain)
    is_piece = pieces and not has_header(plain)
    if is_piece:
        plain = whole(plain)
    if not has_header(plain):
        raise DecodeError("shape", f"the message has no Header; {_what_it_has(plain)}")
    plain = with_contents(plain)
    message = _as_described(plain, DescribedEnvelope, NoticingEnvelope) if dialect is Dialect.XML else None
    if message is None:
        set_aside: list[SetAside] = []
        envelope = coerce(plain, Envelope, set_aside=set_aside)
        message = assemble.message(envelope, dialect or json_dialect(envelope), set_aside)
    if is_piece:
        message.header.type = shown_type(message)
    return message


def _what_it_has(plain: Any) -> str:
    if isinstance(plain, dict) and any(value is not None for value in plain.values()):
        return f"it has {', '.join(list(plain)[:5])}"
    return "it is a list" if isinstance(plain, list) else "it has nothing"


def _as_described(plain: dict[str, Any], *envelopes: type[Envelope]) -> Message | None:
    """The message in XML that fits one of these as it is, as most does; JSON that fits never comes here."""
    for kind in envelopes:
        try:
            message = assemble.message(msgspec.convert(plain, kind, strict=False), Dialect.XML)
        except (msgspec.ValidationError, DecodeError):
            continue
        return None if message.set_aside else message
    return None
