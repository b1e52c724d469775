"""A source that is spread over several queues: each has a consumer and a state; the feed is what all say together."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from feed.ingest.lease import SourceLease
from feed.ingest.loop import Ingest
from feed.ingest.shares.balance import HANDED
from feed.ingest.shares.together import is_being_handed_over, state_together, write_together
from feed.ingest.source_state import StateWriter
from feed.models import Break, FeedShare, FeedSource, Fixture
from feed.store import Received, store_batch
from feed.store.epochs import expect_break
from feed.store.lease import Lease
from feed.store.sources import SourceTaken
from feed.vouching.source_health import state_of
from feed.vouching.sources import read_vouching
from feed.wire import decode
from livescore_site.package_feeds import PackageFeeds
from packages_admin.models import Package
from tests.feed_messages import NOON, ListTransport, fixture, heartbeat
from tests.ingesting import raising
from tests.polling import poll
from tests.test_lease import Endless, run_and_close
from tests.test_package_feeds import package  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)
State = FeedSource.State
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def source(either_database: str) -> FeedSource:
    return FeedSource.objects.create(name="Meadow in-play", kind=FeedSource.Kind.QUEUE)


@pytest.fixture
def shares(source: FeedSource) -> list[FeedShare]:
    return [FeedShare.objects.create(source=source, queue=f"meadow_{number}") for number in (1, 2)]


class Process:
    """One process: consumers of shares, which know of each other what they hold."""

    def __init__(self) -> None:
        self.running: list[tuple[Ingest, threading.Thread]] = []

    def held(self) -> list[int]:
        ingests = [ingest for ingest, thread in self.running if thread.is_alive() and not ingest.standing_by_for]
        return [ingest.lease.share.pk for ingest in ingests if ingest.lease.share]

    def consume(self, share: FeedShare, *bodies: bytes) -> Ingest:
        source = FeedSource.objects.get(pk=share.source_id)
        ingest = Ingest(Endless(list(bodies)), source, share=share, held=self.held)
        ingest.standing_by_for = "nobody yet"
        thread = threading.Thread(target=run_and_close, args=[ingest.run])
        self.running.append((ingest, thread))
        thread.start()
        return ingest

    def stop(self) -> None:
        for ingest, _ in self.running:
            ingest.stop()
        for _, thread in self.running:
            thread.join(10)
            assert not thread.is_alive()


@contextmanager
def process() -> Iterator[Process]:
    made = Process()
    try:
        yield made
    finally:
        made.stop()


def state(source: FeedSource) -> str:
    source.refresh_from_db()
    return state_of(source, datetime.now(UTC)).state


def share(queue: str, state: State, reason: str = "", *, handed_at: datetime | None = None) -> FeedShare:
    return FeedShare(queue=queue, state=state, state_reason=reason, state_since=NOW, handed_at=handed_at)


def test_two_consumers_of_a_source_keep_each_others_state(source: FeedSource, shares: list[FeedShare]) -> None:
    with process() as one, process() as other:
        one.consume(shares[0], fixture(1))
        poll(lambda: FeedShare.objects.filter(queue="meadow_1", state=State.UP).exists())
        assert state(source) == State.DOWN
        other.consume(shares[1], fixture(2))
        poll(lambda: state(source) == State.UP)
        assert sorted(Fixture.objects.values_list("pk", flat=True)) == [1, 2]
        other.stop()
        assert state(source) == State.DOWN
        assert source.state_reason == "meadow_2: The consumer was stopped."
        assert FeedShare.objects.get(queue="meadow_1").state == State.UP


def test_a_second_consumer_of_a_queue_takes_over_when_the_first_has_gone(
    source: FeedSource, shares: list[FeedShare]
) -> None:
    shares[1].delete()
    with process() as one, process() as other:
        one.consume(shares[0], fixture(1))
        poll(lambda: state(source) == State.UP)
        standby = other.consume(shares[0], fixture(2))
        poll(lambda: standby.standing_by_for.startswith("process "))
        assert FeedShare.objects.filter(wanted_held=0, wanted_at__isnull=False).exists()
        one.stop()
        assert state(source) == State.UP, "what is handed over to one that stands by is no fault for so short a while"
        poll(lambda: Fixture.objects.filter(pk=2).exists())
        poll(lambda: FeedShare.objects.filter(state=State.UP).exists() and state(source) == State.UP)


def test_a_process_that_has_two_hands_one_over_to_one_that_has_none(
    source: FeedSource, shares: list[FeedShare]
) -> None:
    with process() as one, process() as other:
        for number, one_share in enumerate(shares):
            one.consume(one_share, fixture(number + 1))
        poll(lambda: len(one.held()) == 2)
        for one_share in shares:
            other.consume(one_share)
        poll(lambda: len(one.held()) == len(other.held()) == 1)
        assert [ingest.stopping for ingest, _ in one.running] == ["", HANDED]
        poll(lambda: state(source) == State.UP)


def test_the_feed_is_as_well_as_the_worst_of_its_queues_and_names_it() -> None:
    late = share("q2", State.LATE, "Messages arrive late.")
    assert state_together([share("q1", State.UP), late]) == (State.LATE, "q2: Messages arrive late.", NOW)
    assert state_together([late, share("q3", State.DOWN, "Gone.")])[:2] == (State.DOWN, "q3: Gone.")
    assert state_together([share("q1", State.UP), share("q2", State.UP)]) == (State.UP, "", NOW)


def test_what_all_of_them_say_names_none() -> None:
    both = [share(queue, State.DOWN, "The connection is lost.") for queue in ("q1", "q2")]
    assert state_together(both)[1] == "The connection is lost."


def test_a_handover_is_a_fault_when_nobody_takes_it() -> None:
    handed = share("q2", State.DOWN, "Handed over.", handed_at=NOW)
    assert is_being_handed_over(handed, NOW + timedelta(seconds=4))
    assert not is_being_handed_over(handed, NOW + timedelta(seconds=5))


def test_a_killed_consumer_of_one_queue_takes_the_feed_down_until_another_has_it(
    source: FeedSource, shares: list[FeedShare]
) -> None:
    now = datetime.now(UTC)
    FeedShare.objects.update(consumer="h/n/1/a", consumer_seen_at=now, state=State.UP, state_since=now)
    FeedShare.objects.update(last_message_at=now)
    assert write_together(source.pk)
    assert state(source) == State.UP
    FeedShare.objects.filter(queue="meadow_2").update(consumer_seen_at=now - timedelta(seconds=6))
    write_together(source.pk)
    assert state(source) == State.DOWN
    assert source.consumer == "1 process, 2/2"


def received(body: bytes) -> Received:
    return Received(message=decode(body), received_at=datetime.now(UTC))


def leased(share: FeedShare) -> Lease:
    FeedShare.objects.filter(pk=share.pk).update(consumer="me")
    return Lease("me", share.pk)


def test_an_ordinary_batch_writes_nothing_to_the_sources_row(source: FeedSource, shares: list[FeedShare]) -> None:
    lease = leased(shares[0])
    with CaptureQueriesContext(connection) as queries:
        store_batch(source, [received(fixture(1))], [], lease)
    assert not [query["sql"] for query in queries if 'UPDATE "feed_feedsource"' in query["sql"]]
    assert FeedShare.objects.get(pk=shares[0].pk).last_message_at is not None


def test_a_consumer_that_was_replaced_stores_nothing(source: FeedSource, shares: list[FeedShare]) -> None:
    lease = leased(shares[0])
    FeedShare.objects.update(consumer="another")
    with pytest.raises(SourceTaken):
        store_batch(source, [received(fixture(1))], [], lease)
    assert not Fixture.objects.exists()


def test_each_queue_has_a_chain_of_heartbeats_and_the_source_has_the_epochs(
    source: FeedSource, shares: list[FeedShare]
) -> None:
    leases = [leased(share) for share in shares]
    for lease in leases:
        store_batch(source, [received(heartbeat(NOON))], [], lease)
    for seconds in (5, 10, 15):
        store_batch(source, [received(heartbeat(NOON + timedelta(seconds=seconds)))], [], leases[0])
    assert not Break.objects.exists()
    store_batch(source, [received(heartbeat(NOON + timedelta(seconds=15)))], [], leases[1])
    assert Break.objects.get().reason.startswith("LSports' heartbeats from 12:00:00 to 12:00:15 UTC are missing")
    assert FeedSource.objects.get().epoch == 1


def test_after_an_expected_break_each_queue_begins_anew(source: FeedSource, shares: list[FeedShare]) -> None:
    leases = [leased(share) for share in shares]
    for lease in leases:
        store_batch(source, [received(heartbeat(NOON))], [], lease)
    expect_break([source.pk], "The package was off.")
    vouched_for = [read_vouching(NOW).standing(source.pk).epoch]
    for lease in leases:
        store_batch(source, [received(heartbeat(NOON + timedelta(seconds=5)))], [], lease)
        store_batch(source, [received(heartbeat(NOON + timedelta(seconds=10)))], [], lease)
        vouched_for.append(read_vouching(NOW).standing(source.pk).epoch)
    assert list(Break.objects.order_by("epoch").values_list("epoch", flat=True)) == [1, 2]
    assert vouched_for == [1, 2, 2]  # what was said before a break that is due is closed before that break comes
    assert not FeedShare.objects.exclude(break_due="").exists()


def test_recovery_is_done_where_the_first_queue_is_consumed(source: FeedSource, shares: list[FeedShare]) -> None:
    ingests = [Ingest(ListTransport([]), source, share=share) for share in shares]
    assert [ingest.balance.is_first for ingest in ingests] == [True, False]
    assert Ingest(ListTransport([]), source).balance.is_first


def test_a_spread_package_is_consumed_from_our_own_broker(package: Package, settings: Any) -> None:  # noqa: F811
    settings.AMQP_URL = "amqp://own/"
    (whole,) = PackageFeeds().wanted()
    source = FeedSource.objects.get(name=whole.source_name)
    made = [FeedShare.objects.create(source=source, queue=f"meadow_{number}") for number in (1, 2)]
    feeds = PackageFeeds().wanted()
    assert [(feed.source_name, feed.url, feed.queue, feed.share) for feed in feeds] == [
        ("Meadow", "amqp://own/", share.queue, share.pk) for share in made
    ]


def test_a_state_of_all_queues_that_the_database_does_not_take_is_written_later(
    source: FeedSource, shares: list[FeedShare], monkeypatch: pytest.MonkeyPatch
) -> None:
    lease = SourceLease(source, shares[0])
    lease.take()
    FeedShare.objects.filter(pk=shares[1].pk).update(state=State.UP, state_since=NOW)
    writer = StateWriter(lease, lambda source_id: None)
    with monkeypatch.context() as context:
        locked = raising(OperationalError("database is locked"))
        context.setattr("feed.ingest.source_state.write_together", locked)
        writer.write(State.UP)
    writer.write(State.UP)
    assert FeedSource.objects.get().state == State.UP
