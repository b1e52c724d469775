"""Scenes from rows: which fixtures in play or about to start have changed, and only what is new of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet

from feed.codes import IN_PLAY, UPCOMING
from feed.models import Bet, Fixture, Market
from feed.models.market import CALCULATED
from feed.pages.prices.movers import MARKETS, Offer, closed_since, titles
from feed.vouching.market import MarketVouching
from feed.vouching.reading import read_market_vouching
from feed.vouching.reasons import Reason
from feed.vouching.sources import Vouching

from .scene import Scene

#: A fixture that starts later than this, or should have started longer ago, needs nobody now.
AHEAD, OVERDUE = timedelta(hours=1), timedelta(minutes=15)
#: Of more fixtures than this a list is no help to anybody.
MOST_FIXTURES = 2000
#: How many fixtures one query names.
CHUNK = 100

BetKey = tuple[int, int, int]


class FixtureState(NamedTuple):
    """What shows whether a fixture has changed, and what scenes need of its row."""

    fixture_id: int
    revision: int
    charge: str
    stored_at: datetime | None
    sport_id: int | None
    status: int
    start_at: datetime | None
    scores: dict[str, str] | None
    seconds: int | None


class Known(NamedTuple):
    """A fixture as it was last read: its state, its title, its offers by market, bookmaker and bet."""

    state: FixtureState
    title: str
    offers: dict[BetKey, Offer]


def read_states(now: datetime) -> dict[int, FixtureState]:
    """The matches in play and those that start soon: one query."""
    soon = Q(status__in=UPCOMING, start_at__gte=now - OVERDUE, start_at__lte=now + AHEAD)
    rows = Fixture.objects.matches().filter(Q(status__in=IN_PLAY) | soon).order_by("start_at", "id")
    columns = ("id", "revision", "charge", "stored_at", "sport_id", "status", "start_at")
    states = rows.values_list(*columns, "scoreboard__scores", "scoreboard__time")[:MOST_FIXTURES]
    return {row[0]: FixtureState(*row) for row in states}


def read_known(states: Collection[FixtureState], known: dict[int, Known]) -> dict[int, Known]:
    """These fixtures with their bets as they are now. Of fixtures already known, only bets that changed are read."""
    fresh = [state for state in states if is_fresh(state, known.get(state.fixture_id))]
    changed = [state for state in states if not is_fresh(state, known.get(state.fixture_id))]
    names = titles(state.fixture_id for state in fresh)
    found = {state.fixture_id: Known(state, names.get(state.fixture_id, str(state.fixture_id)), {}) for state in fresh}
    for state in changed:
        before = known[state.fixture_id]
        found[state.fixture_id] = Known(state, before.title, before.offers)
    newer = [Q(fixture_id=pk, revision__gt=known[pk].state.revision) for pk in (state.fixture_id for state in changed)]
    for start in range(0, len(newer), CHUNK):
        add(found, Bet.objects.filter(any_of(newer[start : start + CHUNK])))
    if fresh:
        add(found, Bet.objects.filter(fixture_id__in=[state.fixture_id for state in fresh]))
    return found


def is_fresh(state: FixtureState, before: Known | None) -> bool:
    """Whether all of its bets must be read: it is not known yet, or another side is in charge now."""
    return before is None or before.state.charge != state.charge or state.revision < before.state.revision


def any_of(conditions: Sequence[Q]) -> Q:
    return Q(*conditions, _connector=Q.OR)


def add(found: dict[int, Known], bets: QuerySet[Bet]) -> None:
    """Add bookmakers' bets of main markets to the fixtures."""
    rows = bets.filter(market_id__in=MARKETS).exclude(provider_id=CALCULATED)
    columns = ("provider__name" if field == "provider" else field for field in Offer._fields[:-1])
    for row in rows.values_list(*columns):
        offer = Offer(*row)
        found[offer.fixture_id].offers[offer[1:4]] = offer


def read_scenes(known: Collection[Known], vouching: Vouching) -> list[Scene]:
    """The fixtures as the rules see them: five queries."""
    pks = [fixture.state.fixture_id for fixture in known]
    markets = read_market_vouching(pks, MARKETS, vouching)
    closed: dict[int, dict[int, datetime]] = defaultdict(dict)
    for (pk, market_id), at in closed_since(pks).items():
        closed[pk][market_id] = at
    holes = read_holes(pks, vouching)
    feed_is_up = all(source.is_up for source in vouching.sources)
    return [
        Scene(
            state.fixture_id,
            fixture.title,
            state.sport_id,
            state.status,
            state.start_at,
            state.scores or {},
            state.seconds,
            [judged(offer, markets) for offer in fixture.offers.values()],
            holes.get(state.fixture_id, {}),
            closed.get(state.fixture_id, {}),
            feed_is_up=feed_is_up,
        )
        for fixture in known
        for state in (fixture.state,)
    ]


def judged(offer: Offer, markets: Mapping[tuple[int, int], MarketVouching]) -> Offer:
    """The offer with the reasons why it is not open."""
    market = markets.get(offer[:2])
    reasons = market.closed_because(offer) if market else (Reason.MARKET_SUSPENDED,)
    return offer._replace(reasons=reasons) if reasons else offer


def read_holes(pks: Collection[int], vouching: Vouching) -> dict[int, dict[int, datetime]]:
    """Since when messages are missing, by fixture and market; only where the source's numbers can be trusted."""
    holes: dict[int, dict[int, datetime]] = defaultdict(dict)
    rows = Market.objects.filter(fixture_id__in=pks, skipped_at__isnull=False, gap_since__isnull=False)
    for pk, market_id, since, source_id in rows.values_list("fixture_id", "market_id", "gap_since", "numbered_by"):
        if since is not None and not vouching.standing(source_id).is_doubted:
            holes[pk][market_id] = since
    return holes
