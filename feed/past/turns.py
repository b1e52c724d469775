"""Where something of a fixture turned: the moments that one goes to from another one of the past."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from feed.codes import BetStatus
from feed.journal.prices import states_of
from feed.journal.scores import scores_of
from feed.journal.states import state_at
from feed.models import Bet, JournalEntry, Scoreboard

from .rows import bets_at

Part = JournalEntry.Part
#: Entries that are searched; a turn that is farther away is not found.
MOST_ENTRIES = 5000


def after(fixture_id: int, moment: datetime, **of: Any) -> QuerySet[JournalEntry]:
    entries = JournalEntry.objects.filter(fixture_id=fixture_id, committed_at__gt=moment, keyframe_revision__gt=0, **of)
    return entries.order_by("committed_at", "revision", "id")


def change(fixture_id: int, moment: datetime) -> datetime | None:
    """The next change of anything."""
    return after(fixture_id, moment).values_list("committed_at", flat=True).first()


def change_before(fixture_id: int, moment: datetime) -> datetime | None:
    """The change of anything before this one."""
    entries = JournalEntry.objects.filter(fixture_id=fixture_id, committed_at__lt=moment, keyframe_revision__gt=0)
    return entries.order_by("-committed_at").values_list("committed_at", flat=True).first()


def goal(fixture_id: int, moment: datetime) -> datetime | None:
    """Where the score is another one next: a goal, or one that was taken back."""
    now = [row.scores for row in state_at(fixture_id, Part.SCOREBOARD, moment)[Scoreboard]]
    for entry in read(after(fixture_id, moment, part=Part.SCOREBOARD)):
        if any(board.scores not in now for board in scores_of([(entry.pk, fixture_id, entry.blob)])):
            return entry.committed_at
    return None


def suspension(fixture_id: int, moment: datetime) -> datetime | None:
    """Where a bet is suspended next that was not."""
    suspended: dict[int, set[tuple[int, int]]] = {}
    for entry in read(after(fixture_id, moment, part=Part.MARKET)):
        for state in states_of([(entry.pk, fixture_id, entry.market_id, entry.blob)]):
            if entry.market_id not in suspended:
                suspended[entry.market_id] = suspended_at(fixture_id, entry.market_id, moment)
            bet, of_market = (state.provider_id, state.bet_id), suspended[entry.market_id]
            if state.status != BetStatus.SUSPENDED:
                of_market.discard(bet)
            elif bet not in of_market:
                return entry.committed_at
    return None


def price_change(fixture_id: int, moment: datetime, bet: tuple[int, int]) -> datetime | None:
    """Where the price of a bet, by bookmaker and id, is another one next."""
    market_id = Bet.objects.filter(fixture_id=fixture_id, provider_id=bet[0], bet_id=bet[1]).values_list("market_id")
    for (found,) in market_id[:1]:
        rows = bets_at(fixture_id, [found], moment)[Bet]
        now = next((row.price for row in rows if (row.provider_id, row.bet_id) == bet), None)
        for entry in read(after(fixture_id, moment, part=Part.MARKET, market_id=found)):
            of_entry = [(entry.pk, fixture_id, found, entry.blob)]
            if any(state.price != now for state in states_of(of_entry, frozenset([bet]), [str(bet[1]).encode()])):
                return entry.committed_at
    return None


def suspended_at(fixture_id: int, market_id: int, moment: datetime) -> set[tuple[int, int]]:
    """The market's suspended bets, by provider and id."""
    rows = bets_at(fixture_id, [market_id], moment)[Bet]
    return {(row.provider_id, row.bet_id) for row in rows if row.status == BetStatus.SUSPENDED}


def read(entries: QuerySet[JournalEntry]) -> Iterator[JournalEntry]:
    yield from entries.only("committed_at", "market_id", "blob")[:MOST_ENTRIES].iterator(chunk_size=200)


#: By the word in addresses.
TURNS: dict[str, Callable[[int, datetime], datetime | None]] = {
    "change": change,
    "before": change_before,
    "goal": goal,
    "suspension": suspension,
}
