"""When a rule fires. Pure: a watch sees facts in order and the passing of time, and returns the alerts to raise.

The same watch runs live and over the past, so a trial of a rule is exactly what the rule would have done.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext, ngettext

from feed.codes import MAIN_MARKETS, THREE_WAY, FixtureStatus
from feed.models import AlertRule
from feed.pages.labels import market_label

from .facts import CardFact, Fact, PriceFact, ScoreFact

HUNDRED = Decimal(100)
Kind = AlertRule.Kind
#: Outcomes of two-way markets; 1 and 2 are also outcomes of markets with a draw.
SIDES = frozenset({"Over", "Under", "1", "2", "Yes", "No", "Odd", "Even"})


class Firing(NamedTuple):
    """A rule fires; `about` is the thing that it must not fire on again too soon."""

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
        self.fired_at: dict[str, datetime] = {}
        self.prices: dict[tuple[int, ...], Decimal] = {}
        self.paths: dict[tuple[int, ...], deque[tuple[datetime, Decimal]]] = defaultdict(deque)
        self.movers: dict[str, dict[int, tuple[datetime, bool]]] = defaultdict(dict)
        self.open_bets: dict[tuple[int, int], set[tuple[int, int]]] = defaultdict(set)
        self.shut_since: dict[tuple[int, int], datetime] = {}
        self.shut_whole: set[tuple[int, int]] = set()
        self.scores: dict[int, ScoreFact] = {}
        self.cards: dict[int, int] = {}

    def see(self, fact: Fact) -> list[Firing]:
        """What the rule fires on for a fact, without repeating itself."""
        return self.note(fact) if self._concerns(fact) else []

    def note(self, fact: Fact) -> list[Firing]:
        """Like `see`, for a fact that is known to concern the rule."""
        return [firing for firing in CHECKS[self.rule.kind](self, fact) if self._is_new(firing)]

    def pass_time(self, now: datetime) -> list[Firing]:
        """What the rule fires on because nothing has happened within its time."""
        if not self.shut_since:
            return []
        due = [market for market, since in self.shut_since.items() if now - since >= self.window]
        firings = []
        for fixture_id, market_id in due:
            del self.shut_since[fixture_id, market_id]
            names = {"market": market_label(market_id), "seconds": self.rule.seconds}
            text = gettext("%(market)s has been suspended for %(seconds)s s") % names
            firings.append(Firing(now, fixture_id, f"{fixture_id}:{market_id}", text))
        return [firing for firing in firings if self._is_new(firing)]

    def note_market(self, market: tuple[int, int], is_suspended: bool, now: datetime) -> None:
        """Note that a market as a whole is suspended now, or is no longer, whatever its bets say."""
        if is_suspended and market not in self.shut_whole:
            self.shut_whole.add(market)
            self.shut_since.setdefault(market, now)
        elif not is_suspended and market in self.shut_whole:
            self.shut_whole.discard(market)
            self.shut_since.pop(market, None)

    @property
    def known_markets(self) -> set[tuple[int, int]]:
        """The markets that it has seen open, or knows to be suspended as a whole, by fixture and market."""
        if not self.open_bets:
            return set(self.shut_whole)
        return {market for market, bets in self.open_bets.items() if bets} | self.shut_whole

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
        if rule.provider_id is not None and fact.provider_id != rule.provider_id:
            return False
        return rule.kind == Kind.SUSPENDED or self._is_of_outcome(fact)

    def _is_of_outcome(self, fact: PriceFact) -> bool:
        outcome, line = self.rule.outcome, self.rule.line
        return (not outcome or fact.outcome.casefold() == outcome.casefold()) and (not line or fact.line == line)

    def _is_new(self, firing: Firing) -> bool:
        """Whether the rule has not fired on the same thing within its time."""
        before = self.fired_at.get(firing.about)
        if before is not None and firing.at - before < timedelta(seconds=self.rule.repeat_seconds):
            return False
        self.fired_at[firing.about] = firing.at
        return True

    def passes(self, fact: Fact) -> Iterator[Firing]:
        """A price is now on the other side of the amount, or on it."""
        if (seen := self._price(fact)) is None:
            return
        fact, before, price = seen
        limit = self.rule.amount or Decimal(0)
        if before is not None and (before < limit <= price or before > limit >= price):
            way = gettext("%(of)s went up to %(price)s") if price > before else gettext("%(of)s went down to %(price)s")
            yield firing_of(fact, way % {"of": outcome_text(fact), "price": f"{price:.2f}"})

    def moves(self, fact: Fact) -> Iterator[Firing]:
        """A price is further than the rule's per cent from one that it had within the time."""
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
            names = {"of": outcome_text(fact), "change": f"{change:+.1f}", "price": f"{price:.2f}"}
            yield firing_of(fact, gettext("%(of)s moved %(change)s %% to %(price)s") % names, about_pair(fact))
            path.clear()
            path.append((fact.at, price))

    def agree(self, fact: Fact) -> Iterator[Firing]:
        """Enough bookmakers moved the same price the same way within the time."""
        if (seen := self._price(fact)) is None or seen[1] is None or seen[1] == seen[2]:
            return
        fact, before, price = seen
        movers = self.movers[about_outcome(fact)]
        movers[fact.provider_id] = fact.at, price > (before or price)
        same = [at for at, is_up in movers.values() if is_up == (price > (before or price))]
        number = sum(at >= fact.at - self.window for at in same)
        if number >= self.rule.bookmakers:
            text = together(number, price > (before or price)) % {"of": outcome_text(fact), "num": number}
            yield firing_of(fact, text, about_pair(fact))
            movers.clear()

    def suspends(self, fact: Fact) -> Iterator[Firing]:
        """Note since when no bet of a market is open; `pass_time` does the rest."""
        if isinstance(fact, PriceFact):
            market = fact.fixture_id, fact.market_id
            bet = fact.provider_id, fact.bet_id
            if fact.is_open:
                self.open_bets[market].add(bet)
                self.shut_since.pop(market, None)
                self.shut_whole.discard(market)
            elif bet in self.open_bets[market]:
                self.open_bets[market].discard(bet)
                if not self.open_bets[market] and fact.is_suspended:
                    self.shut_since[market] = fact.at
            if fact.is_settled:
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
        if not isinstance(fact, PriceFact) or not fact.is_open or not fact.price:
            return None
        before = self.prices.get(key_of(fact))
        self.prices[key_of(fact)] = fact.price
        return fact, before, fact.price


