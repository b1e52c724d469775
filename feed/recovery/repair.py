"""Repairing markets of which messages are missing: each is asked for by itself, what is in play first."""

import time
from collections.abc import Iterable

from django.db.models import Case, Value, When

from feed.codes import IN_PLAY
from feed.models import FeedSource, Market

from .supplier import Supplier, Wanted

#: Markets in one call; the answer brings only these fixtures' markets with these ids.
MOST_MARKETS = 20
#: Seconds until a market that is still not whole is requested again; the last one repeats.
PAUSES = (5.0, 15.0, 60.0, 300.0)
#: Seconds between requests while the numbers are doubted: an answer may prove them.
DOUBTED_SECONDS = 15.0

Place = tuple[int, int]


class Repair:
    """The markets with a gap of one source."""

    def __init__(self, source_id: int, supplier: Supplier) -> None:
        self.source_id = source_id
        self.supplier = supplier
        self.tries: dict[Place, int] = {}
        self.due_at: dict[Place, float] = {}
        self.paused_until = 0.0

    def take_turn(self) -> bool:
        """Ask for what is due. True if something was asked for."""
        now = time.monotonic()
        if now < self.paused_until:
            return False
        places = self.places()
        for gone in self.tries.keys() - set(places):
            del self.tries[gone], self.due_at[gone]
        due = [place for place in places if now >= self.due_at.get(place, 0.0)][:MOST_MARKETS]
        if not due:
            return False
        fixtures, markets = zip(*due, strict=True)
        wanted = Wanted(fixtures=distinct(fixtures), markets=distinct(markets))
        if self.supplier.ask(self.source_id, wanted).was_sent:
            self.note_asked(due)
        return True

    def note_asked(self, places: Iterable[Place]) -> None:
        now = time.monotonic()
        for place in places:
            number = self.tries.get(place, 0)
            self.tries[place] = number + 1
            self.due_at[place] = now + PAUSES[min(number, len(PAUSES) - 1)]
        if FeedSource.objects.filter(pk=self.source_id, doubted_since__isnull=False).exists():
            self.paused_until = now + DOUBTED_SECONDS

    def places(self) -> list[Place]:
        """Fixture and market of each gap, what is in play first."""
        gaps = Market.objects.filter(skipped_at__isnull=False, gap_since__isnull=False, numbered_by=self.source_id)
        in_play = Case(When(fixture__status__in=IN_PLAY, then=Value(0)), default=Value(1))
        rows = gaps.order_by(in_play, "gap_since", "fixture_id", "market_id")
        return list(rows.values_list("fixture_id", "market_id"))


def distinct(ids: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(ids))
