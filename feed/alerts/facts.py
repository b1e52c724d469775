"""What rules look at, in the order in which it was received: prices, scores, red cards."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet

from feed.codes import IncidentType
from feed.models import Bet, Incident, PriceTick, ScoreTick, Statistic
from feed.models.market import CALCULATED
from feed.pages.price_history import card_marks

#: More than ten seconds' worth at a busy feed; a trial reaches back so many changes at most.
MOST_FACTS = 50_000


class PriceFact(NamedTuple):
    """A bet had this price and status from `at` on."""

    at: datetime
    fixture_id: int
    market_id: int
    provider_id: int
    bet_id: int
    outcome: str
    line: str
    price: Decimal | None
    status: int


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


def price_facts(ticks: QuerySet[PriceTick]) -> list[tuple[int, PriceFact]]:
    """The newest ticks of bookmakers with the names of their bets, each with its id; two queries."""
    rows = list(
        ticks.exclude(provider_id=CALCULATED)
        .order_by("-id")
        .values_list("id", "received_at", "fixture_id", "market_id", "provider_id", "bet_id", "price", "status")[
            :MOST_FACTS
        ]
    )
    names = bet_names({row[2] for row in rows}, {row[3] for row in rows})
    facts = []
    for pk, at, fixture_id, market_id, provider_id, bet_id, price, status in reversed(rows):
        outcome, line = names.get((fixture_id, market_id, provider_id, bet_id), ("", ""))
        facts.append((pk, PriceFact(at, fixture_id, market_id, provider_id, bet_id, outcome, line, price, status)))
    return facts


def bet_names(fixtures: set[int], markets: set[int]) -> dict[tuple[int, int, int, int], tuple[str, str]]:
    bets = Bet.objects.filter(fixture_id__in=fixtures, market_id__in=markets)
    rows = bets.values_list("fixture_id", "market_id", "provider_id", "bet_id", "name", "line")
    return {(fixture, market, provider, bet): (name, line) for fixture, market, provider, bet, name, line in rows}


def score_facts(ticks: QuerySet[ScoreTick]) -> list[tuple[int, ScoreFact]]:
    """The newest scoreboards, each with its id."""
    rows = ticks.order_by("-id").values_list("id", "received_at", "fixture_id", "status", "scores")[:MOST_FACTS]
    return [(pk, ScoreFact(at, fixture_id, status, scores)) for pk, at, fixture_id, status, scores in reversed(rows)]


def card_counts(fixtures: Iterable[int]) -> dict[int, int]:
    """How many red cards each fixture has had."""
    rows = Statistic.objects.filter(fixture_id__in=list(fixtures), type=IncidentType.RED_CARD)
    return {row.fixture_id: sum(int(n) for n in row.values.values() if str(n).isdecimal()) for row in rows}


def past_card_facts(ticks: Iterable[ScoreTick], incidents: Iterable[Incident]) -> list[CardFact]:
    """Red cards of the past, as far as the match clock tells when they were."""
    of_fixture: dict[int, list[ScoreTick]] = {}
    for tick in ticks:
        of_fixture.setdefault(tick.fixture_id, []).append(tick)
    told: dict[int, list[Incident]] = {}
    for incident in incidents:
        told.setdefault(incident.fixture_id, []).append(incident)
    return [
        CardFact(mark.at, fixture_id, number)
        for fixture_id, mine in told.items()
        for number, mark in enumerate(sorted(card_marks(of_fixture.get(fixture_id, []), mine)), 1)
    ]
