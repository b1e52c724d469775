"""A price in a cell: what it says, whether it can be traded on, and who has the best."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext

from feed.codes import BetStatus, Settlement
from feed.models import Bet
from feed.models.market import CALCULATED

from .clock import epoch_ms
from .labels import settlement_label, suspension_label
from .odds import exact_text, odds_text
from .provider import provider_name


class PriceState(StrEnum):
    """Why a price can or cannot be traded on."""

    OPEN = "open"
    SUSPENDED = "suspended"
    SETTLED = "settled"
    UNVOUCHED = "unvouched"
    NONE = "none"


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
    first price and the one before the last move.
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

    def with_note(self, note: str) -> "PriceCell":
        """The same cell, and something more to say of it."""
        return replace(self, note=f"{self.note}. {note}" if self.note else note)


def price_cell(bet: Bet, provider: str, up: frozenset[int], odds: str = "decimal") -> PriceCell:
    """The cell of a bet; `up` holds the sources that are UP, `odds` names the notation."""
    state, note = price_state(bet, up)
    return PriceCell(
        bet_id=str(bet.bet_id),
        provider_id=bet.provider_id,
        provider=provider_name(bet.provider_id, provider),
        text=_text(bet.price, odds) or "–",
        exact=exact_text(bet.price) or "",
        value=bet.price,
        state=state,
        note=note,
        move=move_of(bet),
        moves=bet.moves,
        changed_at=epoch_ms(bet.last_update or bet.received_at),
        opened=_text(bet.start_price, odds),
        before=_text(bet.previous_price, odds),
        settlement=SETTLED_AS.get(bet.settlement or 0, "") if bet.status == BetStatus.SETTLED else "",
    )


def _text(price: Decimal | None, odds: str) -> str:
    return odds_text(price, odds) if price is not None else ""


def price_state(bet: Bet, up: frozenset[int]) -> tuple[PriceState, str]:
    """The state, and in words what stands behind it (the suspension's reason, the settlement)."""
    if bet.status == BetStatus.SETTLED:
        told = gettext("Settled") if bet.settlement is None else settlement_label(bet.settlement)
        return PriceState.SETTLED, told
    if bet.status != BetStatus.OPEN:
        reason = suspension_label(bet.suspension_reason) if bet.suspension_reason is not None else ""
        told = gettext("Suspended: %(reason)s") % {"reason": reason} if reason else gettext("Suspended")
        return PriceState.SUSPENDED, told
    if bet.price is None:
        return PriceState.NONE, gettext("No price")
    if bet.source_id not in up:
        return PriceState.UNVOUCHED, gettext("The feed does not vouch for this price just now")
    return PriceState.OPEN, ""


def move_of(bet: Bet) -> str:
    """Which way the last change of the price went."""
    if bet.price is None or bet.previous_price is None or bet.price == bet.previous_price:
        return ""
    return "up" if bet.price > bet.previous_price else "down"


def of_bookmakers(bets: Sequence[Bet]) -> Sequence[Bet]:
    """The bookmakers' bets; LSports' own calculated ones only where no bookmaker has any."""
    return [bet for bet in bets if bet.provider_id != CALCULATED] or bets


def mark_best(cells: Iterable[PriceCell]) -> list[PriceCell]:
    """The same cells with a bookmaker's highest open price marked, ties included; nothing else is ever the best."""
    cells = list(cells)
    has_bookmaker = any(cell.provider_id != CALCULATED for cell in cells)

    def may_be(cell: PriceCell) -> bool:
        return cell.state is PriceState.OPEN and (cell.provider_id != CALCULATED or not has_bookmaker)

    best = max((cell.value for cell in cells if may_be(cell) and cell.value), default=None)
    return [replace(cell, is_best=True) if may_be(cell) and cell.value == best else cell for cell in cells]


def best_cell(cells: Iterable[PriceCell]) -> PriceCell | None:
    """The best open price; where none is open, one that says why not; None where there are no bets."""
    cells = list(cells)
    marked = [cell for cell in mark_best(cells) if cell.is_best]
    return marked[0] if marked else next(iter(cells), None)
