"""A span: what one web process showed in some seconds, whole in itself, as it stands in the database.

Whoever asks about a moment reads one span of each web process, however long a page had been open by then.
"""

from typing import Any

import msgspec
import zstandard

#: A frame that was acknowledged by a page that painted nothing: another window was before it.
HIDDEN = -1.0
#: What a span of pages may unpack to, in bytes.
MOST_BYTES = 256 * 1024 * 1024


class Item(msgspec.Struct, array_like=True):
    """A topic at a version, once in a span. `digest` is the SHA-256 of its HTML as sent, shortened to 16 bytes; b""
    where it did not come by a socket, and of programs."""

    topic: str
    version: str
    digest: bytes = b""


class Event(msgspec.Struct, array_like=True, gc=False):
    """`at` is in epoch milliseconds. Of `items`, by their places in the span, those in `gone` are shown no longer.

    `painted` is how many ms after that the page had painted it, HIDDEN where it was hidden, None where that is not
    known. What the page had already when it told that it shows it `is_own`.
    """

    at: int
    items: list[int]
    painted: float | None = None
    is_own: bool = False
    gone: tuple[str, ...] = ()


class Viewing(msgspec.Struct, array_like=True):
    """One socket in a span: what it had when the span began, and what it was sent. Times in epoch milliseconds.

    `number` names the socket in its process; `who` is what `feed.viewings.viewers` makes of its owner.
    """

    number: int
    kind: str
    who: bytes
    opened: int
    had: list[int]
    events: list[Event]
    closed: int | None = None


class Span(msgspec.Struct, array_like=True):
    items: list[Item]
    viewings: list[Viewing]


ENCODER = msgspec.msgpack.Encoder()
DECODER = msgspec.msgpack.Decoder(Span)


def packed(span: Span) -> bytes:
    return zstandard.compress(ENCODER.encode(span), level=3)


def unpacked(blob: Any) -> Span:
    """Raises ValueError for what is no span."""
    return decoded(content_of(blob))


def content_of(blob: Any) -> bytes:
    """What was packed, encoded. Raises ValueError where that cannot be read."""
    try:
        return zstandard.ZstdDecompressor().decompress(bytes(blob), max_output_size=MOST_BYTES)
    except zstandard.ZstdError as error:
        raise ValueError(f"no span: {error}") from None


def decoded(content: bytes) -> Span:
    """Raises ValueError for what is no span."""
    try:
        return DECODER.decode(content)
    except msgspec.DecodeError as error:
        raise ValueError(f"no span: {error}") from None
