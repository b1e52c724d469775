"""The past: states, and what vouched for them, as they stood at any moment; never mixed with the present."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils.connection import ConnectionDoesNotExist
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from feed.live.programs.state import fixture_state
from feed.models import Bet, Break, Desk, FeedSource, Fixture, FixtureNote, JournalEntry
from feed.pages.board.places import places
from feed.pages.board.query import BoardQuery
from feed.pages.reading import Reading
from feed.past import database
from feed.past.database import CACHE, MOST_CACHED, OPENED
from feed.past.fixture import fixture_opened, outline_opened
from feed.past.router import NothingIsWritten
from feed.store import Received, store_batch
from feed.transport import Delivery
from feed.vouching.sources import read_vouching

from .received import FIXTURE, a_source, at, bet, fixture_message, livescore_message, market_message, side
from .rows import make_trader
from .test_journal import batches
from .test_store_batch import clear, messages

pytestmark = pytest.mark.usefixtures("either_database", "no_pasts")
State = FeedSource.State


@pytest.fixture
def no_pasts() -> Iterator[None]:
    """No moment is kept from the test before, whose rows had the same numbers."""
    CACHE.clear()
    yield
    assert OPENED.past is None
    assert len(CACHE.pasts) <= MOST_CACHED
    CACHE.clear()


@pytest.fixture
def source() -> FeedSource:
    """One that is up, and has no heartbeat to be silent with."""
    FeedSource.objects.all().delete()
    row = a_source()
    FeedSource.objects.update(state=State.UP, state_since=at(-60), has_heartbeat=False)
    row.refresh_from_db()
    return row


def present(fixture_id: int, moment: datetime) -> dict[str, Any]:
    """What REST answers now, were it that moment."""
    return fixture_state(Reading([fixture_id]), fixture_id, read_vouching(moment))


def past(fixture_id: int, moment: datetime) -> dict[str, Any]:
    with fixture_opened(fixture_id, moment):
        return present(fixture_id, moment)


def without_names(state: Any) -> Any:
    """What things are called is today's."""
    if isinstance(state, dict):
        unnamed = {"sport", "location", "league", "competition"}
        return {
            key: without_names(value)
            for key, value in state.items()
            if key not in unnamed and not (key == "name" and "bets" in state)
        }
    return [without_names(member) for member in state] if isinstance(state, list) else state


def stored_at(fixture_id: int = FIXTURE) -> datetime:
    moment = Fixture.objects.values_list("stored_at", flat=True).get(pk=fixture_id)
    assert moment is not None
    return moment


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(
    batch_messages=st.lists(messages, min_size=1, max_size=14),
    ends_at=st.sets(st.integers(1, 13)),
    breaks=st.lists(st.booleans(), min_size=14, max_size=14),
)
def test_any_state_that_the_desk_was_in_is_what_the_past_says(
    batch_messages: list[Received], ends_at: set[int], breaks: list[bool], source: FeedSource
):
    clear()
    CACHE.clear()
    recorded: dict[tuple[int, datetime], Any] = {}
    for is_break, batch in zip(breaks, batches(batch_messages, ends_at), strict=False):
        if is_break:
            turned(source)
        for change in store_batch(source, batch):
            moment = datetime.now(UTC)
            recorded[change.fixture_id, moment] = json.dumps(without_names(present(change.fixture_id, moment)))
    for (fixture_id, moment), state in recorded.items():
        assert json.dumps(without_names(past(fixture_id, moment))) == state


def prices_that_moved(source: FeedSource) -> list[tuple[datetime, str]]:
    """A fixture of which one price was three; when each was stored."""
    store_batch(source, [fixture_message(0)])
    found = []
    for number, price in enumerate(("1.5", "1.6", "1.7"), 1):
        store_batch(source, [market_message(bet(1, price, number), sent=number)])
        found.append((stored_at(), price))
    return found


def price_in(state: dict[str, Any]) -> str:
    (found,) = state["markets"]["1"]["providers"]["0"]["bets"].values()
    return str(found["price"])


def test_an_outline_has_the_bets_of_those_markets_alone_that_were_asked_for(source: FeedSource):
    (_, _), (moment, price), _ = prices_that_moved(source)
    with outline_opened(FIXTURE, moment) as need_bets:
        reading = Reading([FIXTURE])
        assert list(reading.markets[FIXTURE]) == [1]
        need_bets([1])
        assert price_in(present(FIXTURE, moment)) == price
        need_bets([1])
    assert price_in(past(FIXTURE, moment)) == price


def found_by(text: str) -> list[int]:
    return [place.fixture_id for place in places(BoardQuery(text=text), datetime.now(UTC))]


def test_while_a_past_is_open_no_row_of_the_present_is_read_and_nothing_is_written(source: FeedSource):
    moments = prices_that_moved(source)
    moment, _ = moments[0]
    with fixture_opened(FIXTURE, moment):
        with CaptureQueriesContext(connection) as queries:
            assert price_in(present(FIXTURE, moment)) == "1.5"
            assert found_by("harbour") == [FIXTURE]
        assert queries.captured_queries == []
        with pytest.raises(NothingIsWritten):
            Fixture.objects.update(status=3)
        with pytest.raises(NothingIsWritten):
            Bet(fixture_id=FIXTURE, market_id=1, provider_id=0, bet_id=5).save()
        with pytest.raises(OperationalError, match="readonly"):
            Fixture.objects.using("past").update(status=3)
        assert list(Desk.objects.all()) == []
        row = Fixture.objects.get()
    with pytest.raises(ConnectionDoesNotExist):
        Fixture.objects.using("past").get()
    with pytest.raises(ConnectionDoesNotExist):
        row.refresh_from_db()
    assert price_in(present(FIXTURE, moment)) == "1.7"
    assert found_by("harbour") == [FIXTURE]


