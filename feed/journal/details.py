"""What the fixtures' log has of a message beside its leaf. Pure.

Details stand in the order of their batch's leaves: those of messages come first there, and each has some.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import zstandard

#: Of zstd: a batch waits for it.
LEVEL = 1
#: Of a batch, once unpacked.
MOST_BYTES = 64 * 1024 * 1024
#: Of a message about more markets (a snapshot) no markets are named.
MOST_MARKETS = 50


class Details(msgspec.Struct, array_like=True, gc=False, omit_defaults=True):
    """`type`, `seq`, `guid` and `sent_at` as the header has them; None, or empty: it has none, or could not be read.

    `unread` counts the parts that could not be read. `is_repeat`: the broker says that it may have come before.
    `is_uncounted`: its number says nothing of messages that are missing.
    """

    type: int | None = None
    seq: int | None = None
    guid: str = ""
    sent_at: datetime | None = None
    markets: list[int] = []
    size: int = 0
    unread: int = 0
    is_repeat: bool = False
    is_uncounted: bool = False


NOT_READ = Details()
encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(list[Details]).decode


def packed_details(details: Sequence[Details]) -> bytes | None:
    """Details as the database keeps them; None: there are none."""
    return zstandard.ZstdCompressor(LEVEL).compress(encode(details)) if details else None


def unpacked_details(stored: bytes | memoryview | None) -> list[Details]:
    """Empty where they were forgotten, or come from before the log."""
    if stored is None:
        return []
    return decode(zstandard.ZstdDecompressor().decompress(stored, max_output_size=MOST_BYTES))
