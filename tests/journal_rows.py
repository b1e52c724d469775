"""Journal entries for tests: earlier states of a bet or a scoreboard, written without storing a batch."""

from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

from feed.codes import BetStatus
from feed.journal import prices, scores
from feed.journal.blobs import columns, packed
from feed.journal.prices import BetState
from feed.models import Bet, JournalEntry

Part = JournalEntry.Part
#: Revisions of fixtures whose history is made here, not by batches.
revisions = count(1)


def note_price(
    bet: Bet, price: str | None, at: datetime, status: int = 1, settlement: int | None = None, reason: int | None = None
) -> None:
    """The bet had this price and status from then on."""
    amount = Decimal(price) if price else None
    state = bet.provider_id, bet.bet_id, amount, status, settlement, reason, None, None, at, 0
    market = {"fixture_id": bet.fixture_id, "market_id": bet.market_id, "name": "", "revision": 1}
    step = at, at, 1, market, [], columns([state]), []
    blob = at, [step], None
    write(bet.fixture_id, Part.MARKET, blob, at, market_id=bet.market_id, settles=status == BetStatus.SETTLED)


def note_score(fixture_id: int, at: datetime, **scoreboard: Any) -> None:
    """The fixture had this scoreboard from then on."""
    blank = {"fixture_id": fixture_id, "status": 2, "description": None, "current_period": None, "time": None}
    row = blank | {"scores": {}, "received_at": at, "sent_at": at} | scoreboard
    write(fixture_id, Part.SCOREBOARD, (at, [row], []), at)


def write(fixture_id: int, part: int, blob: tuple[Any, ...], at: datetime, **fields: Any) -> None:
    """An entry received and committed at that time. It belongs to no keyframe, like history from before the journal."""
    times = {"received_at": at, "committed_at": at}
    stored = {"revision": next(revisions), "keyframe_revision": 0, "blob": packed(blob)}
    JournalEntry.objects.create(fixture_id=fixture_id, part=part, **stored, **times, **fields)


def all_prices() -> list[BetState]:
    """Every price and status of every bet in the journal, by fixture in order."""
    entries = JournalEntry.objects.filter(part=Part.MARKET).order_by("fixture_id", "revision", "id")
    return prices.distinct(prices.states_of(prices.columns_of(entries)))


def all_scores() -> list[scores.Scores]:
    """Every scoreboard in the journal, by fixture in order."""
    entries = JournalEntry.objects.filter(part=Part.SCOREBOARD).order_by("fixture_id", "revision", "id")
    return scores.scores_of(scores.columns_of(entries))
