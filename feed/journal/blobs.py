"""What stands in a journal entry's blob: JSON arrays, compressed by zstd with a dictionary that all blobs share.

Rows stand whole, by the names of their columns. Of a bet only what moves is written, column by column over all bets of
a message; a column whose values are all alike is that value.
"""

import threading
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import zstandard

from feed.models import Bet, Market, ProviderMarket

from .rows import row_type


class State(NamedTuple):
    """The fields of a bet that move: as LSports sent them, but for `previous_price` and `moves`, which follow from its
    price."""

    provider_id: int
    bet_id: int
    price: Decimal | None
    status: int
    settlement: int | None
    suspension_reason: int | None
    probability: float | None
    calculated_margin: float | None
    last_update: datetime | None
    epoch: int


STATE = State._fields
#: A bet's State, as a plain tuple.
state_of = attrgetter(*STATE)
LEVEL = 3
DICTIONARY = zstandard.ZstdCompressionDict(Path(__file__).with_name("dictionary_1.zstd").read_bytes())

Integers = int | list[int]
MaybeIntegers = int | list[int | None] | None
MaybeFloats = float | list[float | None] | None


class States(msgspec.Struct, array_like=True, gc=False):
    """The states of bets as columns. One whose values are all alike is that value."""

    provider_id: Integers
    bet_id: Integers
    price: Decimal | list[Decimal | None] | None
    status: Integers
    settlement: MaybeIntegers
    suspension_reason: MaybeIntegers
    probability: MaybeFloats
    calculated_margin: MaybeFloats
    last_update: datetime | list[datetime | None] | None
    epoch: Integers


class Step(msgspec.Struct, array_like=True, gc=False):
    """What one message changed of a market: of `states` what moves, of `bets` every column.

    Of a bet that is in both, the states came first. `late` are states that were over when the message came, since a
    newer one had come before it: they belong to the history alone.
    """

    received_at: datetime
    sent_at: datetime
    source_id: int
    market: row_type(Market)  # type: ignore[valid-type]
    providers: list[row_type(ProviderMarket)]  # type: ignore[valid-type]
    states: States | None
    bets: list[row_type(Bet)]  # type: ignore[valid-type]
    late: States | None = None


class Whole(msgspec.Struct, array_like=True, gc=False):
    """All rows of a market, beside the market's own, after a batch."""

    providers: list[row_type(ProviderMarket)]  # type: ignore[valid-type]
    bets: list[row_type(Bet)]  # type: ignore[valid-type]


class MarketBlob(msgspec.Struct, array_like=True, gc=False):
    """What a batch changed of a market, message by message; a keyframe has the whole of it as well."""

    sent_at: datetime | None
    steps: list[Step]
    whole: Whole | None


class StepHead(msgspec.Struct, array_like=True, gc=False):
    """The part of a step that is about the market itself."""

    received_at: msgspec.Raw
    sent_at: msgspec.Raw
    source_id: msgspec.Raw
    market: row_type(Market)  # type: ignore[valid-type]


class MarketHead(msgspec.Struct, array_like=True, gc=False):
    sent_at: msgspec.Raw
    steps: list[StepHead]


class Sent(msgspec.Struct, array_like=True, gc=False):
    """What every blob begins with: when the last message was sent that changed the fixture in the batch."""

    sent_at: datetime | None


class PartBlob(msgspec.Struct, array_like=True, gc=False):
    """Rows of a part's table that a batch changed, and the keys of those that are gone; a keyframe has all rows.

    Of a scoreboard these are all that it was on the way, the last of them what it is now.
    """

    sent_at: datetime | None
    rows: list[msgspec.Raw]
    gone: list[list[Any]]


encode = msgspec.json.Encoder().encode
read_market = msgspec.json.Decoder(MarketBlob).decode
read_head = msgspec.json.Decoder(MarketHead).decode
read_part = msgspec.json.Decoder(PartBlob).decode
#: The fixture's `sent_at`, with which every blob begins.
read_sent_at = msgspec.json.Decoder(Sent).decode


class Codecs(threading.local):
    """zstd's contexts serve one thread at a time."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(LEVEL, dict_data=DICTIONARY)
        self.decompressor = zstandard.ZstdDecompressor(dict_data=DICTIONARY)


CODECS = Codecs()


def packed(blob: tuple[Any, ...]) -> bytes:
    """A blob, whose parts stand in the order of MarketBlob's or PartBlob's, as it is stored."""
    return compressed(encode(blob))


def compressed(text: bytes) -> bytes:
    """A blob's JSON as it is stored."""
    return CODECS.compressor.compress(text)


def unpacked(stored: bytes | memoryview) -> bytes:
    """The JSON of a blob."""
    return CODECS.decompressor.decompress(stored)


def columns(states: Sequence[tuple[Any, ...]]) -> list[Any] | None:
    """States of bets as States has them; None: there are none."""
    if not states:
        return None
    values = zip(*states, strict=True)
    return [column[0] if column.count(column[0]) == len(column) else column for column in values]


def state_rows(columns: States | None) -> list[State]:
    """The states of bets, in their order."""
    if columns is None:
        return []
    given = [getattr(columns, name) for name in STATE]
    count = next((len(column) for column in given if isinstance(column, list)), 1)
    lists = [column if isinstance(column, list) else [column] * count for column in given]
    return [State(*values) for values in zip(*lists, strict=True)]
