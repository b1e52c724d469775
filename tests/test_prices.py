"""Cells of prices: what can be traded on, and who has the best."""

from decimal import Decimal
from typing import Any

import pytest

from feed.models import Bet, FeedSource
from feed.pages.prices.cell import PriceState, best_cell, mark_best, move_of, price_cell
from feed.vouching.market import MarketVouching
from feed.vouching.predicate import Statement
from feed.vouching.source_health import Health
from feed.vouching.sources import SourceHealth, Vouching
from tests.rows import NOW


def vouching(state: FeedSource.State = FeedSource.State.UP, market: int | None = None) -> MarketVouching:
    """A market of a fixture that is not over, whose bets are source 1's."""
    source = FeedSource(pk=1, name="in-play", state=state)
    sources = Vouching((SourceHealth(source, Health(state, NOW)),))
    return MarketVouching(sources, Statement(), Statement(market), {})


UP = vouching()


def bet(price: str | None = "2.0", **fields: Any) -> Bet:
    defaults = {"bet_id": 2**53 + 1, "provider_id": 8, "status": 1, "source_id": 1, "name": "1", "received_at": NOW}
    return Bet(price=Decimal(price) if price else None, **{**defaults, **fields})


def state_and_note(bet: Bet, by: MarketVouching = UP) -> tuple[PriceState, str]:
    cell = price_cell(bet, "", by)
    return cell.state, cell.note


def test_an_open_bet_of_a_source_that_is_up_is_open():
    assert state_and_note(bet()) == (PriceState.OPEN, "")


@pytest.mark.parametrize("state", [state for state in FeedSource.State if state != FeedSource.State.UP])
def test_no_price_looks_tradable_when_its_source_is_not_up(state: FeedSource.State):
    shown, note = state_and_note(bet(), vouching(state))
    assert shown is PriceState.UNVOUCHED
    assert note.startswith("Not confirmed: the feed of this price is ")


def test_a_price_of_a_source_that_nobody_knows_is_not_vouched_for():
    assert state_and_note(bet(source_id=2))[0] is PriceState.UNVOUCHED


def test_a_suspended_market_closes_its_open_bets():
    assert state_and_note(bet(), vouching(market=2)) == (PriceState.SUSPENDED, "Suspended: the whole market is closed")


def test_a_suspended_bet_says_its_reason():
    assert state_and_note(bet(status=2, suspension_reason=6)) == (
        PriceState.SUSPENDED,
        "Suspended: score inconsistent",
    )


def test_a_settled_bet_says_how():
    assert state_and_note(bet(status=3, settlement=2)) == (PriceState.SETTLED, "Won")


@pytest.mark.parametrize(("before", "move"), [("1.9", "up"), ("2.1", "down"), ("2.0", ""), (None, "")])
def test_a_move_is_the_last_change_of_the_price(before: str | None, move: str):
    assert move_of(bet(previous_price=Decimal(before) if before else None)) == move


def test_ties_for_the_best_price_are_all_marked():
    prices = enumerate(("2.0", "2.2", "2.2"), 8)
    cells = [price_cell(bet(price, provider_id=pk), "", UP) for pk, price in prices]
    assert [cell.is_best for cell in mark_best(cells)] == [False, True, True]


def test_fractions_that_look_equal_are_all_marked_and_the_longer_is_the_best():
    bets = [bet("2.50", provider_id=8), bet("2.52", provider_id=31)]
    prices = [price_cell(row, "", UP, "fractional") for row in bets]
    assert [(cell.text, cell.is_best) for cell in mark_best(prices)] == [("6/4", True), ("6/4", True)]
    assert getattr(best_cell(prices), "exact", "") == "2.52"


def test_a_suspended_price_is_never_the_best():
    cells = [price_cell(bet("3.0", status=2), "", UP), price_cell(bet("2.0"), "", UP)]
    best = best_cell(cells)
    assert best is not None
    assert best.text == "2.00"


def test_where_nothing_is_open_the_cell_says_why():
    cell = best_cell([price_cell(bet(status=2), "", UP)])
    assert cell is not None
    assert (cell.state, cell.is_best) == (PriceState.SUSPENDED, False)


def test_ids_leave_as_text():
    assert price_cell(bet(), "", UP).bet_id == str(2**53 + 1)


def test_lsports_calculated_price_is_never_the_best_beside_a_bookmakers():
    prices = [bet("9.0", provider_id=0), bet("2.0"), bet("1.9", provider_id=31)]
    cells = [price_cell(row, "", UP) for row in prices]
    assert [cell.is_best for cell in mark_best(cells)] == [False, True, False]
    assert getattr(best_cell(cells), "text", "") == "2.00"


def test_the_only_price_is_no_better_than_another_and_not_marked():
    alone = [price_cell(bet(), "", UP)]
    beside_calculated = [*alone, price_cell(bet("1.8", provider_id=0), "", UP)]
    for cells in (alone, beside_calculated, beside_calculated[1:]):
        assert not any(cell.is_best for cell in mark_best(cells))
        assert best_cell(cells) == cells[0]


def test_the_only_open_price_of_several_is_the_best():
    cells = [price_cell(bet(), "", UP), price_cell(bet("3.0", provider_id=31, status=2), "", UP)]
    assert [cell.is_best for cell in mark_best(cells)] == [True, False]
