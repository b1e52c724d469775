"""JSON bytes to an envelope: straight into the structs where they fit, patiently where not.

TRADE and OddService JSON are mostly as described, and then one pass decodes and checks them. Hyper Livescore, and
anything odd, is first decoded into plain values.
"""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec

from feed.wire.envelope import Envelope
from feed.wire.errors import DecodeError, Limits
from feed.wire.formats.padded import PADDING
from feed.wire.limits import check_json_depth, too_deep
from feed.wire.messages import SetAside

from .envelopes import DescribedEnvelope, NoticingEnvelope

#: In the order in which they are tried.
quick = (
    msgspec.json.Decoder(DescribedEnvelope, strict=False),
    msgspec.json.Decoder(NoticingEnvelope, strict=False),
)
plain = msgspec.json.Decoder(float_hook=Decimal)
ESCAPE, NUL = b"\\", b"\\u0000"
REPLACEMENT = rb"\\ufffd"
#: One half of a surrogate pair without the other, which msgspec reports as something else.
LONE_SURROGATE = re.compile(
    rb"\\u[dD][89abAB][\da-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][\da-fA-F]{2})\\u[dD][c-fC-F]"
)


def read_envelope(body: bytes) -> Envelope | None:
    """The envelope in TRADE or OddService JSON that is as described; None where it must be read patiently.

    A field that LSports adds to its markets so costs one decoding more, not the patient way.
    """
    if ESCAPE in body and NUL in body:
        return None
    for decoder in quick:
        try:
            return decoder.decode(body)
        except (ValueError, RecursionError):
            continue
    return None


def in_characters(body: bytes, set_aside: list[SetAside]) -> bytes:
    """The JSON with a replacement in the place of what is no character, each kind of which is noted: it costs no more
    than the text that has it.
    """
    if not body.isascii():
        try:
            body.decode()
        except UnicodeDecodeError as error:
            body = body.decode(errors="replace").encode()
            note(set_aside, f"the message is not UTF-8: byte {error.start:,} cannot be read")
    if ESCAPE in body and LONE_SURROGATE.search(body):
        body = LONE_SURROGATE.sub(REPLACEMENT, body)
        note(set_aside, "the message has half of a character: a lone surrogate")
    return body


def note(set_aside: list[SetAside], reason: str) -> None:
    set_aside.append(SetAside("", reason, "text", "", decides=False))


def read_plain(body: bytes, limits: Limits) -> Any:
    """The JSON as dicts, lists and scalars, fractions as Decimal. Raises DecodeError where it is not JSON."""
    check_json_depth(body, limits)
    try:
        return plain.decode(body)
    except RecursionError:
        raise too_deep(limits) from None
    except (ValueError, ArithmeticError) as error:
        if (found := read_loosely(body)) is not None:
            return found
        if "trailing characters" in str(error):
            raise DecodeError("syntax", f"more stands behind the message; a delivery has one: {error}") from None
        raise DecodeError("syntax", f"the message is not JSON: {error or 'a number out of range'}") from None


def read_loosely(body: bytes) -> Any:
    """JSON with what .NET and others write beside the rules, a bare NaN or a tab within a text; None where it is none.

    NaN and the infinities become texts, which are no numbers.
    """
    return loaded(body, dict)


def read_joined(body: bytes) -> Any:
    """The JSON with all that stands under one name of an object, as XML's repeated elements; None where none is there
    twice with different values.

    Decoders take the last and say nothing.
    """
    found: list[str] = []
    plain = loaded(body, lambda pairs: joined(pairs, found))
    return plain if found else None


def loaded(body: bytes, of_pairs: Callable[[list[tuple[str, Any]]], dict[str, Any]]) -> Any:
    try:
        return json.loads(
            body.rstrip(PADDING), strict=False, parse_float=Decimal, parse_constant=str, object_pairs_hook=of_pairs
        )
    except (ValueError, ArithmeticError, RecursionError):
        return None


def joined(pairs: list[tuple[str, Any]], found: list[str]) -> dict[str, Any]:
    """The object; names that stand there twice go to `found`. Two lists are one, of other values a list is made."""
    values = dict(pairs)
    if len(values) == len(pairs):
        return values
    values.clear()
    for name, value in pairs:
        before = values.get(name)
        if before is None:
            values[name] = value
        elif value is not None and (type(value), value) != (type(before), before):
            found.append(name)
            more = value if isinstance(value, list) else [value]
            values[name] = [*before, *more] if isinstance(before, list) else [before, *more]
    return values
