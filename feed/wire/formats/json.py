"""JSON bytes to an envelope: straight into the structs where they fit, patiently where not.

TRADE and OddService JSON are mostly as described, and then one pass decodes and checks them. Hyper Livescore, and
anything odd, is first decoded into plain values.
"""

import re
from decimal import Decimal
from typing import Any

import msgspec

from feed.wire.envelope import Envelope
from feed.wire.errors import DecodeError, Limits
from feed.wire.limits import check_json_depth, too_deep

quick = msgspec.json.Decoder(Envelope, strict=False)
plain = msgspec.json.Decoder(float_hook=Decimal)
ESCAPE, NUL = b"\\", b"\\u0000"
#: One half of a surrogate pair without the other, which msgspec reports as something else.
LONE_SURROGATE = re.compile(
    rb"\\u[dD][89abAB][\da-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][\da-fA-F]{2})\\u[dD][c-fC-F]"
)


def read_envelope(body: bytes, limits: Limits) -> Envelope | None:
    """The envelope in TRADE or OddService JSON that is as described; None where it must be read patiently."""
    check_json(body, limits)
    if ESCAPE in body and NUL in body:
        return None
    try:
        return quick.decode(body)
    except (ValueError, RecursionError):
        return None


def check_json(body: bytes, limits: Limits) -> None:
    """Refuse what is not UTF-8 or is too deep, parts that nobody reads included."""
    if not body.isascii():
        try:
            body.decode()
        except UnicodeDecodeError as error:
            raise DecodeError("text", f"the message is not UTF-8: byte {error.start:,} cannot be read") from None
    check_json_depth(body, limits)


def read_plain(body: bytes, limits: Limits) -> Any:
    """The JSON as dicts, lists and scalars, fractions as Decimal. Raises DecodeError where it is not JSON."""
    try:
        return plain.decode(body)
    except RecursionError:
        raise too_deep(limits) from None
    except (ValueError, ArithmeticError) as error:
        if LONE_SURROGATE.search(body):
            raise DecodeError("text", "the message has half of a character: a lone surrogate") from None
        raise DecodeError("syntax", f"the message is not JSON: {error or 'a number out of range'}") from None
