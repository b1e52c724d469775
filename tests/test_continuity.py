"""A chain of heartbeats proves that nothing was lost; where it breaks, what was said before is unconfirmed."""

import msgspec
import pytest

from feed.live.programs.state import fixture_state
from feed.models import Bet, Break, FeedSource
from feed.pages.prices.cell import PriceState, price_cell
from feed.pages.reading import Reading
from feed.store import Received, store_batch
from feed.store.epochs import epoch_at, expect_break
from feed.store.heartbeat_chain import Chain, extend
from feed.vouching.sources import read_vouching

from .received import (
    FIXTURE,
    MARKET,
    a_source,
    at,
    beat,
    bet,
    fixture_message,
    market_message,
    prices,
    repeated,
)

pytestmark = pytest.mark.usefixtures("either_database")


def unconfirmed() -> list[int]:
    epoch = FeedSource.objects.get().epoch
    return sorted(Bet.objects.filter(epoch__lt=epoch).values_list("bet_id", flat=True))


def store(*messages: Received) -> None:
    store_batch(a_source(), messages)


def test_a_chain_without_a_space_confirms_everything() -> None:
    store(prices(1, 1), beat(0), beat(5), beat(17))
    store(beat(29))
    assert (FeedSource.objects.get().epoch, unconfirmed()) == (0, [])
    assert not Break.objects.exists()


def test_a_space_in_the_chain_makes_what_was_said_before_unconfirmed() -> None:
    store(beat(0), prices(1, 1, 2))
    store(beat(12.1), prices(13, 2))
    assert unconfirmed() == [1]


def test_messages_of_one_batch_keep_to_their_own_side_of_the_break() -> None:
    store(beat(0), prices(1, 1), beat(100), prices(101, 2))
    assert unconfirmed() == [1]


def test_a_bet_that_is_repeated_unchanged_is_confirmed() -> None:
    store(beat(0), prices(1, 1))
    store(beat(100))
    before = Bet.objects.get().revision
    store(prices(1, 1))
    assert unconfirmed() == []
    assert Bet.objects.get().revision == before + 1


def test_an_older_message_confirms_nothing() -> None:
    store(beat(0), market_message(bet(1, updated=50), sent=50))
    store(beat(100), market_message(bet(1, updated=40), sent=101))
    assert unconfirmed() == [1]


def test_a_consumer_that_was_away_for_ten_minutes_breaks_nothing_while_its_queue_was_kept() -> None:
    store(beat(0), prices(1, 1))
    store(*[beat(sent, received_at=600) for sent in range(5, 600, 5)])
    assert unconfirmed() == []


def test_a_break_is_written_down_with_its_reason() -> None:
    store(beat(0), prices(1, 1), beat(100))
    row = Break.objects.get()
    assert (row.epoch, row.link_at, row.noticed_at) == (1, at(0), at(100.1))
    assert row.reason == "LSports' heartbeats from 12:00:00 to 12:01:40 UTC are missing."


def test_what_the_broker_repeats_from_before_the_break_confirms_nothing() -> None:
    price = prices(1, 1)
    store(beat(0), price, beat(100))
    store(repeated(beat(0)), repeated(price), repeated(beat(100)))
    assert (FeedSource.objects.get().epoch, unconfirmed()) == (1, [1])
    store(prices(101, 1))
    assert unconfirmed() == []


def test_an_answer_confirms_no_more_than_was_so_when_it_was_asked_for() -> None:
    store(beat(0), prices(1, 1, 2), beat(100))
    epoch = FeedSource.objects.get().epoch
    store(beat(200))
    store(msgspec.structs.replace(prices(201, 1), epoch=epoch))
    assert unconfirmed() == [1, 2]


def test_a_transport_that_lost_its_queue_breaks_the_chain_at_that_very_message() -> None:
    store(beat(0), prices(1, 1), repeated(prices(2, 2), redelivered=False, after_loss="The queue was deleted."))
    assert unconfirmed() == [1]
    store(beat(5))
    assert unconfirmed() == [1]


def test_a_break_that_somebody_knows_of_comes_with_the_next_message() -> None:
    store(beat(0), prices(1, 1))
    expect_break([a_source().pk], "The package was off.")
    store(prices(2, 2))
    store(beat(5))
    assert unconfirmed() == [1]
    assert Break.objects.get().reason == "The package was off."
    assert FeedSource.objects.get().break_due == ""


