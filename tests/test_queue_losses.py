"""What a queue shows of lost messages: counted, and with a real broker whose queue is deleted or purged."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from pika.exceptions import AMQPError

from feed.transport.losses import DECLARED_ANEW, DELETED, NOT_THERE, PURGED, QueueLosses, QueueState
from feed.transport.rabbitmq import RabbitMQ
from tests.broker import Broker
from tests.consuming import Consuming
from tests.polling import poll


def test_what_was_not_acknowledged_must_be_in_the_queue_again() -> None:
    losses = QueueLosses(prefetch=10)
    for tag in (1, 2, 3):
        losses.given(tag)
    losses.acknowledged(1)
    losses.reconnected(QueueState(waiting=2, consumers=0))
    assert losses.given(4) == ""
    losses.given(5)
    losses.reconnected(QueueState(waiting=1, consumers=0))
    assert losses.given(6) == DECLARED_ANEW % {"number": 1}
    assert losses.given(7) == ""


def test_as_long_as_another_consumer_may_hold_it_nothing_is_said() -> None:
    losses = QueueLosses(prefetch=10)
    losses.given(1)
    losses.reconnected(QueueState(waiting=0, consumers=1))
    losses.reconnected(None)
    assert losses.given(2) == ""


def test_what_waited_must_have_been_given_to_us() -> None:
    losses = QueueLosses(prefetch=2)
    losses.given(2)
    losses.compare(QueueState(waiting=10, consumers=1))
    losses.acknowledged(2)
    losses.given(4)
    losses.compare(QueueState(waiting=8, consumers=1))
    assert losses.given(5) == ""
    losses.compare(QueueState(waiting=1, consumers=1))
    assert losses.given(6) == PURGED % {"number": 7}


def test_another_consumer_that_takes_messages_is_no_purge() -> None:
    losses = QueueLosses(prefetch=2)
    losses.compare(QueueState(waiting=10, consumers=2))
    losses.compare(QueueState(waiting=0, consumers=2))
    assert losses.given(1) == ""


def test_a_loss_is_said_until_what_came_after_it_is_stored() -> None:
    losses = QueueLosses(prefetch=10)
    losses.note(DELETED)
    assert losses.given(1) == DELETED
    losses.reconnected(QueueState(waiting=1, consumers=0))
    assert losses.given(2) == DELETED
    losses.acknowledged(2)
    losses.reconnected(QueueState(waiting=0, consumers=0))
    assert losses.given(3) == ""


@pytest.fixture
def broker(amqp_url: str) -> Iterator[Broker]:
    with closing(Broker(amqp_url)) as broker:
        yield broker


@pytest.fixture
def consuming(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> Iterator[Consuming]:
    monkeypatch.setattr("feed.transport.rabbitmq.full_jitter", lambda failures: 0.05)
    with closing(Consuming(broker.url, broker.queue, prefetch=2)) as consuming:
        yield consuming


def fall(transport: RabbitMQ) -> None:
    """Its connection is lost, as by a cable that is cut."""
    link = transport.link
    assert link is not None

    def close() -> None:
        raise AMQPError("cut")

    link.connection.add_callback_threadsafe(close)
    poll(lambda: transport.link is not link)


@pytest.mark.rabbitmq
def test_the_first_message_after_its_queue_was_deleted_says_so(broker: Broker, consuming: Consuming) -> None:
    broker.publish(b"1")
    (before,) = consuming.take(1)
    consuming.transport.ack(before)
    assert before.after_loss == ""
    broker.channel.queue_delete(broker.queue)
    consuming.until(
        lambda: "deleted or moved" in consuming.transport.trouble or "not there" in consuming.transport.trouble
    )
    broker.declare()
    broker.publish(b"2", b"3")
    after, later = consuming.take(2)
    assert after.after_loss in (DELETED, NOT_THERE)
    assert later.after_loss == ""


@pytest.mark.rabbitmq
@pytest.mark.parametrize("is_purged", [True, False])
def test_a_queue_that_was_purged_while_the_connection_was_lost_says_so(
    broker: Broker, consuming: Consuming, monkeypatch: pytest.MonkeyPatch, is_purged: bool
) -> None:
    def before_it_returns(failures: int) -> float:
        poll(lambda: broker.depth() == 2)
        if is_purged:
            broker.channel.queue_purge(broker.queue)
        broker.publish(b"3")
        return 0.05

    monkeypatch.setattr("feed.transport.rabbitmq.full_jitter", before_it_returns)
    broker.publish(b"1", b"2")
    consuming.take(2)
    fall(consuming.transport)
    (after,) = consuming.take(1)
    assert after.after_loss == (DECLARED_ANEW % {"number": 1} if is_purged else "")


@pytest.mark.rabbitmq
def test_a_backlog_that_is_purged_is_seen_between_two_counts(broker: Broker, consuming: Consuming) -> None:
    broker.publish(*[b"x"] * 20)
    taken = consuming.take(2)
    assert consuming.transport.queue_depth() == 18
    broker.channel.queue_purge(broker.queue)
    assert consuming.transport.queue_depth() == 0
    broker.publish(b"after")
    consuming.transport.ack(taken[-1])
    assert [one.after_loss for one in consuming.take(1)] == [PURGED % {"number": 18}]


@pytest.mark.rabbitmq
def test_a_delivery_says_when_its_connection_was_made(broker: Broker, consuming: Consuming) -> None:
    broker.publish(b"1", b"2")
    one, two = consuming.take(2)
    assert one.connected_at is not None
    assert one.connected_at == two.connected_at < one.received_at
    fall(consuming.transport)
    again = consuming.take(1)[0].connected_at
    assert again is not None
    assert again > two.received_at
