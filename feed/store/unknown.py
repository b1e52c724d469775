"""Counts of the numbers and words that nobody knows, for operations. A message that changes nothing is not counted."""

from datetime import datetime

from django.db.models import F

from feed.models import UnknownCode
from feed.store.apply.plain import plain_text
from feed.wire.unknown import unknown_codes

from .arrival import Received

#: So many different numbers of a kind are listed; a feed gone mad does not fill the table.
MOST_OF_A_KIND = 1000

Key = tuple[str, int, int, str]


class Sighting:
    """How often a number was seen in a batch, from when to when, and where last."""

    def __init__(self, first: datetime) -> None:
        self.seen = 0
        self.first = first

    def again(self, received_at: datetime, fixture_id: int) -> None:
        self.seen += 1
        self.last, self.fixture_id = received_at, fixture_id


class UnknownCodes:
    """The numbers without a name in a batch."""

    def __init__(self) -> None:
        self.sightings: dict[Key, Sighting] = {}

    def count(self, received: Received, changed: set[int]) -> None:
        """Count those of a message, in the fixtures that it changed."""
        if not changed:
            return
        for unknown in unknown_codes(received.message):
            if unknown.fixture_id in changed:
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