def test_a_source_that_was_never_heard_begins_its_chain_with_its_first_message() -> None:
    store(prices(1, 1))
    store(beat(60))
    assert unconfirmed() == [1]


def test_one_heartbeat_with_a_wrong_clock_breaks_nothing() -> None:
    store(beat(3600, received_at=5), prices(1, 1))
    store(beat(10), beat(-3600, received_at=15), beat(20))
    assert unconfirmed() == []


def test_a_clock_that_was_set_back_is_a_break() -> None:
    store(beat(3600), prices(1, 1))
    store(beat(5, received_at=3605), beat(10, received_at=3610))
    assert unconfirmed() == [1]
    assert Break.objects.get().reason == "LSports' clock was set back by 3590 s."


def test_every_space_above_twelve_seconds_is_a_break() -> None:
    chain, reason = extend(Chain(at(0)), at(12), is_repeat=False)
    assert (chain, reason) == (Chain(at(12)), "")
    chain, reason = extend(Chain(at(0)), at(12.001), is_repeat=False)
    assert chain == Chain(at(12.001))
    assert reason


def by_a_new_connection(message: Received, connected_at: float) -> Received:
    return repeated(message, redelivered=False, connected_at=at(connected_at))


def test_one_heartbeat_that_is_missing_over_a_new_connection_is_a_break() -> None:
    store(beat(0), prices(1, 1))
    store(by_a_new_connection(beat(10), connected_at=6))
    assert unconfirmed() == [1]
    assert Break.objects.get().reason == "LSports' heartbeats from 12:00:00 to 12:00:10 UTC are missing."


def test_the_first_message_of_a_new_connection_tells_it_where_the_heartbeat_is_overdue() -> None:
    store(beat(0), prices(1, 1, 2))
    store(by_a_new_connection(prices(7.6, 2), connected_at=7))
    store(by_a_new_connection(beat(10), connected_at=7))
    assert (FeedSource.objects.get().epoch, unconfirmed()) == (1, [1])


def test_a_queue_that_kept_its_heartbeats_breaks_nothing_over_a_new_connection() -> None:
    store(beat(0), prices(1, 1))
    waited = [message for sent in range(5, 60, 5) for message in (prices(sent - 1, 2), beat(sent))]
    store(*[by_a_new_connection(msgspec.structs.replace(one, received_at=at(60)), connected_at=59) for one in waited])
    assert FeedSource.objects.get().epoch == 0


def test_a_heartbeat_that_is_half_late_over_a_new_connection_breaks_nothing() -> None:
    store(beat(0), prices(1, 1))
    store(by_a_new_connection(prices(7.4, 2), connected_at=6), by_a_new_connection(beat(7.5), connected_at=6))
    assert FeedSource.objects.get().epoch == 0


def test_once_a_heartbeat_has_come_by_the_connection_one_may_be_missing_as_ever() -> None:
    store(beat(0), prices(1, 1))
    store(*[by_a_new_connection(beat(sent), connected_at=2) for sent in (5, 17, 29)])
    assert FeedSource.objects.get().epoch == 0


def test_after_a_break_an_old_price_is_closed_for_pages_and_programs_until_it_is_spoken_of_again() -> None:
    store(fixture_message(), beat(0), prices(1, 1, 2))
    store(beat(100), prices(101, 2))
    FeedSource.objects.update(state=FeedSource.State.UP, state_since=at(0), last_message_at=at(101))
    reading = Reading([FIXTURE])
    vouching = read_vouching(at(102))
    state = fixture_state(reading, FIXTURE, vouching)
    bets = state["markets"][str(MARKET)]["providers"]["0"]["bets"]
    assert {pk: (offer["open"], list(offer["closed_because"])) for pk, offer in bets.items()} == {
        "1": (False, ["unconfirmed"]),
        "2": (True, []),
    }
    market = reading.vouching_for(reading.markets[FIXTURE][MARKET], vouching)
    cells = [price_cell(row, "", market) for row in reading.bets[FIXTURE, MARKET]]
    assert [(cell.state, cell.note) for cell in cells] == [
        (PriceState.UNVOUCHED, "Not confirmed since the feed was interrupted"),
        (PriceState.OPEN, ""),
    ]


