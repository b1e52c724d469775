"""Vouching for the bets of one market: what they depend on is judged once for each bookmaker and source."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, Protocol

from .predicate import Conditions, Offer, Statement, closed_because, closes, condition_reasons, has_price, is_offered
from .reasons import Reasons
from .sources import Vouching

STATES_NOTHING = Statement()


class Stated(Protocol):
    """A fixture, a market or a bookmaker's market."""

    @property
    def status(self) -> int | None: ...

    @property
    def unreadable(self) -> bool: ...


class StatedMarket(Stated, Protocol):
    @property
    def gap_since(self) -> datetime | None: ...


class PricedBet(Protocol):
    """A bet as far as this matters: a model or a row of a query."""

    @property
    def status(self) -> int: ...

    @property
    def price(self) -> Decimal | None: ...

    @property
    def name(self) -> str: ...

    @property
    def participant_id(self) -> int | None: ...

    @property
    def unreadable(self) -> bool: ...

    @property
    def epoch(self) -> int: ...

    @property
    def provider_id(self) -> int: ...

    @property
    def source_id(self) -> int | None: ...


class Absent(NamedTuple):
    """Who does not take part, by id and by name."""

    numbers: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.numbers or self.names)

    def has(self, bet: PricedBet) -> bool:
        """Whether the bet is on one of them."""
        return str(bet.participant_id) in self.numbers or folded(bet.name) in self.names


NOBODY = Absent()


def absent(non_runners: str) -> Absent:
    """Who does not take part, in lines of an id, perhaps 0, and a name."""
    parts = [line.partition(" ") for line in non_runners.splitlines()]
    numbers = frozenset(number for number, _, _ in parts if number != "0")
    return Absent(numbers, frozenset(folded(name) for _, _, name in parts if name))


def folded(name: str) -> str:
    return " ".join(name.casefold().split())


class MarketVouching:
    """Says of each bet of a market whether it is open, and why not.

    `providers` has what the bookmakers' markets state, by provider; one that is absent closes nothing. `charge` is the
    side whose word on the fixture's prices counts, "" where that does not matter; `non_runners` are who does not take
    part (`feed.models.Fixture`).
    """

    def __init__(
        self,
        vouching: Vouching,
        fixture: Statement,
        market: Statement,
        providers: Mapping[int, Statement],
        charge: str = "",
        non_runners: str = "",
    ) -> None:
        self.vouching = vouching
        self.fixture = fixture
        self.charge = charge
        self.market = market
        self.absent = absent(non_runners) if non_runners else NOBODY
        self.providers = providers
        self.judged: dict[tuple[int, int | None], tuple[Conditions, bool]] = {}
        self.closed: dict[tuple[object, ...], Reasons] = {}

    @property
    def is_suspended(self) -> bool:
        """Whether the market as a whole is."""
        return closes(self.market.status)

    def closed_because(self, bet: PricedBet) -> Reasons:
        """Every reason why the bet is not open, the strongest first; none: it is open."""
        conditions, closes_all = self.conditions_of(bet)
        is_confirmed = bet.epoch >= conditions.source.epoch
        is_running = not self.absent or not self.absent.has(bet)
        if is_running and is_confirmed and not closes_all and not bet.unreadable and is_offered(bet.status, bet.price):
            return ()
        # A page asks three times of each bet, and one market's bets are mostly closed for the same reasons. Of a price
        # it matters only whether it pays, of an epoch only whether it is the source's.
        alike = (
            bet.provider_id,
            bet.source_id,
            bet.status,
            has_price(bet.price),
            is_confirmed,
            bet.unreadable,
            is_running,
        )
        reasons = self.closed.get(alike)
        if reasons is None:
            offer = Offer(bet.status, bet.price, bet.epoch, bet.unreadable, is_running)
            reasons = self.closed[alike] = closed_because(offer, conditions)
        return reasons

    def is_open(self, bet: PricedBet) -> bool:
        return not self.closed_because(bet)

    def conditions_of(self, bet: PricedBet) -> tuple[Conditions, bool]:
        """What the bet depends on, and whether that alone closes it."""
        key = bet.provider_id, bet.source_id
        if key not in self.judged:
            provider = self.providers.get(bet.provider_id, STATES_NOTHING)
            conditions = Conditions(
                self.fixture,
                self.market,
                provider,
                self.vouching.standing(bet.source_id),
                is_in_charge=self.is_in_charge(bet.source_id),
            )
            self.judged[key] = conditions, bool(condition_reasons(conditions))
        return self.judged[key]

    def is_in_charge(self, source_id: int | None) -> bool:
        """Whether the word of the source counts for the fixture's prices."""
        return not self.charge or self.vouching.side(source_id) in ("", self.charge)


def stated(row: Stated) -> Statement:
    return Statement(row.status, row.unreadable)


def market_stated(row: StatedMarket) -> Statement:
    return Statement(row.status, row.unreadable, row.gap_since is not None)
