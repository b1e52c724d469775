"""When a rule fires. Pure: a watch sees facts in order and the passing of time, and says what it would tell.

The same watch runs live and over the past, so a trial of a rule is exactly what the rule would have done.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext, ngettext

from feed.codes import BetStatus, FixtureStatus
from feed.models import AlertRule
from feed.pages.labels import market_label
from feed.pages.main_markets import MAIN_MARKETS

from .facts import CardFact, Fact, PriceFact, ScoreFact

HUNDRED = Decimal(100)
Kind = AlertRule.Kind


class Firing(NamedTuple):
    """A rule has something to tell; `about` is the thing that it must not repeat itself on."""

    at: datetime
    fixture_id: int
    about: str
    text: str


class RuleWatch:
    """One rule at work. `favourites` are the fixtures of its trader."""

    def __init__(self, rule: AlertRule, favourites: Collection[int] = ()) -> None:
        self.rule = rule
        self.favourites = frozenset(favourites)
        self.window = timedelta(seconds=rule.seconds)
        self.told: dict[str, datetime] = {}
        self.prices: dict[tuple[int, ...], Decimal] = {}
        self.paths: dict[tuple[int, ...], deque[tuple[datetime, Decimal]]] = defaultdict(deque)
        self.movers: dict[str, dict[int, tuple[datetime, bool]]] = defaultdict(dict)
        self.open_bets: dict[tuple[int, int], set[tuple[int, int]]] = defaultdict(set)
        self.shut_since: dict[tuple[int, int], datetime] = {}
        self.scores: dict[int, ScoreFact] = {}
        self.cards: dict[int, int] = {}

    def see(self, fact: Fact) -> list[Firing]:
        """What the rule tells of a fact, without repeating itself."""
        if not self._concerns(fact):
            return []
        return [firing for firing in SIGHTS[Kind(self.rule.kind)](self, fact) if self._is_new(firing)]

    def pass_time(self, now: datetime) -> list[Firing]:
        """What the rule tells because nothing has happened for so long."""
        due = [market for market, since in self.shut_since.items() if now - since >= self.window]
        firings = []
        for fixture_id, market_id in due:
            del self.shut_since[fixture_id, market_id]
            told = {"market": market_label(market_id), "seconds": self.rule.seconds}
            text = gettext("%(market)s has been suspended for %(seconds)s s") % told
            firings.append(Firing(now, fixture_id, f"{fixture_id}:{market_id}", text))
        return [firing for firing in firings if self._is_new(firing)]

    def _concerns(self, fact: Fact) -> bool:
        rule = self.rule
        if rule.fixture_id is not None and fact.fixture_id != rule.fixture_id:
            return False
        if rule.only_favourites and fact.fixture_id not in self.favourites:
            return False
        if not isinstance(fact, PriceFact):
            return True
        if fact.market_id != rule.market_id if rule.market_id is not None else fact.market_id not in MAIN_MARKETS:
            return False
        return not rule.outcome or rule.kind == Kind.SUSPENDED or fact.outcome.casefold() == rule.outcome.casefold()

    def _is_new(self, firing: Firing) -> bool:
        """Whether the same thing was not told within the rule's time."""
        before = self.told.get(firing.about)
        if before is not None and firing.at - before < timedelta(seconds=self.rule.repeat_seconds):
            return False
        self.told[firing.about] = firing.at
        return True

    def passes(self, fact: Fact) -> Iterator[Firing]:
        """A price is now on the other side of the amount, or on it."""
        if (seen := self._price(fact)) is None:
            return
        fact, before, price = seen
        limit = self.rule.amount or Decimal(0)
        if before is not None and (before < limit <= price or before > limit >= price):
            way = gettext("%(of)s went up to %(price)s") if price > before else gettext("%(of)s went down to %(price)s")
            yield told_of(fact, way % {"of": outcome_text(fact), "price": f"{price:.2f}"})

    def moves(self, fact: Fact) -> Iterator[Firing]:
        """A price is further than so many per cent from one that it had within the time."""
        if (seen := self._price(fact)) is None:
            return
        fact, _, price = seen
        path = self.paths[key_of(fact)]
        path.append((fact.at, price))
        while len(path) > 1 and path[1][0] <= fact.at - self.window:
            path.popleft()
        furthest = max((old for _, old in path), key=lambda old: abs(price / old - 1))
        change = (price / furthest - 1) * HUNDRED
        if abs(change) > (self.rule.amount or Decimal(0)):
            told = {"of": outcome_text(fact), "change": f"{change:+.1f}", "price": f"{price:.2f}"}
            yield told_of(fact, gettext("%(of)s moved %(change)s %% to %(price)s") % told)
            path.clear()
            path.append((fact.at, price))

    def agree(self, fact: Fact) -> Iterator[Firing]:
        """So many bookmakers moved the same price the same way within the time."""
        if (seen := self._price(fact)) is None or seen[1] is None or seen[1] == seen[2]:
            return
        fact, before, price = seen
        movers = self.movers[about_outcome(fact)]
        movers[fact.provider_id] = fact.at, price > (before or price)
        same = [at for at, is_up in movers.values() if is_up == (price > (before or price))]
        number = sum(at >= fact.at - self.window for at in same)
        if number >= self.rule.bookmakers:
            yield told_of(fact, together(number, price > (before or price)) % {"of": outcome_text(fact), "num": number})
            movers.clear()

    def suspends(self, fact: Fact) -> Iterator[Firing]:
        """Keep in mind since when no bet of a market is open; time does the rest."""
        if isinstance(fact, PriceFact):
            market = fact.fixture_id, fact.market_id
            bet = fact.provider_id, fact.bet_id
            if fact.status == BetStatus.OPEN:
                self.open_bets[market].add(bet)
                self.shut_since.pop(market, None)
            elif bet in self.open_bets[market]:
                self.open_bets[market].discard(bet)
                if not self.open_bets[market] and fact.status == BetStatus.SUSPENDED:
                    self.shut_since[market] = fact.at
            if fact.status == BetStatus.SETTLED:
                self.shut_since.pop(market, None)
        yield from ()

    def happens(self, fact: Fact) -> Iterator[Firing]:
        """The score changed, or there is another red card."""
        if isinstance(fact, ScoreFact):
            before = self.scores.get(fact.fixture_id)
            self.scores[fact.fixture_id] = fact
            if before is not None and fact.scores and before.scores and before.scores != fact.scores:
                score = "–".join(fact.scores[key] for key in sorted(fact.scores))
                text = gettext("The score is %(score)s") % {"score": score}
                yield Firing(fact.at, fact.fixture_id, f"{fact.fixture_id}:score:{score}", text)
        elif isinstance(fact, CardFact):
            before_cards = self.cards.get(fact.fixture_id)
            self.cards[fact.fixture_id] = fact.cards
            if fact.cards > (before_cards or 0):
                yield Firing(fact.at, fact.fixture_id, f"{fact.fixture_id}:cards:{fact.cards}", gettext("Red card"))

    def is_lost(self, fact: Fact) -> Iterator[Firing]:
        """Coverage was there and is not."""
        if not isinstance(fact, ScoreFact):
            return
        before = self.scores.get(fact.fixture_id)
        self.scores[fact.fixture_id] = fact
        if fact.status == FixtureStatus.LOST_COVERAGE and before is not None and before.status != fact.status:
            yield Firing(fact.at, fact.fixture_id, f"{fact.fixture_id}:coverage", gettext("Coverage is lost"))

    def _price(self, fact: Fact) -> tuple[PriceFact, Decimal | None, Decimal] | None:
        """An open price with the one before it; None for everything else."""
        if not isinstance(fact, PriceFact) or fact.status != BetStatus.OPEN or not fact.price:
            return None
        before = self.prices.get(key_of(fact))
        self.prices[key_of(fact)] = fact.price
        return fact, before, fact.price