def test_another_thread_reads_the_present_meanwhile(source: FeedSource):
    (moment, _), *_ = prices_that_moved(source)
    found = []

    def read() -> None:
        found.append("past" in {alias for alias in connections if alias != "default"})
        found.append(OPENED.past)

    with fixture_opened(FIXTURE, moment):
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
    assert found == [False, None]


def test_a_failure_leaves_no_past_open(source: FeedSource):
    (moment, _), *_ = prices_that_moved(source)
    with pytest.raises(ZeroDivisionError), fixture_opened(FIXTURE, moment):
        raise ZeroDivisionError
    assert price_in(present(FIXTURE, moment)) == "1.7"


def opened_at(moment: datetime) -> Any:
    """The connection of a past, which was open for a while."""
    with fixture_opened(FIXTURE, moment):
        assert OPENED.past is not None
        return OPENED.past.connection.connection


def is_closed(connection: Any) -> bool:
    try:
        connection.execute("SELECT 1")
    except Exception:
        return True
    return False


def test_few_moments_are_kept_and_the_others_closed(source: FeedSource):
    (moment, _), *_ = prices_that_moved(source)
    long_ago = moment - timedelta(minutes=1)
    made = [opened_at(long_ago - timedelta(seconds=number)) for number in range(MOST_CACHED + 3)]
    assert [is_closed(connection) for connection in made] == [True] * 3 + [False] * MOST_CACHED
    assert opened_at(long_ago - timedelta(seconds=MOST_CACHED)) is made[MOST_CACHED]
    assert is_closed(opened_at(moment)), "what was stored just now may not all be committed"


def test_a_moment_is_kept_for_a_minute(source: FeedSource, monkeypatch: pytest.MonkeyPatch):
    (moment, _), *_ = prices_that_moved(source)
    long_ago = moment - timedelta(minutes=1)
    first = opened_at(long_ago)
    monkeypatch.setattr(database, "CACHED_SECONDS", 0.0)
    assert opened_at(long_ago) is not first
    assert is_closed(first)


def test_a_note_is_there_from_when_it_was_written_on(source: FeedSource):
    moments = [moment for moment, _ in prices_that_moved(source)]
    FixtureNote.objects.create(fixture_id=FIXTURE, author=make_trader("ben"), text="Watch", written_at=moments[1])
    for moment, names in zip(moments, ([], ["ben"], ["ben"]), strict=True):
        with fixture_opened(FIXTURE, moment):
            assert [note.author.username for note in FixtureNote.objects.select_related("author")] == names  # type: ignore[union-attr]


def turned(source: FeedSource) -> None:
    """A break: what was said before it is unconfirmed from now on."""
    epoch = FeedSource.objects.get(pk=source.pk).epoch + 1
    now = datetime.now(UTC)
    FeedSource.objects.filter(pk=source.pk).update(epoch=epoch, broke_at=now)
    Break.objects.create(source=source, epoch=epoch, reason="A break.", noticed_at=now)


def test_a_batch_that_changed_nothing_is_no_state_of_the_fixture(source: FeedSource):
    prices_that_moved(source)
    again = market_message(bet(1, "1.7", 3), sent=3)
    store_batch(source, [Received(delivery=Delivery(body=b"{}", received_at=at(4)), message=again.message)])
    assert JournalEntry.objects.filter(part=JournalEntry.Part.UNCHANGED).exists()
    moment = datetime.now(UTC)
    assert past(FIXTURE, moment) == present(FIXTURE, moment)


def test_what_was_unconfirmed_is_so_in_the_past_and_only_then(source: FeedSource):
    (before, _), *_ = prices_that_moved(source)
    turned(source)
    moment = datetime.now(UTC)
    assert closed(past(FIXTURE, before)) == []
    assert closed(past(FIXTURE, moment)) == closed(present(FIXTURE, moment)) == ["unconfirmed"]


def closed(state: dict[str, Any]) -> list[str]:
    (found,) = state["markets"]["1"]["providers"]["0"]["bets"].values()
    return list(found["closed_because"])


def test_a_score_is_as_it_was(source: FeedSource):
    store_batch(source, [fixture_message(0)])
    store_batch(source, [livescore_message(1, "0", "0")])
    moment = stored_at()
    store_batch(source, [livescore_message(2, "1", "0")])
    assert past(FIXTURE, moment)["scoreboard"]["scores"] == {"1": "0", "2": "0"}
    assert past(FIXTURE, stored_at())["scoreboard"]["scores"] == {"1": "1", "2": "0"}


def test_a_participant_without_a_position_comes_last_on_every_database(source: FeedSource):
    sides = [side(1, "Home", 1), side(2, "Away", 2), side(3, "Runner", None)]
    store_batch(source, [fixture_message(0, participants=sides)])
    moment = stored_at()
    for state in (present(FIXTURE, moment), past(FIXTURE, moment)):
        assert [participant["id"] for participant in state["participants"]] == [1, 2, 3]
