"""Queues of type stream: messages stay there, so the desk remembers how far it has read."""

import signal
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from feed.ingest.storing import BatchStorer
from feed.ingest.tally import Tally
from feed.models import FeedSource, Fixture, StreamOffset
from feed.store import Received, Rejected, store_batch
from feed.store.sources import stored_offset
from feed.transport import Delivery
from feed.transport.streams import Stream
from feed.wire import decode
from tests.broker import Broker
from tests.conftest import default_database
from tests.consuming import Consuming, quick_return  # noqa: F401 - a fixture
from tests.emptying import empty_database
from tests.feed_messages import fixture
from tests.test_consume_feed import Process

MESSAGES = 1000


class OfType(Broker):
    """A queue of this type."""

    def __init__(self, url: str, kind: str) -> None:
        self.kind = kind
        super().__init__(url)

    def declare(self) -> None:
        self.channel.queue_declare(self.queue, durable=True, arguments={"x-queue-type": self.kind})


@pytest.fixture
def stream(amqp_url: str) -> Iterator[OfType]:
    with closing(OfType(amqp_url, "stream")) as stream:
        yield stream


def bodies(first: int, last: int) -> list[bytes]:
    return [b"%d" % number for number in range(first, last + 1)]


@pytest.mark.rabbitmq
def test_a_stream_is_read_from_its_oldest_message_and_later_from_behind_the_last_that_is_stored(stream: OfType) -> None:
    stream.publish(*bodies(1, 5))
    with closing(Consuming(stream.url, stream.queue)) as consuming:
        taken = consuming.take(5)
    assert [(delivery.body, delivery.offset) for delivery in taken] == list(zip(bodies(1, 5), range(5), strict=True))
    with closing(Consuming(stream.url, stream.queue, remembered=lambda: taken[2].offset)) as consuming:
        again = consuming.take(2)
        assert consuming.nothing_comes()
    assert [delivery.body for delivery in again] == bodies(4, 5)
    assert not any(delivery.after_loss for delivery in (*taken, *again))


@pytest.mark.rabbitmq
def test_after_a_lost_connection_a_stream_goes_on_behind_the_last_that_was_acknowledged(stream: OfType) -> None:
    stream.publish(*bodies(1, 5))
    with closing(Consuming(stream.url, stream.queue)) as consuming:
        consuming.transport.ack(consuming.take(5)[1])
        link = consuming.transport.link
        assert link is not None
        link.connection.add_callback_threadsafe(link.connection.close)
        assert [delivery.body for delivery in consuming.take(3)] == bodies(3, 5)


@pytest.mark.rabbitmq
def test_what_was_read_of_a_stream_does_not_count_as_waiting_though_it_is_still_there(stream: OfType) -> None:
    stream.publish(*bodies(1, 20))
    with closing(Consuming(stream.url, stream.queue)) as consuming:
        consuming.transport.ack(consuming.take(20)[-1])
        consuming.until(lambda: stream.depth() == 20)
        assert consuming.transport.queue_depth() == 0
    stream.publish(*bodies(21, 40))
    with closing(Consuming(stream.url, stream.queue, remembered=lambda: 19)) as consuming:
        consuming.take(20)
        consuming.until(lambda: stream.depth() == 40)
        assert consuming.transport.queue_depth() == 0


@pytest.mark.rabbitmq
def test_a_stream_that_was_declared_again_is_read_from_its_beginning_and_the_loss_is_told(stream: OfType) -> None:
    stream.publish(*bodies(1, 3))
    with closing(Consuming(stream.url, stream.queue, remembered=lambda: 99)) as consuming:
        taken = consuming.take(3)
    assert [delivery.body for delivery in taken] == bodies(1, 3)
    assert taken[0].after_loss.startswith("The stream was declared again")
    assert not taken[1].after_loss


def test_a_stream_that_dropped_what_was_not_read_says_how_much() -> None:
    stream = Stream()
    stream.stored = 10
    assert stream.reconnected((401, 500)) == ""
    assert stream.deliver(401) == "The stream dropped 390 messages before they were read."
    assert stream.deliver(402) == ""


