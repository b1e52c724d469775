"""RabbitMQ: what arrives, what an acknowledgement covers, and how it comes back after each kind of loss."""

# ruff: noqa: F811 - fixtures are imported, and are arguments of the same names

import socket
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from feed.transport import TransportClosed
from feed.transport.headers import text_headers
from feed.transport.parameters import connection_parameters
from feed.transport.rabbitmq import RabbitMQ
from tests.broker import Broker
from tests.consuming import SECONDS, Consuming, broker, consuming, quick_return  # noqa: F401 - fixtures
from tests.polling import poll

pytestmark = pytest.mark.rabbitmq


def test_a_delivery_says_all_that_the_broker_says(broker: Broker, consuming: Consuming) -> None:
    broker.publish(b"one", b"two", headers={"MessageType": b"3", "FixtureId": 7, "MarketId": "1"})
    before = datetime.now(UTC) - timedelta(minutes=1)
    one, two = consuming.take(2)
    assert (one.body, two.body) == (b"one", b"two")
    assert one.headers == {"MessageType": "3", "FixtureId": "7", "MarketId": "1"}
    assert one.queue == broker.queue
    assert one.redelivered is False
    assert one.tag < two.tag
    assert before < one.received_at <= datetime.now(UTC)
    assert consuming.transport.trouble == ""


def test_it_yields_none_when_nothing_waits(consuming: Consuming) -> None:
    consuming.until(lambda: consuming.transport.trouble == "")
    assert consuming.nothing_comes()


def test_an_acknowledgement_covers_everything_before_it(broker: Broker, consuming: Consuming) -> None:
    broker.publish(b"1", b"2", b"3", b"4")
    taken = consuming.take(4)
    consuming.transport.ack(taken[2])
    consuming.close()
    poll(lambda: broker.depth() == 1)


def test_what_was_not_acknowledged_comes_again(broker: Broker, consuming: Consuming) -> None:
    broker.publish(b"1", b"2")
    consuming.take(2)
    consuming.close()
    with closing(Consuming(broker.url, broker.queue)) as again:
        assert [(one.body, one.redelivered) for one in again.take(2)] == [(b"1", True), (b"2", True)]


def test_it_holds_no_more_than_its_prefetch(broker: Broker) -> None:
    broker.publish(*[b"x"] * 20)
    with closing(Consuming(broker.url, broker.queue, prefetch=5)) as consuming:
        taken = consuming.take(5)
        assert consuming.nothing_comes()
        consuming.transport.ack(taken[-1])
        assert len(consuming.take(5)) == 5
        assert consuming.nothing_comes()


def test_it_ends_when_it_is_closed_by_another_thread(consuming: Consuming) -> None:
    consuming.until(lambda: consuming.transport.trouble == "")
    closer = threading.Thread(target=consuming.close)
    closer.start()
    assert [one for one in consuming.deliveries if one is not None] == []
    closer.join()


def test_it_ends_at_once_when_it_is_closed_while_it_waits_to_connect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feed.transport.rabbitmq.full_jitter", lambda failures: 3600)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    consuming = Consuming(f"amqp://guest:guest@127.0.0.1:{port}/", "_1_")
    assert consuming.trouble() == f"127.0.0.1:{port} refuses the connection: no broker listens there."
    consuming.close()
    assert [one for one in consuming.deliveries if one is not None] == []


def test_the_heartbeat_goes_on_while_a_batch_takes_long(broker: Broker) -> None:
    """The broker drops a client that misses two heartbeats of 1 s; nobody iterates for three."""
    with closing(Consuming(f"{broker.url}?heartbeat=1", broker.queue)) as consuming:
        broker.publish(b"1")
        (delivery,) = consuming.take(1)
        threading.Event().wait(3.2)
        consuming.transport.ack(delivery)
        broker.publish(b"2")
        assert [one.body for one in consuming.take(1)] == [b"2"]
        assert consuming.transport.link is not None
        assert consuming.transport.link.offset == 0


def test_it_says_how_many_messages_wait(broker: Broker) -> None:
    broker.publish(*[b"x"] * 7)
    poll(lambda: broker.depth() == 7)
    with closing(Consuming(broker.url, broker.queue, prefetch=2)) as consuming:
        assert consuming.transport.queue_depth() is None
        consuming.take(2)
        assert consuming.transport.queue_depth() == 5
        broker.channel.queue_delete(broker.queue)
        consuming.trouble()
        assert consuming.transport.queue_depth() is None
        broker.declare()


def test_it_says_that_somebody_else_takes_messages_of_its_queue(
    broker: Broker, consuming: Consuming, caplog: pytest.LogCaptureFixture
) -> None:
    consuming.until(lambda: consuming.transport.queue_depth() is not None)
    assert "consumers" not in caplog.text
    broker.channel.basic_consume(broker.queue, lambda *_: None)
    for _ in range(2):
        assert consuming.transport.queue_depth() == 0
    assert caplog.text.count(f"The queue {broker.queue} has 2 consumers. Each gets only a part of the messages") == 1


def test_it_bears_its_name_at_the_broker(broker: Broker) -> None:
    parameters = connection_parameters(broker.url, "livescore-desk Meadow in-play")
    assert parameters.client_properties == {"connection_name": "livescore-desk Meadow in-play"}
    assert parameters.heartbeat == 30
    assert connection_parameters(f"{broker.url}?heartbeat=7", "x").heartbeat == 7


@pytest.mark.parametrize(
    "url", ["", "nonsense", "http://guest:secret@broker.example/", "amqp://u:secret@h:xx/", "amqp://u:secret@h/?bad=1"]
)
def test_a_bad_address_is_refused_without_telling_the_password(url: str) -> None:
    with pytest.raises(TransportClosed, match="The broker's address") as raised:
        RabbitMQ(url, "_1_")
    assert "secret" not in str(raised.value)


def test_headers_are_text_whatever_they_were() -> None:
    assert text_headers({"a": b"\xffz", "b": 7, "c": "text", "d": None}) == {
        "a": "\N{REPLACEMENT CHARACTER}z", "b": "7", "c": "text", "d": "None"
    }  # fmt: skip
    assert text_headers(None) == {}
