"""Markets and settlements are deltas; the newest word on each bet counts."""

from decimal import Decimal

import pytest

from feed.changes import Aspect
from feed.models import Bet, Fixture, Market, Provider, ProviderMarket
from feed.store import store_batch
from feed.wire import messages as wire

from .journal_rows import all_prices
from .received import FIXTURE, MARKET, a_source, at, bet, market_message, received, settlement_message

pytestmark = pytest.mark.usefixtures("either_database")


def the_bet(number: int = 1) -> Bet:
    return Bet.objects.get(bet_id=number)


def prices(number: int = 1) -> list[Decimal | None]:
    return [state.price for state in all_prices() if state.bet_id == number]


def test_it_creates_a_bare_fixture_for_a_market_of_one_never_seen():
    (change,) = store_batch(a_source(), [market_message(bet(1, "2.1"))])
    assert (change.fixture_id, change.revision, change.markets, change.moved) == (FIXTURE, 1, (MARKET,), True)
    assert change.aspects == {Aspect.MARKETS}
    stored = Fixture.objects.get()
    assert (stored.revision, stored.markets_revision, stored.fixture_revision) == (1, 1, 0)
    assert Market.objects.get().revision == the_bet().revision == 1


def test_it_stores_all_that_a_bet_says():
    given = bet(
        2**62 + 1, "17.0579", 5, name="Over \\ \"2\"", line="2.5", base_line="2.5", lay_price=Decimal("17.5"),
        price_volume=Decimal("1000.25"), lay_price_volume=Decimal("12"), suspension_reason=6, probability=0.46462,
        calculated_margin=8.05, provider_bet_id="74", participant_id=9, player_id="10", player_name="Ø, {x}", order=3,
        start_price=Decimal("19"), status=2,
    )  # fmt: skip
    store_batch(a_source(), [market_message(given, provider=8, sent=6)])
    row = the_bet(2**62 + 1)
    for name in ("name", "line", "base_line", "status", "start_price", "price", "lay_price", "price_volume",
                 "lay_price_volume", "suspension_reason", "probability", "calculated_margin", "provider_bet_id",
                 "participant_id", "player_id", "player_name", "order", "last_update"):  # fmt: skip
        assert getattr(row, name) == getattr(given, name), name
    assert (row.provider.name, row.source, row.sent_at, row.received_at) == ("Bookmaker 8", a_source(), at(6), at(6.1))
    assert (row.moves, row.previous_price) == (0, None)
    assert ProviderMarket.objects.get().last_update == at(6)


def test_it_leaves_the_neighbours_of_a_bet_alone():
    store_batch(a_source(), [market_message(bet(1, "2.1"), bet(2, "3.4"))])
    store_batch(a_source(), [market_message(bet(1, "2.2", 1), sent=1)])
    assert (the_bet(1).price, the_bet(2).price) == (Decimal("2.2"), Decimal("3.4"))
    assert (the_bet(1).revision, the_bet(2).revision, Market.objects.get().revision) == (2, 1, 2)


def test_it_counts_moves_and_keeps_the_price_before_the_last():
    store_batch(
        a_source(), [market_message(bet(1, price, n), sent=n) for n, price in enumerate(["2.1", "2.2", "2.2", "2.3"])]
    )
    row = the_bet()
    assert (row.price, row.previous_price, row.moves) == (Decimal("2.3"), Decimal("2.2"), 2)


@pytest.mark.parametrize("apart", [True, False])
def test_it_drops_a_bet_older_than_the_stored_one(apart: bool):
    newer, older = (
        market_message(bet(1, "2.5", 10), sent=10),
        market_message(bet(1, "2.1", 5), bet(2, "3.0", 5), sent=5),
    )
    for batch in [[newer], [older]] if apart else [[newer, older]]:
        store_batch(a_source(), batch)
    assert (the_bet(1).price, the_bet(2).price) == (Decimal("2.5"), Decimal("3.0"))
    assert prices() == [Decimal("2.5")]


def test_it_takes_another_bet_with_the_same_last_update():
    store_batch(a_source(), [market_message(bet(1, "2.1", 5), sent=5), market_message(bet(1, "2.2", 5), sent=5)])
    assert the_bet().price == Decimal("2.2")


def test_it_drops_a_repeated_message_that_another_with_the_same_last_update_followed():
    first, second = market_message(bet(1, "2.1", 5), sent=5), market_message(bet(1, "2.2", 5), sent=6)
    store_batch(a_source(), [first, second])
    assert store_batch(a_source(), [first]) == []
    assert the_bet().price == Decimal("2.2")


def test_it_changes_nothing_by_a_message_delivered_twice():
    message = market_message(bet(1, "2.123456"), bet(2, "999999999.999999"), provider=8, main_line="2.5")
    store_batch(a_source(), [message])
    before = list(Bet.objects.values()), list(Market.objects.values()), list(Fixture.objects.values())
    message.received_at = at(100)
    assert store_batch(a_source(), [message, message]) == []
    assert before == (list(Bet.objects.values()), list(Market.objects.values()), list(Fixture.objects.values()))
    assert len(all_prices()) == 2


