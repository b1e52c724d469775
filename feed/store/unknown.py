"""Counts numbers, words and fields without a name here, for operations. Messages that change nothing do not count."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F

from feed.models import UnknownCode
from feed.store.apply.plain import plain_text
from feed.wire.left_out import left_out
from feed.wire.messages import Livescore
from feed.wire.unknown import MOST_CHARACTERS, unknown_codes
from feed.wire.unknown import UnknownCode as Unknown

from .arrival import Received
from .rows.fixture_rows import FixtureRows

#: The most rows of a kind, so that a feed that sends nonsense does not fill the table.
MOST_OF_A_KIND = 1000

#: Fields that are not read are found by decoding a message a second time, which costs as much as the first. So this is
#: done for the first messages of each type, then for one in `ONE_IN`.
FIRST_READ_AGAIN, ONE_IN = 20, 500

Key = tuple[str, int, int, str]
#: By type, how many messages this process has counted.
counted: Counter[int] = Counter()


class Sighting:
    """How often a number came in a batch, when first and last, and in which fixture last."""

    def __init__(self, first: datetime) -> None:
        self.seen = 0
        self.first = first

    def again(self, received_at: datetime, fixture_id: int) -> None:
        self.seen += 1
        self.last, self.fixture_id = received_at, fixture_id


def fields_left_out(received: Received) -> Iterator[Unknown]:
    """The fields of a message that the desk does not read, if the message is one of those that are decoded again."""
    message, body = received.message, received.delivery.body if received.delivery else b""
    counted[message.header.type] += 1
    number = counted[message.header.type]
    if body and message.events and (number <= FIRST_READ_AGAIN or number % ONE_IN == 0):
        for name in left_out(body):
            yield Unknown("field", 0, 0, message.events[0].fixture_id, f"{name}, not read"[:MOST_CHARACTERS])


def participants_named(livescore: Livescore) -> set[int]:
    """The participants whom results name by id; of one that no description has, the result has no place."""
    board = livescore.scoreboard
    parents: list[Any] = [board, *(livescore.periods or ()), *(livescore.statistics or ())]
    named = set()
    while parents:
        parent = parents.pop()
        for result in getattr(parent, "results", None) or ():
            if result.is_of_participant:
                named.add(result.position)
        parents += getattr(parent, "incidents", None) or ()
        parents += getattr(parent, "sub_periods", None) or ()
    return named


class UnknownCodes:
    """The numbers, words and fields of a batch that have no name here."""

    def __init__(self) -> None:
        self.sightings: dict[Key, Sighting] = {}

    def count(self, received: Received, changed: set[int], fixture_rows: Mapping[int, FixtureRows]) -> None:
        """Count what a message brought without a name, in the fixtures that it changed; and whom of nobody knows."""
        for event in received.message.events:
            if event.livescore is not None and event.livescore.names_participants:
                known = {row.participant_id for row in fixture_rows[event.fixture_id].participants.values()}
                for number in participants_named(event.livescore) - known:
                    self.note(Unknown("participant", number, 0, event.fixture_id), received)
        if not changed:
            return
        for unknown in (*unknown_codes(received.message), *fields_left_out(received)):
            if unknown.fixture_id in changed:
                self.note(unknown, received)

    def note(self, unknown: Unknown, received: Received) -> None:
        key = unknown.kind, unknown.code, unknown.sport_id, plain_text(unknown.word)
        sighting = self.sightings.setdefault(key, Sighting(received.received_at))
        sighting.again(received.received_at, unknown.fixture_id)

    def write(self) -> None:
        for (kind, code, sport_id, word), sighting in sorted(self.sightings.items()):
            rows = UnknownCode.objects.filter(kind=kind, code=code, sport_id=sport_id, word=word)
            last = {"last_seen_at": sighting.last, "last_fixture_id": sighting.fixture_id}
            if rows.update(seen=F("seen") + sighting.seen, **last):
                continue
            if UnknownCode.objects.filter(kind=kind).count() < MOST_OF_A_KIND:
                row = UnknownCode(kind=kind, code=code, sport_id=sport_id, word=word, seen=sighting.seen, **last)
                row.first_seen_at = sighting.first
                UnknownCode.objects.bulk_create([row], ignore_conflicts=True)
