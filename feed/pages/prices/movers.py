"""What moves: the biggest changes of price, bookmakers off the consensus, long suspensions, and arbitrage."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext

from feed.codes import HANDICAPS, IN_PLAY, OUTRIGHT_WINNERS, TOTALS, UPCOMING, WINNERS, BetStatus
from feed.journal.prices import open_prices
from feed.models import Bet, Fixture, Market, Participant
from feed.models.market import CALCULATED
from feed.pages.labels import suspension_label
from feed.pages.markets.lines import Lines
from feed.vouching.reading import read_market_vouching
from feed.vouching.reasons import SUSPENDED, Reason, Reasons
from feed.vouching.sources import Vouching

from .closing import WORDS
from .goals import scored_since
from .standing import standings

WINDOWS = (1, 5, 30)
MOST = 25
#: Fixtures in play and the next to start; movers are about today, not next month.
MOST_FIXTURES = 500
AHEAD = timedelta(hours=24)
#: Candidates for the biggest moves, the newest first.
MOST_CANDIDATES = 2000
#: Implied chances this much apart from the median of all, relatively, are off.
OFF_SHARE = 0.08
LEAST_BOOKMAKERS = 3
MARKETS = tuple(pk for pk in (*WINNERS, *TOTALS, *HANDICAPS) if pk not in OUTRIGHT_WINNERS)
#: 1X2 has three outcomes, all other main markets two.
OUTCOMES = defaultdict(lambda: 2, {1: 3})


class Offer(NamedTuple):
    """A bet of a main market as movers need it; `reasons` say why it is not open."""

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
    unreadable: bool
    epoch: int
    participant_id: int | None
    provider: str
    received_at: datetime
    reasons: Reasons = ()

    @property
    def is_open(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, slots=True)
class Move:
    """`change` is in points of the implied chance: from 2.00 (50 %) to 1.60 (62.5 %) is +12.5."""

    offer: Offer
    before: Decimal
    change: float


@dataclass(frozen=True, slots=True)
class Stray:
    """A bookmaker whose implied chance is `off` points from the `consensus`, the median price of all."""

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
    standings: dict[int, str]

    @property
    def grouped(self) -> dict[int, list[Move]]:
        """The moves by fixture, the one with the biggest move first."""
        groups: dict[int, list[Move]] = defaultdict(list)
        for move in self.moves:
            groups[move.offer.fixture_id].append(move)
        return groups


def read_movers(
    now: datetime, minutes: int, suspended_seconds: int, vouching: Vouching, with_goals: bool = True
) -> Movers:
    """All four lists, of the main markets of what is in play or starts within a day: eleven queries at most.

    Without `with_goals` moves are left out that a goal explains, which came within the same time.
    """
    fixtures = current_fixtures(now)
    offers = read_offers(fixtures, vouching)
    since = now - timedelta(minutes=minutes)
    scored = set() if with_goals else scored_since(fixtures, since, now)
    unexplained = [offer for offer in offers if offer.fixture_id not in scored] if scored else offers
    moves = biggest_moves(unexplained, before_prices(unexplained, since))
    strays = off_consensus(offers)
    suspensions = long_suspensions(offers, closed_since(fixtures), now - timedelta(seconds=suspended_seconds))
    arbitrages = find_arbitrages(offers)
    named = {move.offer.fixture_id for move in moves} | {stray.offer.fixture_id for stray in strays}
    named |= {row.fixture_id for row in suspensions} | {row.fixture_id for row in arbitrages}
    return Movers(moves, strays, suspensions, arbitrages, titles(named), standings(named, now))


def current_fixtures(now: datetime) -> list[int]:
    soon = Q(status__in=UPCOMING, start_at__lte=now + AHEAD)
    rows = Fixture.objects.matches().filter(Q(status__in=IN_PLAY) | soon).order_by("start_at", "id")
    return list(rows.values_list("pk", flat=True)[:MOST_FIXTURES])


def read_offers(fixtures: Collection[int], vouching: Vouching) -> list[Offer]:
    """The bookmakers' bets of the main markets."""
    markets = read_market_vouching(fixtures, MARKETS, vouching)
    rows = Bet.objects.filter(fixture_id__in=fixtures, market_id__in=MARKETS).exclude(provider_id=CALCULATED)
    offers = []
    for row in rows.values_list(*("provider__name" if field == "provider" else field for field in Offer._fields[:-1])):
        offer = Offer(*row)
        market = markets.get(offer[:2])
        reasons = market.closed_because(offer) if market else (Reason.MARKET_SUSPENDED,)
        offers.append(offer._replace(reasons=reasons) if reasons else offer)
    return offers