def test_it_keeps_a_start_price_that_a_delta_leaves_empty():
    store_batch(a_source(), [market_message(bet(start_price=Decimal("1.9")))])
    store_batch(a_source(), [market_message(bet(1, "2.4", 1, start_price=None), sent=1)])
    assert the_bet().start_price == Decimal("1.9")


def test_it_keeps_a_start_price_that_a_settlement_calls_one():
    store_batch(a_source(), [market_message(bet(start_price=Decimal("1.9")))])
    settled = bet(1, "2.1", 1, start_price=Decimal("1.0"), status=3, settlement=2)
    store_batch(a_source(), [settlement_message(settled, sent=1)])
    row = the_bet()
    assert (row.start_price, row.status, row.settlement) == (Decimal("1.9"), 3, 2)


def test_it_takes_back_a_settlement_and_settles_anew():
    source = a_source()
    for n, settlement in enumerate([2, -1, 1]):
        store_batch(source, [settlement_message(bet(1, "2.1", n, status=3, settlement=settlement), sent=n)])
    assert the_bet().settlement == 1
    assert [state.settlement for state in all_prices()] == [2, -1, 1]


def test_it_forgets_settlement_and_reason_when_a_bet_opens_again():
    store_batch(a_source(), [settlement_message(bet(1, "2.1", 0, status=3, settlement=2, suspension_reason=6))])
    store_batch(a_source(), [market_message(bet(1, "2.1", 1, status=1), sent=1)])
    assert (the_bet().settlement, the_bet().suspension_reason) == (None, None)


def test_it_keeps_what_describes_a_bet_when_a_delta_does_not():
    store_batch(a_source(), [market_message(bet(name="Over", line="2.5", player_id="4", provider_bet_id="x"))])
    shortened = wire.Bet(id=1, status=2, last_update=at(1))
    store_batch(a_source(), [market_message(shortened, sent=1)])
    row = the_bet()
    assert (row.name, row.line, row.player_id, row.provider_bet_id, row.price) == (
        "Over",
        "2.5",
        "4",
        "x",
        Decimal("2.1"),
    )
    assert row.status == 2


def test_it_tells_bets_of_the_same_id_apart_by_provider_and_market():
    store_batch(a_source(), [market_message(bet(5), provider=8), market_message(bet(5), provider=7),
                             market_message(bet(5), market=2), market_message(bet(5))])  # fmt: skip
    assert Bet.objects.count() == 4
    assert set(Provider.objects.values_list("id", "name")) == {(0, "LSports"), (7, "Bookmaker 7"), (8, "Bookmaker 8")}


def test_it_keeps_every_distinct_price_and_status_within_a_batch():
    steps = [("2.1", 1), ("2.2", 1), ("2.2", 1), ("2.2", 2), ("2.1", 1)]
    store_batch(a_source(), [market_message(bet(1, price, n, status=s), sent=n) for n, (price, s) in enumerate(steps)])
    history = [(state.at, state.price, state.status) for state in all_prices()]
    assert history == [(at(n), Decimal(steps[n][0]), steps[n][1]) for n in (0, 1, 3, 4)]


def test_it_takes_a_last_update_from_the_message_when_a_bet_has_none():
    store_batch(a_source(), [market_message(bet(1, "2.1", None), sent=9)])
    store_batch(a_source(), [market_message(bet(1, "2.0", 8), sent=8)])
    assert (the_bet().price, the_bet().last_update) == (Decimal("2.1"), at(9))


def test_it_keeps_the_newest_main_line():
    source = a_source()
    store_batch(source, [market_message(bet(), main_line="2.5", sent=1)])
    store_batch(source, [market_message(bet(1, "2.2", 5), sent=5)])
    store_batch(source, [market_message(bet(1, "2.2", 6), main_line="3.5", status=2, sent=6)])
    store_batch(source, [market_message(bet(), main_line="2.5", status=1, sent=1)])
    market = Market.objects.get()
    assert (market.main_line, market.status) == ("3.5", 2)


def test_it_keeps_a_source_that_said_the_same_before_another():
    message = market_message(bet())
    store_batch(a_source("First"), [message])
    assert store_batch(a_source("Second"), [message]) == []
    assert the_bet().source == a_source("First")


def test_it_names_a_market_that_the_feed_does_not():
    store_batch(a_source(), [received(wire.Event(fixture_id=FIXTURE, markets=[wire.Market(id=2, bets=[bet()])]))])
    assert Market.objects.get(market_id=2).name == "Under/Over"


def test_it_takes_text_with_nul_out_of_every_name():
    store_batch(a_source(), [market_message(bet(name="O\0ver", line="\0"))])
    assert (the_bet().name, the_bet().line) == ("Over", "")