def test_what_was_said_before_a_break_that_is_due_is_closed_before_the_next_message_comes() -> None:
    store(fixture_message(), beat(0), prices(1, 1))
    FeedSource.objects.update(state=FeedSource.State.UP, state_since=at(0), last_message_at=at(1))
    before = read_vouching(at(2))
    expect_break([a_source().pk], "The package was off.")
    vouching = read_vouching(at(2))
    bets = fixture_state(Reading([FIXTURE]), FIXTURE, vouching)["markets"][str(MARKET)]["providers"]["0"]["bets"]
    assert list(bets["1"]["closed_because"]) == ["unconfirmed"]
    assert vouching.signature != before.signature
    store(prices(3, 1))
    vouching = read_vouching(at(3))
    bets = fixture_state(Reading([FIXTURE]), FIXTURE, vouching)["markets"][str(MARKET)]["providers"]["0"]["bets"]
    assert bets["1"]["open"]


def test_any_message_after_so_long_a_space_proves_the_break() -> None:
    store(beat(0), prices(1, 1, 2))
    store(prices(12.5, 2))
    assert (FeedSource.objects.get().epoch, unconfirmed()) == (1, [1])
    assert Break.objects.get().reason == "LSports' heartbeats from 12:00:00 to 12:00:12 UTC are missing."
    store(beat(13), prices(14, 2), beat(18))
    assert (FeedSource.objects.get().epoch, unconfirmed()) == (1, [1])


@pytest.mark.parametrize(
    ("own", "received_at"), [(12.5, 6.0), (5.0, 60.0)], ids=["a clock that is ahead", "a message that was late"]
)
def test_a_message_proves_a_break_by_both_clocks(own: float, received_at: float) -> None:
    store(beat(0), prices(1, 1, 2))
    store(msgspec.structs.replace(prices(own, 2), received_at=at(received_at)))
    assert FeedSource.objects.get().epoch == 0


def test_messages_that_waited_with_their_heartbeats_prove_no_break() -> None:
    store(beat(0), prices(1, 1))
    waited = [message for sent in range(5, 60, 5) for message in (prices(sent - 1, 2), beat(sent))]
    store(*[msgspec.structs.replace(message, received_at=at(60)) for message in waited])
    assert FeedSource.objects.get().epoch == 0


def test_a_clock_that_is_ahead_after_a_space_is_no_link_of_the_chain() -> None:
    store(beat(0), prices(1, 1))
    store(msgspec.structs.replace(prices(60, 2), received_at=at(20)))
    store(beat(21), beat(26), beat(31))
    assert FeedSource.objects.get().epoch == 1


def test_what_did_not_come_from_the_queue_uses_up_no_break() -> None:
    store(beat(0), prices(1, 1, 2))
    expect_break([a_source().pk], "The package was off.")
    store(msgspec.structs.replace(prices(2, 2), epoch=0))
    assert (FeedSource.objects.get().break_due, unconfirmed()) == ("The package was off.", [])
    store(prices(3, 1))
    assert unconfirmed() == [2]


def test_what_did_not_come_from_the_queue_is_no_link_of_the_chain() -> None:
    store(msgspec.structs.replace(prices(-3600, 1), epoch=0))
    assert FeedSource.objects.get().link_at is None
    store(beat(0), msgspec.structs.replace(beat(60), epoch=0))
    store(beat(12))
    assert FeedSource.objects.get().epoch == 0


def test_a_message_that_is_tried_again_confirms_no_more_than_when_it_came() -> None:
    store(beat(0), prices(1, 1))
    assert epoch_at(a_source(), at(50)) == 0
    store(beat(100), beat(200))
    assert [epoch_at(a_source(), at(moment)) for moment in (50, 150, 250)] == [0, 1, 2]


def test_a_source_that_was_never_heard_has_nothing_to_break() -> None:
    expect_break([a_source().pk], "The package was off.")
    store(repeated(prices(1, 1), redelivered=False, after_loss="The queue was not there for a while."))
    assert (FeedSource.objects.get().epoch, FeedSource.objects.get().break_due) == (0, "")
