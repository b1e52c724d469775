"""How a feed stood at a moment: what was written of it, and the silences that nobody wrote."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from feed.ingest.holes import Holes
from feed.ingest.lease import SourceLease
from feed.ingest.source_state import StateWriter
from feed.journal.carrying import carry_over
from feed.journal.sources import are_sources_known, silence_ended, sources_at
from feed.models import FeedSource, Fixture, JournalEntry
from feed.past.database import CACHE
from feed.past.moments import moment_text
from feed.store import store_batch
from feed.store.sources import record_source
from feed.vouching.source_health import Health, state_of
from livescore_site.people import BACKEND

from .received import FIXTURE, a_source, at, bet, fixture_message, market_message
from .rows import make_trader

pytestmark = pytest.mark.usefixtures("either_database")
State = FeedSource.State
LATE, DOWN, GONE = settings.FEED_LATE_SECONDS, settings.FEED_DOWN_SECONDS, settings.FEED_GONE_SECONDS
START = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_pasts() -> Iterator[None]:
    CACHE.clear()
    yield
    CACHE.clear()


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def written(seconds: float, *, last_message: float | None = None, seen: float | None = None, **columns: Any) -> None:
    """The source's row has these columns from `seconds` on, and the journal says so."""
    FeedSource.objects.update(**columns)
    source = FeedSource.objects.get()
    known = set(JournalEntry.objects.values_list("pk", flat=True))
    begun = {"heard_at": last_message, "seen_at": seen}
    record_source(source.pk, **{name: after(at) for name, at in begun.items() if at is not None})
    entries = JournalEntry.objects.exclude(pk__in=known)
    entries.update(committed_at=after(seconds), revision=int(after(seconds).timestamp() * 1_000_000))
    entries.update(keyframe_revision=int(after(seconds).timestamp() * 1_000_000))
    if last_message is None and seen is None:
        entries.update(received_at=after(seconds))


def health(seconds: float) -> Health:
    (row,) = sources_at(after(seconds))
    columns = {name: getattr(row, name) for name in row.__struct_fields__}
    return state_of(FeedSource(**columns), after(seconds))


@pytest.fixture
def source() -> FeedSource:
    """A feed that is up since START and has brought a message just now."""
    source = a_source()
    FeedSource.objects.update(last_message_at=after(10_000), consumer="x", consumer_seen_at=after(10_000))
    written(0, state=State.UP, state_since=START, state_reason="")
    return source


def test_what_was_written_of_a_feed_holds_until_something_else_is(source: FeedSource):
    written(100, state=State.DOWN, state_since=after(99), state_reason="No connection.")
    written(200, state=State.UP, state_since=after(200), state_reason="")
    assert [health(seconds).state for seconds in (50, 150, 250)] == [State.UP, State.DOWN, State.UP]
    assert health(150) == Health(State.DOWN, after(99), "No connection.")


def test_the_same_again_is_written_once(source: FeedSource):
    for _ in range(3):
        record_source(source.pk)
    assert JournalEntry.objects.filter(part=JournalEntry.Part.SOURCE).count() == 1


def test_a_feed_that_was_off_on_purpose_is_off_then(source: FeedSource):
    written(100, off_since=after(100), off_reason="Switched off by ann.")
    written(200, off_since=None, off_reason="")
    assert [health(seconds).state for seconds in (50, 150, 250)] == [State.UP, State.OFF, State.UP]


def test_numbers_that_were_doubted_are_doubted_then(source: FeedSource):
    written(100, doubted_since=after(100))
    written(200, doubted_since=None)
    assert [sources_at(after(seconds))[0].doubted_since for seconds in (50, 150, 250)] == [None, after(100), None]


def test_a_silence_that_ended_is_there_second_by_second(source: FeedSource):
    written(100, last_message=20)
    states = [health(20 + seconds).state for seconds in (0, LATE - 1, LATE, DOWN - 1, DOWN, 79, 81)]
    assert states == [State.UP, State.UP, State.LATE, State.LATE, State.DOWN, State.DOWN, State.UP]


def test_a_consumer_that_was_gone_is_gone_then(source: FeedSource):
    written(100, seen=20)
    assert [health(20 + seconds).state for seconds in (GONE - 1, GONE, 79, 81)] == [
        State.UP,
        State.DOWN,
        State.DOWN,
        State.UP,
    ]


def test_one_silence_within_another_is_not_lost(source: FeedSource):
    written(90, seen=20)
    written(100, last_message=15)
    assert health(80).state == State.DOWN
    assert health(92).state == State.DOWN
    assert "Nothing has arrived" in health(92).reason
    assert health(101).state == State.UP


