"""What goes around a message: ids, sequence numbers, times, AMQP headers (docs/protocol.md, Envelope)."""

from collections import Counter
from datetime import UTC, datetime
from enum import IntEnum
from functools import lru_cache
from random import Random

from feed.codes import MessageType
from sandbox.contest import Contest
from sandbox.outgoing import Feed, Outgoing


@lru_cache(maxsize=4096)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def iso(milliseconds: int, finer: int = 0) -> str:
    """ISO 8601 in UTC; `finer` are the 4 digits after the milliseconds, as LSports writes 7 of them."""
    seconds, rest = divmod(milliseconds, 1000)
    if not rest and not finer:
        return f"{_second(seconds)}Z"
    return f"{_second(seconds)}.{f'{rest:03}{finer:04}'.rstrip('0')}Z"


class Counting(IntEnum):
    """What MsgSeq counts: the messages of a market, as LSports says, or others together with them."""

    BY_MARKET = 0
    BY_FIXTURE = 1
    BY_TYPE = 2
    ALL_IN_ONE = 3


class Post:
    """Numbers and stamps the messages of one dialect. `now` and `counting` are set by whoever lets time pass."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.now = 0
        self.counting = Counting.BY_MARKET
        #: By fixture, so that one that is over can be forgotten; fixture 0 stands for all.
        self.sequences: dict[int, Counter[tuple[Counting, int, int]]] = {}

    def guid(self) -> str:
        """A random UUID of version 4."""
        digits = f"{self.rng.getrandbits(128):032x}"
        variant = "89ab"[int(digits[16], 16) & 3]
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"

    def next_number(self, kind: MessageType, contest: Contest, market_id: int | None) -> int:
        """`MsgSeq`: every fixture has its own, of each type of message, of each market where the type has one.

        All ways of counting go on all the time, so that one can switch to another at once, and back.
        """
        counted = self.sequences.setdefault(contest.card.fixture_id, Counter())
        together = self.sequences.setdefault(0, Counter())
        keys = {
            Counting.BY_MARKET: (counted, (Counting.BY_MARKET, int(kind), market_id or 0)),
            Counting.BY_FIXTURE: (counted, (Counting.BY_FIXTURE, 0, 0)),
            Counting.BY_TYPE: (counted, (Counting.BY_TYPE, int(kind), 0)),
            Counting.ALL_IN_ONE: (together, (Counting.ALL_IN_ONE, 0, 0)),
        }
        for counter, key in keys.values():
            counter[key] += 1
        counter, key = keys[self.counting]
        return counter[key]

    def begin_anew(self) -> None:
        """Every count begins at 1 again."""
        self.sequences.clear()

    def forget(self, fixture_id: int) -> None:
        """Forget a fixture's counts: nothing more will be sent of it."""
        self.sequences.pop(fixture_id, None)

    def outgoing(
        self,
        kind: MessageType,
        body: bytes,
        feeds: tuple[Feed, ...],
        guid: str,
        *,
        contest: Contest | None = None,
        number: int | None = None,
        market_id: int | None = None,
    ) -> Outgoing:
        headers = {"MessageGuid": guid, "MessageType": str(int(kind)), "timestamp_in_ms": str(self.now)}
        if number is not None:
            headers["MessageSequence"] = str(number)
        if contest is not None:
            headers["FixtureId"] = str(contest.card.fixture_id)
            headers["SportId"] = str(contest.card.sport.id)
        if market_id is not None:
            headers["MarketId"] = str(market_id)
        fixture_id = None if contest is None else contest.card.fixture_id
        return Outgoing(at=self.now, feeds=feeds, type=int(kind), body=body, headers=headers, fixture_id=fixture_id)