def key_of(fact: PriceFact) -> tuple[int, ...]:
    return fact.fixture_id, fact.market_id, fact.provider_id, fact.bet_id


def about_outcome(fact: PriceFact) -> str:
    return f"{fact.fixture_id}:{fact.market_id}:{fact.outcome}:{fact.line}"[:200]


def outcome_text(fact: PriceFact) -> str:
    return f"{market_label(fact.market_id)}, {fact.outcome} {fact.line}".strip()


def told_of(fact: PriceFact, text: str) -> Firing:
    return Firing(fact.at, fact.fixture_id, about_outcome(fact), text)


def together(number: int, is_longer: bool) -> str:
    """The sentence for so many bookmakers that went the same way."""
    if is_longer:
        return ngettext("%(num)s bookmaker went longer on %(of)s", "%(num)s bookmakers went longer on %(of)s", number)
    return ngettext("%(num)s bookmaker went shorter on %(of)s", "%(num)s bookmakers went shorter on %(of)s", number)


SIGHTS: dict[AlertRule.Kind, Callable[[RuleWatch, Fact], Iterator[Firing]]] = {
    Kind.PRICE_PASSES: RuleWatch.passes,
    Kind.PRICE_MOVES: RuleWatch.moves,
    Kind.BOOKMAKERS_MOVE: RuleWatch.agree,
    Kind.SUSPENDED: RuleWatch.suspends,
    Kind.INCIDENT: RuleWatch.happens,
    Kind.COVERAGE_LOST: RuleWatch.is_lost,
}
#: Which kinds need which facts.
OF_PRICES = frozenset({Kind.PRICE_PASSES, Kind.PRICE_MOVES, Kind.BOOKMAKERS_MOVE, Kind.SUSPENDED})
