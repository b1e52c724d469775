"""What moves: the biggest changes of price, bookmakers off the consensus, long suspensions, and arbitrage."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from django.db.models import OuterRef, Q, Subquery

from feed.codes import IN_PLAY, UPCOMING, BetStatus
from feed.models import Bet, Fixture, Participant, PriceTick
from feed.models.market import CALCULATED

from .labels import suspension_label
from .main_markets import HANDICAPS, TOTALS, WINNERS
from .vouching import Vouching

WINDOWS = (1, 5, 30)
MOST = 25
#: Fixtures in play and the next to start; a page of movers is not for next month.
MOST_FIXTURES = 500
AHEAD = timedelta(hours=24)
#: Candidates for the biggest moves, the newest first.
MOST_CANDIDATES = 2000
#: Implied chances this much apart from the median of all, relatively, are off.
OFF_SHARE = 0.08
LEAST_BOOKMAKERS = 3
MARKETS = tuple(pk for pk in (*WINNERS, *TOTALS, *HANDICAPS) if pk not in (160, 274))
#: 1X2 has three outcomes, all other main markets two.
OUTCOMES = defaultdict(lambda: 2, {1: 3})


class Offer(NamedTuple):
    """A bet of a main market as movers look at it."""

    fixture_id: int
    market_id: int
    provider_id: int
    bet_id: int
    name: str
    line: str
    base_line: str
    price: Decimal | None
    status: int
    suspension_reason: int | None
    source_id: int | None
    provider: str
    received_at: datetime

    def is_open(self, up: frozenset[int]) -> bool:
        return self.status == BetStatus.OPEN and self.price is not None and self.price > 1 and self.source_id in up


@dataclass(frozen=True, slots=True)
class Move:
    """`change` is in per cent of the implied chance: from 2.00 (50 %) to 1.60 (62.5 %) is +25."""

    offer: Offer
    before: Decimal
    change: float


@dataclass(frozen=True, slots=True)
class Stray:
    """A bookmaker whose implied chance is `off` per cent from the `consensus`, the median price of all."""

    offer: Offer
    consensus: Decimal
    off: float


@dataclass(frozen=True, slots=True)
class Suspension:
    fixture_id: int
    market_id: int
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Arbitrage:
    """The best prices of all outcomes together: `gain` in per cent of the stakes."""

    fixture_id: int
    market_id: int
    line: str
    legs: tuple[Offer, ...]
    gain: float


@dataclass(frozen=True, slots=True)
class Movers:
    moves: list[Move]
    strays: list[Stray]
    suspensions: list[Suspension]
    arbitrages: list[Arbitrage]
    titles: dict[int, str]


def read_movers(now: datetime, minutes: int, suspended_seconds: int, vouching: Vouching) -> Movers:
    """All four lists, of the main markets of what is in play or starts within a day: five queries."""
    fixtures = current_fixtures(now)
    offers = read_offers(fixtures)
    up = vouching.up
    moves = biggest_moves(offers, before_prices(offers, now - timedelta(minutes=minutes)), up)
    strays = off_consensus(offers, up)
    suspensions = long_suspensions(offers, set(fixtures), now - timedelta(seconds=suspended_seconds))
    arbitrages = find_arbitrages(offers, up)
    named = {move.offer.fixture_id for move in moves} | {stray.offer.fixture_id for stray in strays}
    named |= {each.fixture_id for each in suspensions} | {each.fixture_id for each in arbitrages}
    return Movers(moves, strays, suspensions, arbitrages, titles(named))


def current_fixtures(now: datetime) -> list[int]:
    soon = Q(status__in=UPCOMING, start_at__lte=now + AHEAD)
    rows = Fixture.objects.matches().filter(Q(status__in=IN_PLAY) | soon).order_by("start_at", "id")
    return list(rows.values_list("pk", flat=True)[:MOST_FIXTURES])


def read_offers(fixtures: Sequence[int]) -> list[Offer]:
    """The bookmakers' bets of the main markets."""
    rows = Bet.objects.filter(fixture_id__in=fixtures, market_id__in=MARKETS).exclude(provider_id=CALCULATED)
    fields = ("provider__name" if field == "provider" else field for field in Offer._fields)
    return [Offer(*row) for row in rows.values_list(*fields)]