def test_a_silence_that_goes_on_is_in_the_row_itself(source: FeedSource):
    FeedSource.objects.update(last_message_at=after(20), consumer_seen_at=after(10_000))
    assert [health(20 + seconds).state for seconds in (LATE - 1, LATE, DOWN)] == [State.UP, State.LATE, State.DOWN]


def test_of_what_came_before_the_first_entry_nothing_is_known(source: FeedSource):
    assert (are_sources_known(after(-1)), are_sources_known(after(1))) == (False, True)
    assert health(-1).state == State.UP


def test_a_feed_for_which_no_consumer_ever_ran_was_never_up(source: FeedSource):
    FeedSource.objects.create(name="Another", kind=FeedSource.Kind.QUEUE)
    another = sources_at(after(1))[1]
    assert (another.state, another.state_since) == (State.DOWN, None)
    assert are_sources_known(after(1))


@pytest.mark.parametrize(("seconds", "is_one"), [(LATE, False), (LATE + 0.001, True)])
def test_only_what_readers_do_not_put_up_with_is_a_silence(seconds: float, is_one: bool):
    assert silence_ended(START, after(seconds), LATE) == (START if is_one else None)


def test_a_message_after_a_silence_ends_it(source: FeedSource):
    began = at(50)
    FeedSource.objects.update(last_message_at=began, consumer="", consumer_seen_at=None)
    source.refresh_from_db()
    store_batch(source, [market_message(bet(1, "1.5", 1), sent=50 + LATE + 5)])
    (row,) = sources_at(began + timedelta(seconds=LATE + 1))
    assert row.last_message_at == began


def test_a_consumers_state_is_in_the_journal_with_its_writing(source: FeedSource):
    lease = SourceLease(source)
    FeedSource.objects.update(consumer="")
    assert lease.take() == ""
    writer = StateWriter(lease, lambda source_id: None)
    writer.write(State.UP)
    states = [row.state for (row,) in (sources_at(moment) for moment in committed())][1:]
    assert states == [State.DOWN, State.UP]


def test_whoever_takes_a_feed_from_a_consumer_that_was_gone_says_since_when(source: FeedSource):
    long_ago = datetime.now(UTC) - timedelta(seconds=GONE * 3)
    FeedSource.objects.update(consumer="host/1/1/dead", consumer_seen_at=long_ago)
    assert SourceLease(source).take() == ""
    (row,) = sources_at(long_ago + timedelta(seconds=GONE + 1))
    assert row.consumer_seen_at == long_ago


def test_a_consumer_that_stood_still_says_since_when(source: FeedSource):
    lease = SourceLease(source)
    FeedSource.objects.update(consumer="")
    lease.take()
    still = datetime.now(UTC) - timedelta(seconds=GONE * 3)
    source.consumer_seen_at = still
    StateWriter(lease, lambda source_id: None).note_consuming()
    (row,) = sources_at(still + timedelta(seconds=GONE + 1))
    assert row.consumer_seen_at == still


def test_doubt_is_in_the_journal_with_its_writing(source: FeedSource):
    Holes(source, lambda changes: None, lambda source_id: None).write(START)
    assert sources_at(committed()[-1])[0].doubted_since == START


def test_what_is_forgotten_leaves_how_feeds_stood(source: FeedSource):
    written(100, state=State.DOWN, state_since=after(99), state_reason="No connection.")
    assert carry_over(after(1000)) == 1
    JournalEntry.objects.filter(committed_at__lt=after(1000)).delete()
    assert health(2000) == Health(State.DOWN, after(99), "No connection.")


def test_a_page_of_a_moment_when_the_feed_was_down_shows_nothing_open_and_says_so(client: Client):
    client.force_login(make_trader(), backend=BACKEND)
    source = a_source()
    FeedSource.objects.update(has_heartbeat=False, state=State.UP, state_since=timezone.now())
    source.refresh_from_db()
    record_source(source.pk)
    day = [fixture_message(0, start_date=timezone.now()), market_message(bet(1, "1.5", 1), sent=1)]
    store_batch(source, day)
    pages = []
    for state, reason in ((State.UP, ""), (State.DOWN, "The broker refuses."), (State.UP, "")):
        FeedSource.objects.update(state=state, state_reason=reason, state_since=timezone.now())
        record_source(source.pk)
        moment = moment_text(max(*committed(), Fixture.objects.get().stored_at or START))
        pages.append(client.get(f"/at/{moment}/fixtures/{FIXTURE}/").content.decode())
    assert ["px--open" in page for page in pages] == [True, False, True]
    assert ["It is not connected" in page for page in pages] == [False, True, False]
    assert not any("is not known" in page for page in pages)
    assert not any("Taken by nobody" in page for page in pages)


def committed() -> list[datetime]:
    entries = JournalEntry.objects.filter(part=JournalEntry.Part.SOURCE).order_by("revision")
    return list(entries.values_list("committed_at", flat=True))
