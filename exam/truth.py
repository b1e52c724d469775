"""What was true, when, and from when on the desk could know it: read from the supplier's witness (`sandbox.witness`).

It shares no code with `feed.wire`, so that a misreading of the documents does not excuse itself. Times are seconds
since 1970.
"""

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise
from math import inf
from typing import Any, NamedTuple

from feed.codes import BetStatus, FixtureStatus, MessageType

PLAYABLE = frozenset({FixtureStatus.NOT_STARTED, FixtureStatus.ABOUT_TO_START, FixtureStatus.IN_PROGRESS})
#: Of odds: the messages of matches.
ODDS = frozenset({MessageType.MARKET, MessageType.SETTLEMENT})


class Limits(NamedTuple):
    """What the desk states that it needs to know, in seconds (design's section 9 and the settings' own values).

    `patience` is that with a hole, `silence` FEED_LATE_SECONDS, `heartbeats` the longest space, `lag` the least.
    """

    patience: float = 2.5
    silence: float = 15.0
    heartbeats: float = 12.0
    lag: float = 3.0


STATED = Limits()


class Key(NamedTuple):
    """A bet, as a page names it; provider 0 is the supplier's own calculation."""

    fixture: int
    market: int
    provider: int
    name: str
    line: str


class Stream(NamedTuple):
    """Messages that are counted together."""

    fixture: int | None
    type: int
    market: int | None


class Offered(NamedTuple):
    """How a bet stood from `at` on: its price while it was open, else None. `guid` is the message that said so."""

    at: float
    price: Decimal | None
    guid: str
    stream: Stream


class Row(NamedTuple):
    """A bet's last word, as its row must have it."""

    status: int
    price: Decimal | None
    guid: str


#: A bet by its ids: fixture, market, provider, bet.
Ids = tuple[int, int, int, int]


class Truth:
    """`offers` has each bet's states in the order of time, `rows` the last statement of each, `statements` all of them.

    A bet that cannot be told apart by its name is in `ambiguous`.
    """

    def __init__(self, lines: Iterable[dict[str, Any]], limits: Limits = STATED) -> None:
        self.limits = limits
        self.offers: dict[Key, list[Offered]] = defaultdict(list)
        self.rows: dict[Ids, Row] = {}
        self.statements: dict[Ids, list[Row]] = defaultdict(list)
        self.closed_fixtures: set[int] = set()
        self.ids: dict[Key, int] = {}
        self.ambiguous: set[Key] = set()
        self.sent: dict[str, float] = {}
        self.sent_of_stream: dict[Stream, list[float]] = defaultdict(list)
        self.sent_at: list[float] = []
        self.noticed_at: list[float] = []
        beats: list[float] = []
        for line in lines:
            if "true" in line:
                self.take_true(line)
            else:
                self.take_sent(line, beats)
        self.noticed_at += [after for before, after in pairwise(beats) if after - before > limits.heartbeats]
        gaps = pairwise([*self.sent_at, inf])
        self.silences = [(before + limits.silence, after) for before, after in gaps if after - before > limits.silence]
        self.noticed_at.sort()

    def take_true(self, line: dict[str, Any]) -> None:
        """Take in what a message states: the truth."""
        at, guid, stream = line["at"] / 1000, line["true"], stream_of(line)
        for event in (line["body"].get("Body") or {}).get("Events") or ():
            fixture = event.get("Fixture")
            if stream.type == MessageType.FIXTURE and fixture:
                self.take_status(event["FixtureId"], fixture["Status"], Offered(at, None, guid, stream))
            for market in event.get("Markets") or () if stream.type in ODDS else ():
                for provider, bet in bets_of(market):
                    self.take_bet(ids_of(event, market, provider, bet), bet, at, guid, stream)

    def take_bet(self, ids: Ids, bet: dict[str, Any], at: float, guid: str, stream: Stream) -> None:
        key = Key(ids[0], ids[1], ids[2], bet["Name"], bet.get("Line") or "")
        if self.ids.setdefault(key, ids[3]) != ids[3]:
            self.ambiguous.add(key)
        price = Decimal(bet["Price"])
        is_open = bet["Status"] == BetStatus.OPEN and price > 1 and ids[0] not in self.closed_fixtures
        self.offers[key].append(Offered(at, price if is_open else None, guid, stream))
        self.rows[ids] = Row(bet["Status"], price, guid)
        self.statements[ids].append(self.rows[ids])

    def take_status(self, fixture: int, status: int, closed: Offered) -> None:
        """Note the status of a fixture; no bet of one that is not to be played (any more) is open."""
        if status in PLAYABLE:
            self.closed_fixtures.discard(fixture)
            return
        self.closed_fixtures.add(fixture)
        for key in [key for key in self.offers if key.fixture == fixture]:
            self.offers[key].append(closed)

    def take_sent(self, line: dict[str, Any], beats: list[float]) -> None:
        at, stream = line["at"] / 1000, stream_of(line)
        self.sent.setdefault(line["sent"], at)
        self.sent_of_stream[stream].append(at)
        self.sent_at.append(at)
        if line["type"] == MessageType.HEARTBEAT:
            beats.append(at)
        if at - line["of"] / 1000 > self.limits.lag:
            self.noticed_at.append(at)

    def spans(self, key: Key) -> Iterator[tuple[float, float, Offered]]:
        """Each state of the bet with its begin and end; the last one has no end."""
        states = self.offers.get(key, [])
        for place, state in enumerate(states):
            end = states[place + 1].at if place + 1 < len(states) else inf
            if end > state.at:
                yield state.at, end, state

    def knowable_at(self, state: Offered) -> float:
        """From when on the desk can know this state of the bet, or that it does not know its state.

        By the message itself; by a later one of its stream, after the patience that holes have; by a space in the
        heartbeats; by messages that come late; by silence.
        """
        stream = self.sent_of_stream.get(state.stream, [])
        after = stream[place] + self.limits.patience if (place := bisect_right(stream, state.at)) < len(stream) else inf
        noticed = self.noticed_at
        hint = noticed[place] if (place := bisect_left(noticed, state.at)) < len(noticed) else inf
        silent = next((max(begin, state.at) for begin, end in self.silences if end > state.at), inf)
        return max(state.at, min(self.sent.get(state.guid, inf), after, hint, silent))


def stream_of(line: dict[str, Any]) -> Stream:
    return Stream(line["fixture"], line["type"], line["market"])


def bets_of(market: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The bets of a market with their providers."""
    yield from ((0, bet) for bet in market.get("Bets") or ())
    for provider in market.get("ProviderMarkets") or ():
        yield from ((provider["Id"], bet) for bet in provider["Bets"])


def ids_of(event: dict[str, Any], market: dict[str, Any], provider: int, bet: dict[str, Any]) -> Ids:
    return event["FixtureId"], market["Id"], provider, bet["Id"]


def read_witness(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The witness's lines; one that was cut off at the end is left out."""
    for line in lines:
        if line.endswith(b"\n"):
            yield json.loads(line)
