"""Bytes of a message that are not written as nearly all are: in wide characters, compressed, padded."""

import zlib

from feed.wire.errors import DecodeError, Limits
from feed.wire.limits import check_size

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
#: How UTF-16 begins: with a mark, or with `<`, `{` or `[` of two bytes. UTF-32 of low bytes first begins alike.
WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
WIDE |= {bytes((ord(begins), 0)): "utf-16-le" for begins in "<{["} | {
    bytes((0, ord(begins))): "utf-16-be" for begins in "<{["
}
WIDER = {"utf-16": "utf-32", "utf-16-le": "utf-32-le"}
#: How UTF-32 begins whose high bytes come first.
HIGH_FIRST = (b"\0\0\xfe\xff", *(bytes((0, 0, 0, ord(begins))) for begins in "<{["))
#: How what gzip and zlib have compressed begins, and how zlib is asked for both.
COMPRESSED, EITHER = (b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"), 47
#: How a message begins; a text, within which one is, as well.
BEGINS = (b"{", b"[", b"<", b'"')
#: What may stand around a message and is none of it.
PADDING = b"\0 \t\r\n"


def in_utf8(body: bytes) -> bytes:
    """What is written in UTF-16 or UTF-32 as UTF-8, anything else as it is."""
    encoding = WIDE.get(body[:2])
    if encoding is None:
        return body
    if body[2:4] == b"\0\0":
        encoding = WIDER.get(encoding, encoding)
    return decoded(body, encoding)


def decoded(body: bytes, encoding: str) -> bytes:
    try:
        return body.decode(encoding).encode()
    except UnicodeError as error:
        name = encoding[: len("utf-16")].upper()
        raise DecodeError("text", f"the message is not {name}, though it begins so: {error}") from None


def opened(body: bytes, limits: Limits) -> bytes | None:
    """The message in what does not begin as one; None where there is none to be found.

    Raises DecodeError for one that is too large as soon as it is decompressed.
    """
    if body.startswith(COMPRESSED):
        inner = decompressed(body, limits)
    elif body.startswith(HIGH_FIRST) and body[4:7] == b"\0\0\0":
        inner = decoded(body, "utf-32" if body.startswith(HIGH_FIRST[0]) else "utf-32-be")
    else:
        inner = body.strip(PADDING)
    while inner is not None and inner.startswith(BYTE_ORDER_MARK):
        inner = inner.removeprefix(BYTE_ORDER_MARK).strip(PADDING)
    return inner if inner is not None and inner != body and inner[:1] in BEGINS else None


def decompressed(body: bytes, limits: Limits) -> bytes | None:
    try:
        inner = zlib.decompressobj(EITHER).decompress(body, limits.max_bytes + 1)
    except zlib.error:
        return None
    check_size(inner, limits)
    return inner