def before_prices(offers: Iterable[Offer], since: datetime) -> dict[tuple[int, int, int, int], Decimal]:
    """What the bets that changed since then cost before, or first."""
    changed = sorted((offer for offer in offers if offer.received_at >= since), key=lambda offer: offer.received_at)
    fixtures = {offer.fixture_id for offer in changed[-MOST_CANDIDATES:]}
    own = {name: OuterRef(name) for name in ("fixture_id", "market_id", "bet_id", "provider_id")}
    ticks = PriceTick.objects.filter(price__isnull=False, status=BetStatus.OPEN, **own)
    older = ticks.filter(received_at__lt=since).order_by("-id").values("price")[:1]
    rows = (
        Bet.objects.filter(fixture_id__in=fixtures, market_id__in=MARKETS, received_at__gte=since)
        .exclude(provider_id=CALCULATED)
        .order_by("-received_at")
        .annotate(before=Subquery(older))
        .values_list("fixture_id", "market_id", "provider_id", "bet_id", "before", "start_price")[:MOST_CANDIDATES]
    )
    return {(f, m, p, b): price for f, m, p, b, before, start in rows if (price := before or start)}


def biggest_moves(
    offers: Iterable[Offer], before: dict[tuple[int, int, int, int], Decimal], up: frozenset[int]
) -> list[Move]:
    """The bets whose implied chance changed most, either way."""
    moves = []
    for offer in offers:
        old = before.get(offer[:4])
        if old and offer.price and offer.is_open(up) and old != offer.price:
            moves.append(Move(offer, old, float((old / offer.price - 1) * 100)))
    return sorted(moves, key=lambda move: -abs(move.change))[:MOST]


def off_consensus(offers: Iterable[Offer], up: frozenset[int]) -> list[Stray]:
    """Open prices far from the median of all bookmakers' for the same outcome."""
    outcomes: dict[tuple[int, int, str, str], list[Offer]] = defaultdict(list)
    for offer in offers:
        if offer.is_open(up):
            outcomes[offer.fixture_id, offer.market_id, offer.name, offer.line].append(offer)
    strays = []
    for same in outcomes.values():
        if len(same) < LEAST_BOOKMAKERS:
            continue
        consensus = median(1 / float(offer.price or 1) for offer in same)
        for offer in same:
            off = (1 / float(offer.price or 1)) / consensus - 1
            if abs(off) >= OFF_SHARE:
                strays.append(Stray(offer, Decimal(f"{1 / consensus:.4f}"), off * 100))
    return sorted(strays, key=lambda stray: -abs(stray.off))[:MOST]


def long_suspensions(offers: Iterable[Offer], fixtures: set[int], before: datetime) -> list[Suspension]:
    """Markets of which nothing is open and nothing was since `before`."""
    markets: dict[tuple[int, int], list[Offer]] = defaultdict(list)
    for offer in offers:
        if offer.fixture_id in fixtures:
            markets[offer.fixture_id, offer.market_id].append(offer)
    found = []
    for (fixture_id, market_id), members in markets.items():
        shut = [offer for offer in members if offer.status == BetStatus.SUSPENDED]
        if shut and not any(offer.status == BetStatus.OPEN for offer in members):
            newest = max(shut, key=lambda offer: offer.received_at)
            if newest.received_at <= before:
                reason = suspension_label(newest.suspension_reason) if newest.suspension_reason is not None else ""
                found.append(Suspension(fixture_id, market_id, newest.received_at, reason))
    return sorted(found, key=lambda each: each.since)[:MOST]


def find_arbitrages(offers: Iterable[Offer], up: frozenset[int]) -> list[Arbitrage]:
    """Markets at whose best prices a stake on every outcome gains: their inverse prices add up to less than one."""
    books: dict[tuple[int, int, str], dict[str, Offer]] = defaultdict(dict)
    for offer in offers:
        if not offer.is_open(up):
            continue
        best = books[offer.fixture_id, offer.market_id, offer.base_line or offer.line]
        if offer.name not in best or (offer.price or 0) > (best[offer.name].price or 0):
            best[offer.name] = offer
    found = []
    for (fixture_id, market_id, line), best in books.items():
        if len(best) != OUTCOMES[market_id]:
            continue
        share = sum(1 / float(offer.price or 1) for offer in best.values())
        if share < 1:
            legs = tuple(sorted(best.values(), key=lambda offer: offer.name))
            found.append(Arbitrage(fixture_id, market_id, line, legs, (1 / share - 1) * 100))
    return sorted(found, key=lambda each: -each.gain)[:MOST]


def titles(fixtures: Iterable[int]) -> dict[int, str]:
    """ "Home v Away" of each."""
    rows = Participant.objects.filter(fixture_id__in=list(fixtures)).order_by("position")
    names: dict[int, list[str]] = defaultdict(list)
    for fixture_id, name in rows.values_list("fixture_id", "name"):
        names[fixture_id].append(name)
    return {pk: " v ".join(both[:2]) for pk, both in names.items()}
