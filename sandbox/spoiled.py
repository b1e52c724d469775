"""Messages as faults leave them: late, twice, in another order, lost, broken, unheard of."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from random import Random

from feed.codes import MessageType

from .aim import Dropped, number_of
from .faults import Faults
from .outgoing import BOTH, Feed, Outgoing

#: A message out of order swaps places with one of the next few.
REORDERING_SPAN = 4
#: Lost messages that are listed: the newest.
MOST_LISTED = 10_000
TIME = re.compile(rb'("ServerTimestamp":|<ServerTimestamp>)(\d+)')
TYPE = re.compile(rb'("Type":|"MessageType":|<Type>)(\d+)(?=[,}<])')
STATUS = re.compile(rb'("Status":|"status":|Status=")(\d+)')
PERIOD = re.compile(rb'("CurrentPeriod":|CurrentPeriod=")(-?\d+)')
FIRST_KEY = re.compile(rb'("Body":|"body":)\{')


class Spoiler:
    """Does to messages what the faults that are on say; what it holds back comes out when it is due.

    Chances are drawn from `seed`, so that a run can be repeated. `dropped` lists the numbered messages that got lost.
    """

    def __init__(self, faults: Faults, seed: int = 1) -> None:
        self.faults = faults
        self.rng = Random(f"faults {seed}")
        self.late: list[tuple[int, Outgoing]] = []
        self.held: list[tuple[int, Outgoing]] = []
        self.dropped: deque[Dropped] = deque(maxlen=MOST_LISTED)

    def spoil(self, messages: Iterable[Outgoing], now: int) -> Iterator[Outgoing]:
        """What arrives of `messages`, and of earlier ones whose time has come by `now` (milliseconds)."""
        for outgoing in messages:
            yield from self.due(outgoing.at)
            if not self.faults.on:
                yield from self.pass_held(outgoing)
                continue
            if self.loses(outgoing):
                continue
            spoiled = self.rewritten(outgoing)
            seconds = self.faults.number("delay")
            if seconds:
                self.late.append((outgoing.at + int(seconds * 1000), spoiled))
            elif self.hits("reordering"):
                self.held.append((self.rng.randint(1, REORDERING_SPAN), spoiled))
            else:
                yield from self.pass_held(spoiled)
                if self.hits("duplicates"):
                    yield spoiled
        yield from self.due(now)
        if not self.faults.number("reordering"):
            yield from self.release()

    def loses(self, outgoing: Outgoing) -> bool:
        """Whether a message does not arrive; a numbered one is listed then."""
        number = number_of(outgoing)
        is_dropped = number is not None and bool(self.faults.number("drop")) and self.faults.aim("drop").meets(outgoing)
        if is_dropped:
            self.faults.count_down("drop")
        is_lost = is_dropped or self.hits("silence") or self.hits("lost")
        if is_lost and number is not None:
            self.dropped.append(Dropped.of(outgoing, number))
        return is_lost

    def hits(self, name: str) -> bool:
        share = self.faults.number(name)
        return bool(share) and self.rng.random() < share

    def due(self, now: int) -> Iterator[Outgoing]:
        """Late messages whose time has come; all of them once nothing is late any more."""
        if self.late and not self.faults.number("delay"):
            now = self.late[-1][0]
        while self.late and self.late[0][0] <= now:
            yield self.late.pop(0)[1]

    def pass_held(self, outgoing: Outgoing) -> Iterator[Outgoing]:
        """This message, then those held back to arrive after it."""
        yield outgoing
        waiting = [(places - 1, message) for places, message in self.held]
        self.held = [(places, message) for places, message in waiting if places > 0]
        yield from (message for places, message in waiting if places <= 0)

    def release(self) -> Iterator[Outgoing]:
        held, self.held = self.held, []
        yield from (message for _, message in held)

    def rewritten(self, outgoing: Outgoing) -> Outgoing:
        body = outgoing.body
        seconds = self.faults.number("clocks")
        if seconds:
            body = TIME.sub(lambda found: found[1] + str(shifted(int(found[2]), seconds)).encode(), body)
        if self.hits("unknown"):
            body = self.unheard_of(body)
        if self.hits("truncated"):
            body = body[: self.rng.randrange(1, max(2, len(body)))]
        if self.hits("garbage"):
            body = self.rng.randbytes(self.rng.randint(1, 400))
        feeds = BOTH if self.overlaps(outgoing) else outgoing.feeds
        is_as_it_was = body is outgoing.body and feeds is outgoing.feeds
        return outgoing if is_as_it_was else replace(outgoing, body=body, feeds=feeds)

    def overlaps(self, outgoing: Outgoing) -> bool:
        """Whether odds of a match in play go to the pre-match package as well."""
        is_in_play = outgoing.type == MessageType.MARKET and outgoing.feeds == (Feed.IN_PLAY,)
        return is_in_play and self.hits("overlap")

    def unheard_of(self, body: bytes) -> bytes:
        """One of: a type, statuses, a period, a key that no document names."""
        choice = self.rng.randrange(4)
        if choice == 0:
            return TYPE.sub(lambda found: found[1] + b"77", body, count=1)
        if choice == 1:
            return STATUS.sub(lambda found: found[1] + b"42", body)
        if choice == 2:
            return PERIOD.sub(lambda found: found[1] + b"640", body)
        return FIRST_KEY.sub(lambda found: found[0] + b'"Unheard":{"Of":[1,null,"x"]},', body, count=1)


def shifted(timestamp: int, seconds: float) -> int:
    """LSports' time stamps are in seconds or milliseconds: by their size."""
    return timestamp + int(seconds * 1000 if timestamp > 10**11 else seconds)
