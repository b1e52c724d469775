"""One consumer at a time for each source: the others stand by, and one that was replaced writes nothing any more."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from feed.ingest.lease import HANDED_OVER, Holder, SourceLease, consumer_name
from feed.ingest.loop import Ingest, Silent
from feed.ingest.source_state import StateWriter
from feed.models import FeedSource, Fixture
from feed.store.sources import SourceTaken
from feed.transport import Delivery
from feed.vouching.source_health import state_of
from tests.feed_messages import ListTransport, fixture, heartbeat
from tests.polling import poll

pytestmark = pytest.mark.django_db(transaction=True)
State = FeedSource.State


PAUSE = threading.Event()


class Endless(ListTransport):
    """Brings its bodies, then a hundred heartbeats a second until it is closed: where others wrote without a pause, a
    writer that waits for SQLite would hardly ever have its turn."""

    def __iter__(self) -> Iterator[Delivery | None]:
        yield from super().__iter__()
        while not self.is_closed:
            PAUSE.wait(0.01)
            yield Delivery(body=heartbeat(datetime.now(UTC)), received_at=datetime.now(UTC), tag=99)
            yield None


@pytest.fixture
def source(either_database: str) -> FeedSource:
    return FeedSource.objects.create(name="Meadow in-play", kind=FeedSource.Kind.QUEUE)


@contextmanager
def running(ingest: Ingest) -> Iterator[Ingest]:
    thread = threading.Thread(target=run_and_close, args=[ingest.run])
    thread.start()
    try:
        yield ingest
    finally:
        ingest.stop()
        thread.join(10)
        assert not thread.is_alive()


def run_and_close(run: Callable[[], None]) -> None:
    try:
        run()
    except SourceTaken:
        pass
    finally:
        connection.close()


def state(source: FeedSource) -> str:
    source.refresh_from_db()
    return state_of(source, datetime.now(UTC)).state


def test_the_feed_stays_up_when_the_consumer_that_stands_by_is_stopped(source: FeedSource) -> None:
    with running(Ingest(Endless([fixture(1)]), source)) as first:
        poll(lambda: state(source) == State.UP)
        with running(Ingest(Endless([fixture(2)]), source)) as second:
            poll(lambda: second.standing_by_for)
        assert second.standing_by_for == f"process {os.getpid()} on {first.lease.holder.host}"
        assert state(source) == State.UP
    assert list(Fixture.objects.values_list("pk", flat=True)) == [1]


def test_the_consumer_that_stands_by_takes_over_when_the_other_is_stopped(source: FeedSource) -> None:
    with running(Ingest(Endless([fixture(2)]), source)) as first:
        poll(lambda: state(source) == State.UP)
        with running(Ingest(Endless([fixture(3)]), source)) as second:
            poll(lambda: second.standing_by_for)
            first.stop()
            poll(lambda: state(source) == State.UP and source.consumer == str(second.lease.holder))
            poll(lambda: Fixture.objects.filter(pk=3).exists())
    assert state(source) == State.DOWN
    assert source.consumer == ""


class Noting(Endless):
    """Notes how the source stands when it is connected, before anything comes."""

    def __iter__(self) -> Iterator[Delivery | None]:
        row = FeedSource.objects.get()
        self.found = (row.consumer, state_of(row, datetime.now(UTC)).state)
        yield from super().__iter__()


def test_a_consumer_that_is_stopped_hands_the_feed_to_the_one_that_stands_by_without_a_fault(
    source: FeedSource,
) -> None:
    written: list[str] = []

    class Announced(Silent):
        def state_changed(self, source_id: int) -> None:
            written.append(FeedSource.objects.get(pk=source_id).state)

    noting = Noting([fixture(2)])
    with running(Ingest(Endless([fixture(1)]), source, Announced())) as first:
        poll(lambda: state(source) == State.UP)
        written.clear()
        with running(Ingest(noting, source, Announced())) as second:
            poll(lambda: second.standing_by_for)
            first.stop()
            poll(lambda: Fixture.objects.filter(pk=2).exists())
            assert noting.found == (str(second.lease.holder), State.UP)
            assert State.DOWN not in written
    assert state(source) == State.DOWN


def test_a_feed_that_was_handed_over_to_nobody_is_down_once_a_consumer_would_be_gone(source: FeedSource) -> None:
    now = datetime.now(UTC)
    row = {"state": State.UP, "state_since": now, "last_message_at": now, "consumer": HANDED_OVER}
    FeedSource.objects.update(**row, consumer_seen_at=now)
    assert state(source) == State.UP
    assert state_of(source, now + timedelta(seconds=6)).state == State.DOWN


def test_what_is_handed_over_so_long_ago_vouches_for_nothing(source: FeedSource) -> None:
    now = datetime.now(UTC)
    row = {"state": State.UP, "state_since": now, "last_message_at": now, "consumer": HANDED_OVER}
    FeedSource.objects.update(**row, consumer_seen_at=now - timedelta(seconds=6))
    assert SourceLease(source).take() == ""
    assert state(source) == State.DOWN


def test_a_consumer_that_took_over_and_stays_without_its_broker_says_so(source: FeedSource) -> None:
    states: list[str] = []

    class Troubled(ListTransport):
        def __iter__(self) -> Iterator[Delivery | None]:
            self.trouble = "The broker is gone."
            yield None
            states.append(state(source))
            ingest.lease.handed_until = 0.0
            yield None
            states.append(state(source))

    now = datetime.now(UTC)
    row = {"state": State.UP, "state_since": now, "last_message_at": now}
    FeedSource.objects.update(**row, consumer=HANDED_OVER, consumer_seen_at=now)
    ingest = Ingest(Troubled([]), source)
    ingest.run()
    assert states == [State.UP, State.DOWN]


def test_a_consumer_that_is_stopped_while_nobody_stands_by_takes_its_feed_down(source: FeedSource) -> None:
    FeedSource.objects.update(wanted_at=datetime.now(UTC) - timedelta(seconds=3))
    with running(Ingest(Endless([fixture(1)]), source)):
        poll(lambda: state(source) == State.UP)
    assert (state(source), source.consumer) == (State.DOWN, "")


def test_a_consumer_that_was_replaced_stores_and_acknowledges_nothing(source: FeedSource) -> None:
    class Replaced(ListTransport):
        def __iter__(self) -> Iterator[Delivery | None]:
            FeedSource.objects.update(consumer="another", state=State.UP, state_reason="as the other says")
            yield from super().__iter__()

    transport = Replaced([fixture(1)])
    with pytest.raises(SourceTaken):
        Ingest(transport, source).run()
    assert not Fixture.objects.exists()
    assert transport.acked == []
    source.refresh_from_db()
    assert (source.state, source.state_reason, source.consumer) == (State.UP, "as the other says", "another")


def test_an_idle_consumer_notices_that_it_was_replaced(source: FeedSource, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feed.ingest.source_state.SIGN_SECONDS", 0)

    class Replaced(ListTransport):
        def __iter__(self) -> Iterator[Delivery | None]:
            FeedSource.objects.update(consumer="another")
            yield None

    with pytest.raises(SourceTaken):
        Ingest(Replaced([]), source).run()


def test_a_state_that_somebody_else_wrote_is_written_again(source: FeedSource, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feed.ingest.source_state.SIGN_SECONDS", 0)
    lease = SourceLease(source)
    lease.take()
    writer = StateWriter(lease, lambda source_id: None)
    writer.write(State.UP)
    FeedSource.objects.update(state=State.DOWN, state_reason="The consumer was stopped.")
    writer.note_consuming()
    source.refresh_from_db()
    assert (source.state, source.state_reason) == (State.UP, "")


def test_the_lease_of_a_process_that_died_here_is_free_at_once(source: FeedSource) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    FeedSource.objects.update(
        consumer=str(Holder.new()._replace(process=process.pid)), consumer_seen_at=datetime.now(UTC)
    )
    assert SourceLease(source).take() == ""


def test_what_a_consumer_that_died_wrote_vouches_for_nothing_once_another_has_its_source(source: FeedSource) -> None:
    long_ago = datetime.now(UTC) - timedelta(seconds=6)
    written = {"state": State.UP, "state_since": long_ago, "last_message_at": datetime.now(UTC)}
    FeedSource.objects.update(consumer="desk-1/1/17/ab", consumer_seen_at=long_ago, **written)
    SourceLease(source).take()
    assert state(source) == State.DOWN


@pytest.mark.parametrize("field", ["host", "namespace"])
def test_the_lease_of_a_process_elsewhere_is_free_when_it_has_expired(source: FeedSource, field: str) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    elsewhere = Holder.new()._replace(process=process.pid, **{field: "elsewhere"})
    FeedSource.objects.update(consumer=str(elsewhere), consumer_seen_at=datetime.now(UTC))
    lease = SourceLease(source)
    assert lease.take() == elsewhere.name
    FeedSource.objects.update(consumer_seen_at=datetime.now(UTC) - timedelta(seconds=6))
    assert lease.take() == ""


def test_a_process_of_another_machine_of_the_same_name_is_not_taken_for_dead(
    source: FeedSource, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    (tmp_path / "boot_id").write_text("9d2b1c8e-the-other-machine\n")
    with monkeypatch.context() as there:
        there.setattr("feed.ingest.lease.BOOT_ID", tmp_path / "boot_id", raising=False)
        elsewhere = Holder.new()._replace(process=process.pid)
    FeedSource.objects.update(consumer=str(elsewhere), consumer_seen_at=datetime.now(UTC))
    assert SourceLease(source).take() == elsewhere.name


def test_a_consumer_that_stands_by_outlives_a_database_that_is_away(
    source: FeedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = SourceLease.take
    failures = iter([OperationalError("the server is not there")])

    def failing(lease: SourceLease) -> str:
        if failure := next(failures, None):
            raise failure
        return take(lease)

    monkeypatch.setattr(SourceLease, "take", failing)
    with running(Ingest(Endless([fixture(1)]), source)):
        poll(lambda: Fixture.objects.filter(pk=1).exists())


def test_a_holder_reads_as_people_say_it() -> None:
    assert consumer_name("desk-1/4026531836/17/ab") == "process 17 on desk-1"
    assert consumer_name("") == ""
    assert consumer_name("odd") == "odd"


def test_two_consumers_that_ask_at_once_do_not_both_get_it(source: FeedSource) -> None:
    leases = [SourceLease(source) for _ in range(8)]
    barrier, answers = threading.Barrier(8), []

    def ask(lease: SourceLease) -> Any:
        barrier.wait()
        answers.append(lease.take())
        connection.close()

    threads = [threading.Thread(target=ask, args=[lease]) for lease in leases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert answers.count("") == 1
