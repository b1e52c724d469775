"""Why a price is not open, as codes. Programs get them as they stand here; pages put them into words."""

from enum import StrEnum


class Reason(StrEnum):
    """A condition that does not hold, the strongest first: what says most of the bet itself comes before the rest."""

    BET_SUSPENDED = "bet_suspended"
    BET_SETTLED = "bet_settled"
    NO_PRICE = "no_price"
    PROVIDER_SUSPENDED = "provider_suspended"
    MARKET_SUSPENDED = "market_suspended"
    NOT_RUNNING = "not_running"
    FIXTURE_OVER = "fixture_over"
    FIXTURE_PAUSED = "fixture_paused"
    SOURCE_DOWN = "source_down"
    SOURCE_LATE = "source_late"
    SOURCE_OFF = "source_off"
    SOURCE_RECOVERING = "source_recovering"
    UNCONFIRMED = "unconfirmed"
    GAP = "gap"
    UNREADABLE = "unreadable"


#: What a person calls a suspension: LSports or a bookmaker took the price back for a while.
SUSPENDED = frozenset({Reason.BET_SUSPENDED, Reason.PROVIDER_SUSPENDED, Reason.MARKET_SUSPENDED})

#: All reasons of a bet, the strongest first; empty: it is open.
Reasons = tuple[Reason, ...]