def before_prices(offers: Iterable[Offer], since: datetime) -> dict[tuple[int, int, int, int], Decimal]:
    """What the bets that changed since then cost before, or first."""
    changed = sorted((offer for offer in offers if offer.received_at >= since), key=lambda offer: offer.received_at)
    fixtures = {offer.fixture_id for offer in changed[-MOST_CANDIDATES:]}
    rows = list(
        Bet.objects.filter(fixture_id__in=fixtures, market_id__in=MARKETS, received_at__gte=since)
        .exclude(provider_id=CALCULATED)
        .order_by("-received_at")
        .values_list("fixture_id", "market_id", "provider_id", "bet_id", "start_price")[:MOST_CANDIDATES]
    )
    before = open_prices(sorted({row[:2] for row in rows}), since)
    return {row[:4]: price for row in rows if (price := before.get(row[:4]) or row[4])}


def biggest_moves(offers: Iterable[Offer], before: dict[tuple[int, int, int, int], Decimal]) -> list[Move]:
    """The bets whose implied chance changed most, either way."""
    moves = []
    for offer in offers:
        old = before.get(offer[:4])
        if old and offer.price and offer.is_open and old != offer.price:
            moves.append(Move(offer, old, 100 / float(offer.price) - 100 / float(old)))
    return sorted(moves, key=lambda move: -abs(move.change))[:MOST]


def off_consensus(offers: Iterable[Offer]) -> list[Stray]:
    """Open prices far from the median of all bookmakers' for the same outcome."""
    outcomes: dict[tuple[int, int, str, str], list[Offer]] = defaultdict(list)
    for offer in offers:
        if offer.is_open:
            outcomes[offer.fixture_id, offer.market_id, offer.name, offer.line].append(offer)
    strays = []
    for same in outcomes.values():
        if len(same) < LEAST_BOOKMAKERS:
            continue
        consensus = median(1 / float(offer.price or 1) for offer in same)
        for offer in same:
            off = 1 / float(offer.price or 1) - consensus
            if abs(off) >= OFF_SHARE * consensus:
                strays.append(Stray(offer, Decimal(f"{1 / consensus:.4f}"), off * 100))
    return sorted(strays, key=lambda stray: -abs(stray.off))[:MOST]


def long_suspensions(
    offers: Iterable[Offer], closed: Mapping[tuple[int, int], datetime], before: datetime
) -> list[Suspension]:
    """Markets of which nothing is open and nothing was since `before`, because it is suspended.

    `closed` says when LSports last stated that a market as a whole is.
    """
    markets: dict[tuple[int, int], list[Offer]] = defaultdict(list)
    for offer in offers:
        markets[offer.fixture_id, offer.market_id].append(offer)
    found = []
    for (fixture_id, market_id), members in markets.items():
        shut = [offer for offer in members if SUSPENDED.intersection(offer.reasons)]
        if shut and not any(offer.is_open for offer in members):
            newest = max(shut, key=lambda offer: offer.received_at)
            since = max(newest.received_at, closed.get((fixture_id, market_id), newest.received_at))
            if since <= before:
                found.append(Suspension(fixture_id, market_id, since, suspended_because(newest)))
    return sorted(found, key=lambda suspension: suspension.since)[:MOST]


def closed_since(fixtures: Iterable[int]) -> dict[tuple[int, int], datetime]:
    """When LSports last stated that a main market as a whole is closed."""
    rows = Market.objects.filter(fixture_id__in=list(fixtures), market_id__in=MARKETS, sent_at__isnull=False)
    closed = rows.filter(status__isnull=False).exclude(status=BetStatus.OPEN)
    return {(pk, market_id): at for pk, market_id, at in closed.values_list("fixture_id", "market_id", "sent_at") if at}


def suspended_because(offer: Offer) -> str:
    """LSports' reason in words; "" where it gives none."""
    if Reason.BET_SUSPENDED in offer.reasons:
        return suspension_label(offer.suspension_reason) if offer.suspension_reason is not None else ""
    return gettext(WORDS[offer.reasons[0]])


def find_arbitrages(offers: Iterable[Offer]) -> list[Arbitrage]:
    """Markets at whose best prices a stake on every outcome gains: their inverse prices add up to less than one."""
    books: dict[tuple[int, int, str], dict[str, Offer]] = defaultdict(dict)
    markets: dict[tuple[int, int], list[Offer]] = defaultdict(list)
    for offer in offers:
        if offer.is_open:
            markets[offer.fixture_id, offer.market_id].append(offer)
    lines = {key: Lines(members) for key, members in markets.items()}
    for offer in (offer for members in markets.values() for offer in members):
        key = offer.fixture_id, offer.market_id
        best = books[(*key, lines[key].of(offer))]
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
    return sorted(found, key=lambda arbitrage: -arbitrage.gain)[:MOST]


def titles(fixtures: Iterable[int]) -> dict[int, str]:
    """ "Home v Away" of each."""
    rows = Participant.objects.filter(fixture_id__in=list(fixtures)).order_by("position")
    names: dict[int, list[str]] = defaultdict(list)
    for fixture_id, name in rows.values_list("fixture_id", "name"):
        names[fixture_id].append(name)
    return {pk: " v ".join(both[:2]) for pk, both in names.items()}
