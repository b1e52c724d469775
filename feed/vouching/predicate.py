"""Whether a price may look open: the one answer that pages, programs, alerts and reports all ask for.

Pure and total: every number that LSports may ever send has an answer, and what is not known closes. A price is as
closed as the most closed of what it depends on: its market, its bookmaker's market, its fixture, its source.
"""

from decimal import Decimal
from typing import NamedTuple

from feed.codes import BetStatus, FixtureStatus

from .reasons import Reason, Reasons

OPEN, SETTLED = int(BetStatus.OPEN), int(BetStatus.SETTLED)
#: Statuses of a fixture that is to be played or in play. One that nobody has described yet is to be played.
PLAYABLE = frozenset(
    map(
        int,
        (
            FixtureStatus.NOT_SET,
            FixtureStatus.NOT_STARTED,
            FixtureStatus.ABOUT_TO_START,
            FixtureStatus.IN_PROGRESS,
        ),
    )
)
OVER = frozenset(map(int, (FixtureStatus.FINISHED, FixtureStatus.CANCELLED, FixtureStatus.ABANDONED)))


class SourceStanding(NamedTuple):
    """What a source can vouch for: nothing while there is a `reason`, and only for what it has spoken of in `epoch`.

    An epoch begins with each break of what the source sends; a bet has that of the message which last spoke of it.
    `is_doubted`: its numbers contradict themselves, so that holes in them say nothing.
    """

    reason: Reason | None = None
    epoch: int = 0
    is_doubted: bool = False


#: What nobody vouches for is closed.
NO_SOURCE = SourceStanding(Reason.SOURCE_DOWN)


class Offer(NamedTuple):
    """What is said of the bet itself. `price` is the decimal odds, `is_running` whether whom it is on takes part."""

    status: int
    price: Decimal | None
    epoch: int = 0
    is_unreadable: bool = False
    is_running: bool = True


class Statement(NamedTuple):
    """What LSports states of a fixture, a market or a bookmaker's market; None where it states no status.

    `is_unreadable`: its newest statement could not be read. `has_gap`: messages of the market are known to be missing.
    """

    status: int | None = None
    is_unreadable: bool = False
    has_gap: bool = False


class Conditions(NamedTuple):
    """What a bet depends on. `is_in_charge`: its source's side is the one whose word on the fixture's prices counts."""

    fixture: Statement = Statement()
    market: Statement = Statement()
    provider: Statement = Statement()
    source: SourceStanding = NO_SOURCE
    is_in_charge: bool = True

    @property
    def has_gap(self) -> bool:
        return self.market.has_gap and not self.source.is_doubted

    @property
    def is_unreadable(self) -> bool:
        return self.fixture.is_unreadable or self.market.is_unreadable or self.provider.is_unreadable


#: An open bet: only what it depends on can close it.
OFFERED = Offer(OPEN, Decimal(2), epoch=2**62)
#: Conditions that close no bet.
OPEN_CONDITIONS = Conditions(source=SourceStanding())


def closed_because(offer: Offer, conditions: Conditions) -> Reasons:
    """Every reason why the price is not open, the strongest first; none: it is open."""
    source = conditions.source
    reasons = (
        status_reason(offer.status),
        None if has_price(offer.price) else Reason.NO_PRICE,
        Reason.PROVIDER_SUSPENDED if closes(conditions.provider.status) else None,
        Reason.MARKET_SUSPENDED if closes(conditions.market.status) else None,
        None if offer.is_running else Reason.NOT_RUNNING,
        fixture_reason(conditions.fixture.status),
        source.reason,
        Reason.UNCONFIRMED if offer.epoch < source.epoch or not conditions.is_in_charge else None,
        Reason.GAP if conditions.has_gap else None,
        Reason.UNREADABLE if offer.is_unreadable or conditions.is_unreadable else None,
    )
    return tuple(reason for reason in reasons if reason is not None)


def condition_reasons(conditions: Conditions) -> Reasons:
    """Why these close every bet that depends on them, however it is offered."""
    return closed_because(OFFERED, conditions)


def is_offered(status: int, price: Decimal | None) -> bool:
    """Whether the bet itself is open, whatever it depends on: all that history knows."""
    return status == OPEN and has_price(price)


def bet_reasons(status: int, price: Decimal | None) -> Reasons:
    """Why the bet itself is not open, whatever it depends on."""
    return closed_because(Offer(status, price), OPEN_CONDITIONS)


def status_reason(status: int) -> Reason | None:
    """Why a bet of this status is closed."""
    if status == OPEN:
        return None
    return Reason.BET_SETTLED if status == SETTLED else Reason.BET_SUSPENDED


def has_price(price: Decimal | None) -> bool:
    """Whether the price pays anything."""
    return price is not None and price.is_finite() and price > 1


def closes(market_status: int | None) -> bool:
    """Whether a market, or a bookmaker's market, of this status closes its bets."""
    return market_status is not None and market_status != OPEN


def fixture_reason(status: int | None) -> Reason | None:
    """Why no bet of a fixture of this status is open."""
    if status is None or status in PLAYABLE:
        return None
    return Reason.FIXTURE_OVER if status in OVER else Reason.FIXTURE_PAUSED