def key_of(fact: PriceFact) -> tuple[int, ...]:
    return fact.fixture_id, fact.market_id, fact.provider_id, fact.bet_id


def about_outcome(fact: PriceFact) -> str:
    return f"{fact.fixture_id}:{fact.market_id}:{fact.outcome}:{fact.line}"[:200]


def about_pair(fact: PriceFact) -> str:
    """Both sides of a two-way market are one thing to move: when one goes longer the other goes shorter."""
    if fact.outcome not in SIDES or fact.market_id in THREE_WAY:
        return about_outcome(fact)
    return f"{fact.fixture_id}:{fact.market_id}:{fact.line.lstrip('+-')}"[:200]


def outcome_text(fact: PriceFact) -> str:
    return f"{market_label(fact.market_id)}, {fact.outcome} {fact.line}".strip()


def firing_of(fact: PriceFact, text: str, about: str = "") -> Firing:
    return Firing(fact.at, fact.fixture_id, about or about_outcome(fact), text)


def together(number: int, is_longer: bool) -> str:
    """The sentence for bookmakers that went the same way."""
    if is_longer:
        return ngettext("%(num)s bookmaker went longer on %(of)s", "%(num)s bookmakers went longer on %(of)s", number)
    return ngettext("%(num)s bookmaker went shorter on %(of)s", "%(num)s bookmakers went shorter on %(of)s", number)


#: How each kind looks at a fact, by its word.
CHECKS: dict[str, Callable[[RuleWatch, Fact], Iterator[Firing]]] = {
    Kind.PRICE_PASSES: RuleWatch.passes,
    Kind.PRICE_MOVES: RuleWatch.moves,
    Kind.BOOKMAKERS_MOVE: RuleWatch.agree,
    Kind.SUSPENDED: RuleWatch.suspends,
    Kind.INCIDENT: RuleWatch.happens,
    Kind.COVERAGE_LOST: RuleWatch.is_lost,
}
#: Which kinds need which facts.
OF_PRICES = frozenset({Kind.PRICE_PASSES, Kind.PRICE_MOVES, Kind.BOOKMAKERS_MOVE, Kind.SUSPENDED})
