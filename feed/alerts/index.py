"""Which rules look at a fact, found by what they need: each fact is seen by those alone, however many there are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from feed.codes import MAIN_MARKETS
from feed.models import AlertRule

from . import rules
from .facts import Fact, PriceFact
from .rules import RuleWatch

#: Stands for every fixture, the main markets, every bookmaker.
ANY = 0
#: Bets whose rules are remembered.
MOST_FOUND = 200_000

#: Fixture, market and bookmaker.
OfBook = tuple[int, int, int]


class RuleIndex:
    """Rules of prices by fixture and market, and there by bookmaker and outcome; all others by fixture."""

    def __init__(self, watches: Iterable[RuleWatch]) -> None:
        self.watches = list(watches)
        self.of_prices: dict[tuple[int, int], dict[tuple[int, str], list[RuleWatch]]] = {}
        self.of_play: dict[int, list[RuleWatch]] = defaultdict(list)
        self.of_market: dict[tuple[int, int], frozenset[int]] = {}
        self.found: dict[tuple[OfBook, str, str], Sequence[RuleWatch]] = {}
        for watch in self.watches:
            for fixture_id in fixtures_of(watch):
                if watch.rule.kind in rules.OF_PRICES:
                    place = self.of_prices.setdefault((fixture_id, watch.rule.market_id or ANY), {})
                    place.setdefault(bet_of(watch.rule), []).append(watch)
                else:
                    self.of_play[fixture_id].append(watch)

    def of(self, fact: Fact) -> Sequence[RuleWatch]:
        """The rules that look at the fact."""
        if isinstance(fact, PriceFact):
            return self.of_price(fact[1:4], fact.outcome, fact.line)
        return [*self.of_play.get(fact.fixture_id, ()), *self.of_play.get(ANY, ())]

    def of_price(self, of_book: OfBook, outcome: str, line: str) -> Sequence[RuleWatch]:
        """The rules that look at a bookmaker's price; found once for each bet."""
        bet = of_book, outcome, line
        if bet not in self.found:
            if len(self.found) >= MOST_FOUND:
                self.found.clear()
            self.found[bet] = list(self._find(*bet))
        return self.found[bet]

    def _find(self, of_book: OfBook, outcome: str, line: str) -> Iterator[RuleWatch]:
        fixture_id, market_id, provider_id = of_book
        for bets in self._of_market(fixture_id, market_id):
            for bet in [(pk, name) for pk in (provider_id, ANY) for name in {outcome.casefold(), ""}]:
                yield from (watch for watch in bets.get(bet, ()) if is_of_line(watch.rule, line))

    def _of_market(self, fixture_id: int, market_id: int) -> Iterator[dict[tuple[int, str], list[RuleWatch]]]:
        """The rules that look at prices of the market, by bookmaker and outcome."""
        markets = (market_id, ANY) if market_id in MAIN_MARKETS else (market_id,)
        for place in ((pk, market) for pk in (fixture_id, ANY) for market in markets):
            if bets := self.of_prices.get(place):
                yield bets

    def providers(self, fixture_id: int, market_id: int) -> frozenset[int]:
        """The bookmakers whose prices of the market some rule looks at; ANY stands for all."""
        place = fixture_id, market_id
        if place not in self.of_market:
            wanted = self._of_market(fixture_id, market_id)
            self.of_market[place] = frozenset(provider_id for bets in wanted for provider_id, _ in bets)
        return self.of_market[place]

    def fixtures(self) -> set[int] | None:
        """The fixtures whose prices are looked at; None for all."""
        found = {fixture_id for fixture_id, _ in self.of_prices}
        return None if ANY in found else found


def fixtures_of(watch: RuleWatch) -> Iterable[int]:
    """The fixtures that the rule is for; ANY for all."""
    rule = watch.rule
    if not rule.only_favourites:
        return (rule.fixture_id or ANY,)
    return watch.favourites if rule.fixture_id is None else watch.favourites & {rule.fixture_id}


def bet_of(rule: AlertRule) -> tuple[int, str]:
    """Bookmaker and outcome. A market is suspended as a whole, whatever outcome the rule names."""
    is_of_market = rule.kind == AlertRule.Kind.SUSPENDED
    return rule.provider_id or ANY, "" if is_of_market else rule.outcome.casefold()


def is_of_line(rule: AlertRule, line: str) -> bool:
    return rule.kind == AlertRule.Kind.SUSPENDED or rule.line in ("", line)