def test_what_waits_in_a_stream_is_counted_from_its_oldest_message() -> None:
    stream = Stream()
    stream.stored = 449
    stream.reconnected((400, 500))
    assert stream.unread(101) == 51
    stream.deliver(450)
    assert stream.unread(111) == 60
    assert stream.unread(81) == 60, "it dropped thirty of the oldest"


@pytest.mark.rabbitmq
def test_a_quorum_queue_is_consumed_like_a_classic_one(amqp_url: str) -> None:
    with closing(OfType(amqp_url, "quorum")) as queue:
        queue.publish(*bodies(1, 5))
        with closing(Consuming(queue.url, queue.queue)) as consuming:
            consuming.transport.ack(consuming.take(5)[2])
        with closing(Consuming(queue.url, queue.queue)) as consuming:
            again = consuming.take(2)
    assert [(delivery.body, delivery.redelivered, delivery.offset) for delivery in again] == [
        (b"4", True, None),
        (b"5", True, None),
    ]


@pytest.mark.rabbitmq
def test_of_two_consumers_of_a_single_active_queue_the_second_takes_over_what_the_first_left(amqp_url: str) -> None:
    with closing(SingleActive(amqp_url)) as queue, closing(Consuming(queue.url, queue.queue)) as second:
        with closing(Consuming(queue.url, queue.queue)) as first:
            queue.publish(*bodies(1, 3))
            first.transport.ack(first.take(3)[0])
            assert second.nothing_comes()
        assert [delivery.body for delivery in second.take(2)] == bodies(2, 3)


class SingleActive(Broker):
    def declare(self) -> None:
        self.channel.queue_declare(self.queue, arguments={"x-single-active-consumer": True})


def delivery(number: int) -> Delivery:
    return Delivery(body=b"", received_at=datetime.now(UTC), tag=number, queue="s", offset=100 + number)


def received(number: int) -> Received:
    return Received(delivery=delivery(number), message=decode(fixture(number)))


@pytest.mark.django_db
def test_the_offset_of_the_last_delivery_is_stored_with_its_batch() -> None:
    source = FeedSource.objects.create(name="Meadow", kind=FeedSource.Kind.QUEUE)
    refused = Rejected(delivery=delivery(3), reason="nonsense", kind="json")
    store_batch(source, [received(1), received(2)], [refused])
    assert stored_offset("Meadow", "s") == 103
    assert stored_offset("Meadow", "another") is None


@pytest.mark.django_db
def test_a_batch_that_is_stored_in_halves_remembers_nothing_that_is_not_stored_yet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = FeedSource.objects.create(name="Meadow", kind=FeedSource.Kind.QUEUE)
    offsets: list[int | None] = []

    def store(source: FeedSource, batch: list[Received], rejected: list[Rejected], lease: Any) -> list[Any]:
        if len(batch) == 4:
            raise ValueError("one of them")
        changes = store_batch(source, batch, rejected, lease)
        offsets.append(stored_offset("Meadow", "s"))
        return changes

    monkeypatch.setattr("feed.ingest.storing.store_batch", store)
    refused = [Rejected(delivery=delivery(number), reason="nonsense", kind="json") for number in (2, 6)]
    storer = BatchStorer(source, Tally(), lambda: False)
    storer.store([received(number) for number in (1, 3, 4, 5)], refused)
    assert offsets == [103, 106]


@pytest.fixture
def postgresql(migrated_postgresql: str) -> Iterator[str]:
    with default_database(migrated_postgresql):
        yield migrated_postgresql
        empty_database()


@pytest.mark.rabbitmq
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_killed_consumer_of_a_stream_loses_nothing(stream: OfType, postgresql: str, tmp_path: Path) -> None:
    stream.publish(*map(fixture, range(1, MESSAGES + 1)))
    for until in (1, MESSAGES - 1):
        with closing(Process.of(stream, postgresql, tmp_path)) as process:
            process.until(lambda until=until: StreamOffset.objects.filter(offset__gte=until).exists())
            process.end(signal.SIGKILL)
    assert Fixture.objects.count() == MESSAGES
