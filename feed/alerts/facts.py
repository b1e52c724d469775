"""What rules look at, in the order in which it was received: prices, scores, red cards."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from django.db import connection
from django.db.models import QuerySet

from feed.codes import IncidentType
from feed.journal.prices import columns_of as price_columns
from feed.journal.prices import distinct, states_of
from feed.journal.scores import Scores, scores_of
from feed.journal.scores import columns_of as score_columns
from feed.models import Incident, JournalEntry, Statistic
from feed.models.market import CALCULATED
from feed.pages.prices.history import card_marks
from feed.vouching.predicate import bet_reasons
from feed.vouching.reading import read_market_vouching
from feed.vouching.reasons import SUSPENDED, Reason, Reasons
from feed.vouching.sources import Vouching

Part = JournalEntry.Part
#: More than ten seconds' worth at a busy feed; the most entries, and changes, that a trial reaches back.
MOST_FACTS = 50_000

MARKETS_TOGETHER = 500
BETS_OF = """
SELECT fixture_id, market_id, provider_id, bet_id, name, line, source_id, unreadable, epoch, participant_id
FROM feed_bet WHERE (fixture_id, market_id) IN (VALUES PAIRS)
"""

BetNames = tuple[str, str, int | None, bool, int, int | None]
UNKNOWN_BET: BetNames = ("", "", None, False, 0, None)
#: Id, fixture, market and blob; id, fixture and blob.
PriceRow = tuple[int, int, int, Any]
ScoreRow = tuple[int, int, Any]


class PriceFact(NamedTuple):
    """A bet had this price from `at` on; `reasons` say why it was not open."""

    at: datetime
    fixture_id: int
    market_id: int
    provider_id: int
    bet_id: int
    outcome: str
    line: str
    price: Decimal | None
    reasons: Reasons = ()

    @property
    def is_open(self) -> bool:
        return not self.reasons

    @property
    def is_suspended(self) -> bool:
        return not SUSPENDED.isdisjoint(self.reasons)

    @property
    def is_settled(self) -> bool:
        return Reason.BET_SETTLED in self.reasons


class ScoreFact(NamedTuple):
    """A fixture's scoreboard was this from `at` on."""

    at: datetime
    fixture_id: int
    status: int
    scores: dict[str, str]


class CardFact(NamedTuple):
    """A red card was shown; `cards` is how many in the match so far."""

    at: datetime
    fixture_id: int
    cards: int


Fact = PriceFact | ScoreFact | CardFact


class PastOffer(NamedTuple):
    """A bet as an entry of the journal left it."""

    status: int
    price: Decimal | None
    provider_id: int
    source_id: int | None
    unreadable: bool
    epoch: int
    name: str
    participant_id: int | None


def price_rows(entries: QuerySet[JournalEntry]) -> list[PriceRow]:
    """The newest of these entries, as far as they are of markets, oldest first; entries of one fixture are in order."""
    return list(price_columns(entries.filter(part=Part.MARKET).order_by("-id"))[:MOST_FACTS])[::-1]


def price_facts(
    rows: Iterable[PriceRow], vouching: Vouching | None = None, needs: "Needs | None" = None
) -> list[PriceFact]:
    """The newest prices of bookmakers in entries of markets; those alone that somebody `needs`, if given.

    With `vouching` a price is also closed where something does not vouch for it now: five queries. Without, for the
    past, only what the journal says of the bet itself counts: two queries.
    """
    states = [state for state in distinct(states_of(rows)) if state.provider_id != CALCULATED][-MOST_FACTS:]
    if needs is not None:
        wanted = {market: needs.providers(*market) for market in {state.market for state in states}}
        states = [state for state in states if not wanted[state.market].isdisjoint((0, state.provider_id))]
    markets = {state.market for state in states}
    bets = bet_names(markets)
    vouchings = read_market_vouching(*ids_of(markets), vouching) if vouching else {}
    facts = []
    for state in states:
        outcome, line, source_id, unreadable, epoch, participant = bets.get(state.bet, UNKNOWN_BET)
        if needs is not None and not needs.of_price((*state.market, state.provider_id), outcome, line):
            continue
        market = vouchings.get(state.market)
        offer = PastOffer(
            state.status, state.price, state.provider_id, source_id, unreadable, epoch, outcome, participant
        )
        reasons = market.closed_because(offer) if market else bet_reasons(state.status, state.price)
        facts.append(PriceFact(state.received_at, *state.bet, outcome, line, state.price, reasons))
    return facts


class Needs(Protocol):
    """Which prices somebody looks at."""

    def providers(self, fixture_id: int, market_id: int) -> frozenset[int]:
        """The bookmakers whose prices of the market they look at; 0 stands for all."""

    def of_price(self, of_book: tuple[int, int, int], outcome: str, line: str) -> Sequence[object]:
        """Who looks at a price of this fixture, market and bookmaker."""


def ids_of(markets: Collection[tuple[int, int]]) -> tuple[set[int], set[int]]:
    """The fixtures and the numbers of markets."""
    return {fixture_id for fixture_id, _ in markets}, {market_id for _, market_id in markets}


def bet_names(markets: Collection[tuple[int, int]]) -> dict[tuple[int, int, int, int], BetNames]:
    """The outcome, line, source, unreadability, epoch and participant of each bet of these markets, by fixture, market,
    provider and bet."""
    found: dict[tuple[int, int, int, int], BetNames] = {}
    pairs = list(markets)
    with connection.cursor() as cursor:
        for start in range(0, len(pairs), MARKETS_TOGETHER):
            some = pairs[start : start + MARKETS_TOGETHER]
            cursor.execute(
                BETS_OF.replace("PAIRS", ", ".join(["(%s, %s)"] * len(some))), [pk for pair in some for pk in pair]
            )
            found |= {row[:4]: (*row[4:7], bool(row[7]), *row[8:]) for row in cursor.fetchall()}
    return found


def score_rows(entries: QuerySet[JournalEntry]) -> list[ScoreRow]:
    """The newest of these entries, as far as they are of scoreboards, oldest first."""
    return list(score_columns(entries.filter(part=Part.SCOREBOARD).order_by("-id"))[:MOST_FACTS])[::-1]


def score_facts(rows: Iterable[ScoreRow]) -> list[ScoreFact]:
    """The scoreboards in entries."""
    return [ScoreFact(row.received_at, row.fixture_id, row.status, row.scores) for row in scores_of(rows)]


def card_counts(fixtures: Iterable[int]) -> dict[int, int]:
    """How many red cards each fixture has had."""
    rows = Statistic.objects.filter(fixture_id__in=list(fixtures), type=IncidentType.RED_CARD)
    return {row.fixture_id: sum(int(n) for n in row.values.values() if str(n).isdecimal()) for row in rows}


def past_card_facts(history: Iterable[Scores], incidents: Iterable[Incident]) -> list[CardFact]:
    """Red cards of the past, as far as the match clock tells when they were."""
    of_fixture: dict[int, list[Scores]] = {}
    for scores in sorted(history, key=lambda scores: scores.at):
        of_fixture.setdefault(scores.fixture_id, []).append(scores)
    incidents_of: dict[int, list[Incident]] = {}
    for incident in incidents:
        incidents_of.setdefault(incident.fixture_id, []).append(incident)
    return [
        CardFact(mark.at, fixture_id, number)
        for fixture_id, own in incidents_of.items()
        for number, mark in enumerate(sorted(card_marks(of_fixture.get(fixture_id, []), own)), 1)
    ]
