"""When that was committed which somebody sees: a price, or a part at a revision."""

from datetime import datetime

from feed.journal.prices import bet_states
from feed.models import Bet, JournalEntry

#: A price that did not change within this many entries of its market is attributed to the last that spoke of it.
MOST_ENTRIES = 20_000


def teller_of_price(fixture_id: int, provider_id: int | None, bet_id: int | None) -> datetime | None:
    """When the message was committed that made the price or status of a bet what it is."""
    if provider_id is None or bet_id is None:
        return None
    bet = Bet.objects.filter(fixture_id=fixture_id, provider_id=provider_id, bet_id=bet_id).first()
    if bet is None:
        return None
    market = {"fixture_id": fixture_id, "part": JournalEntry.Part.MARKET, "market_id": bet.market_id}
    entries = JournalEntry.objects.filter(**market)
    states = bet_states(fixture_id, bet.market_id, {(provider_id, bet_id)}, MOST_ENTRIES)
    entries = entries.filter(pk=states[-1].entry) if states else entries.filter(revision=bet.revision)
    return entries.order_by("-revision").values_list("committed_at", flat=True).first()


def teller_of_part(fixture_id: int, part: int | None, revision: int | None) -> datetime | None:
    """When a revision of a part was committed."""
    if part is None or revision is None:
        return None
    entries = JournalEntry.objects.filter(fixture_id=fixture_id, part=part, market_id=0, revision=revision)
    return entries.values_list("committed_at", flat=True).first()
