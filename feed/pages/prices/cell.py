"""A price in a cell: what it says, whether it can be traded on, and who has the best."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from feed.codes import Settlement
from feed.models import Bet
from feed.models.market import CALCULATED
from feed.pages.fixture.clock import epoch_ms
from feed.pages.markets.provider import provider_name
from feed.vouching.market import MarketVouching
from feed.vouching.reasons import Reason

from .closing import reason_text
from .odds import exact_text, odds_text


class PriceState(StrEnum):
    """How a price is drawn: open, or what its strongest reason to be closed is about."""

    OPEN = "open"
    SUSPENDED = "suspended"
    SETTLED = "settled"
    UNVOUCHED = "unvouched"
    NONE = "none"


#: All reasons that are not here are about what the desk knows: nobody vouches for the price.
STATES = {
    Reason.BET_SETTLED: PriceState.SETTLED,
    Reason.BET_SUSPENDED: PriceState.SUSPENDED,
    Reason.NO_PRICE: PriceState.NONE,
    Reason.PROVIDER_SUSPENDED: PriceState.SUSPENDED,
    Reason.MARKET_SUSPENDED: PriceState.SUSPENDED,
    Reason.FIXTURE_OVER: PriceState.SUSPENDED,
    Reason.FIXTURE_PAUSED: PriceState.SUSPENDED,
}

#: How a settled cell is drawn.
SETTLED_AS: dict[int, str] = {
    Settlement.WINNER: "won",
    Settlement.HALF_WON: "won",
    Settlement.LOSER: "lost",
    Settlement.HALF_LOST: "lost",
    Settlement.REFUND: "refund",
    Settlement.CANCELLED: "refund",
}


@dataclass(frozen=True, slots=True)
class PriceCell:
    """A bet as one cell of a grid. `move` is where the last of its `moves` went: "up" or "down".

    `changed_at` is when LSports last changed the bet (epoch milliseconds); `opened` and `before` are, as text, the
    first price and the one before the last move; `outcome` names what it is a price of, where no column's head does.
    """

    bet_id: str
    provider_id: int
    provider: str
    text: str
    exact: str
    value: Decimal | None
    state: PriceState
    note: str
    move: str
    moves: int
    changed_at: int
    opened: str
    before: str
    settlement: str
    is_best: bool = False
    outcome: str = ""

    def with_note(self, note: str) -> "PriceCell":
        """The same cell, and something more to say of it."""
        return replace(self, note=f"{self.note}. {note}" if self.note else note)


def price_cell(bet: Bet, provider: str, vouching: MarketVouching, odds: str = "decimal") -> PriceCell:
    """The cell of a bet; `odds` names the notation. A cell that is not open says the strongest reason in its note."""
    reasons = vouching.closed_because(bet)
    state = STATES.get(reasons[0], PriceState.UNVOUCHED) if reasons else PriceState.OPEN
    return PriceCell(
        bet_id=str(bet.bet_id),
        provider_id=bet.provider_id,
        provider=provider_name(bet.provider_id, provider),
        text=_text(bet.price, odds) or "–",
        exact=exact_text(bet.price) or "",
        value=bet.price,
        state=state,
        note=reason_text(reasons[0], vouching, bet) if reasons else "",
        move=move_of(bet),
        moves=bet.moves,
        changed_at=epoch_ms(bet.last_update or bet.received_at),
        opened=_text(bet.start_price, odds),
        before=_text(bet.previous_price, odds),
        settlement=SETTLED_AS.get(bet.settlement or 0, "") if state is PriceState.SETTLED else "",
    )


def _text(price: Decimal | None, odds: str) -> str:
    return odds_text(price, odds) if price is not None else ""


def move_of(bet: Bet) -> str:
    """Which way the last change of the price went."""
    if bet.price is None or bet.previous_price is None or bet.price == bet.previous_price:
        return ""
    return "up" if bet.price > bet.previous_price else "down"


def of_bookmakers(bets: Sequence[Bet]) -> Sequence[Bet]:
    """The bookmakers' bets; LSports' own calculated ones only where no bookmaker has any."""
    return [bet for bet in bets if bet.provider_id != CALCULATED] or bets


def mark_best(cells: Iterable[PriceCell]) -> list[PriceCell]:
    """The same cells with a bookmaker's highest open price marked, where another bookmaker has the outcome too.

    Ties are marked too, and what looks the same: 2.50 and 2.52 are both 6/4.
    """
    cells = list(cells)
    best = highest(cells)
    if best is None or len({cell.provider_id for cell in cells} - {CALCULATED}) < 2:
        return cells
    leading = {(cell.provider_id, cell.bet_id) for cell in tradable(cells) if cell.text == best.text}
    return [replace(cell, is_best=True) if (cell.provider_id, cell.bet_id) in leading else cell for cell in cells]


def tradable(cells: Sequence[PriceCell]) -> list[PriceCell]:
    """The open prices; LSports' own calculated one only where no bookmaker has the outcome."""
    open_cells = [cell for cell in cells if cell.state is PriceState.OPEN]
    has_bookmaker = any(cell.provider_id != CALCULATED for cell in cells)
    return [cell for cell in open_cells if cell.provider_id != CALCULATED or not has_bookmaker]


def highest(cells: Sequence[PriceCell]) -> PriceCell | None:
    """The best open price; None where none is open."""
    return max((cell for cell in tradable(cells) if cell.value), key=lambda cell: cell.value or 0, default=None)


def best_cell(cells: Iterable[PriceCell]) -> PriceCell | None:
    """The best open price; where none is open, one that says why not; None where there are no bets."""
    cells = mark_best(cells)
    return highest(cells) or next(iter(cells), None)
