"""RabbitMQ: how the transport comes back after each kind of loss, and what is said of it."""

# ruff: noqa: F811 - fixtures are imported, and are arguments of the same names

import socket
from contextlib import closing
from typing import Any

import pika
import pytest
from pika.adapters.utils.connection_workflow import AMQPConnectorStackTimeout
from pika.exceptions import AMQPHeartbeatTimeout, ChannelClosedByBroker, ConnectionClosedByBroker, StreamLostError

from exam.proxy import Proxy
from feed.transport import AddressRefused, TransportClosed
from feed.transport.parameters import connection_parameters
from feed.transport.rabbitmq_errors import explain
from tests.broker import Broker
from tests.consuming import SECONDS, Consuming, broker, consuming, quick_return  # noqa: F401 - fixtures
from tests.polling import poll

pytestmark = pytest.mark.rabbitmq


def test_it_comes_back_after_the_connection_was_cut(broker: Broker) -> None:
    with Proxy(broker.url) as proxy, closing(Consuming(proxy.url, broker.queue)) as consuming:
        broker.publish(b"1", b"2")
        consuming.take(2)
        proxy.cut()
        assert str(proxy.port) in consuming.trouble()
        proxy.restore()
        broker.publish(b"3")
        assert {one.body for one in consuming.take(3)} == {b"1", b"2", b"3"}
        assert consuming.transport.trouble == ""


def test_a_delivery_of_a_lost_connection_is_never_acknowledged_on_the_new_one(broker: Broker) -> None:
    with Proxy(broker.url) as proxy, closing(Consuming(proxy.url, broker.queue, prefetch=1)) as consuming:
        broker.publish(b"1", b"2")
        (lost,) = consuming.take(1)
        proxy.cut()
        consuming.trouble()
        proxy.restore()
        (again,) = consuming.take(1)
        assert (again.body, again.redelivered) == (b"1", True)
        assert again.tag > lost.tag
        consuming.transport.ack(lost)
        assert consuming.nothing_comes()
        consuming.transport.ack(again)
        assert [one.body for one in consuming.take(1)] == [b"2"]


def test_what_was_handed_over_but_not_taken_before_a_loss_does_not_pile_up(broker: Broker) -> None:
    with Proxy(broker.url) as proxy, closing(Consuming(proxy.url, broker.queue)) as consuming:
        consuming.until(lambda: consuming.transport.trouble == "")
        broker.publish(b"1", b"2")
        transport = consuming.transport
        poll(lambda: transport.losses.last_tag == 2)
        for losses in (1, 2, 3):
            proxy.cut()
            poll(lambda: transport.link is None)
            proxy.restore()
            poll(lambda tags=2 * losses + 2: transport.losses.last_tag == tags)  # type: ignore[misc]
        assert [one.body for one in consuming.take(2)] == [b"1", b"2"]
        assert consuming.nothing_comes()


def test_a_queue_that_is_deleted_is_waited_for(broker: Broker, consuming: Consuming) -> None:
    consuming.until(lambda: consuming.transport.trouble == "")
    broker.channel.queue_delete(broker.queue)
    missing = f"The queue {broker.queue} is not there: is the package activated?"
    consuming.until(lambda: consuming.transport.trouble == missing)
    broker.declare()
    broker.publish(b"1")
    assert [one.body for one in consuming.take(1)] == [b"1"]


def test_a_queue_that_may_not_be_consumed_yet_is_tried_again(broker: Broker, consuming: Consuming) -> None:
    tag = broker.channel.basic_consume(broker.queue, lambda *_: None, exclusive=True)
    refused = f"The queue {broker.queue} may not be consumed yet: is the package's distribution on?"
    consuming.until(lambda: consuming.transport.trouble == refused)
    broker.channel.basic_cancel(tag)
    broker.publish(b"1")
    assert [one.body for one in consuming.take(1)] == [b"1"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("guest:guest@", "guest:wrong@"), "refuses the user guest or the password"),
        (("%2F", "nowhere"), "The virtual host nowhere does not exist, or the user guest may not use it."),
    ],
)
def test_what_waiting_cannot_mend_ends_it(broker: Broker, change: tuple[str, str], reason: str) -> None:
    consuming = Consuming(broker.url.replace(*change), broker.queue)
    with pytest.raises(TransportClosed, match=reason) as raised:
        consuming.until(lambda: False)
    assert "wrong" not in str(raised.value)


def test_a_password_that_is_refused_after_it_worked_is_tried_again(broker: Broker) -> None:
    with Proxy(broker.url) as proxy, closing(Consuming(proxy.url, broker.queue)) as consuming:
        consuming.until(lambda: consuming.transport.trouble == "")
        credentials = consuming.transport.parameters.credentials
        consuming.transport.parameters.credentials = pika.PlainCredentials("guest", "changed")
        proxy.cut()
        proxy.restore()
        consuming.until(lambda: "or the password" in consuming.transport.trouble)
        consuming.transport.parameters.credentials = credentials
        consuming.until(lambda: consuming.transport.trouble == "")


def test_an_error_that_nobody_expected_does_not_end_the_thread_unheard(
    broker: Broker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failures = iter([AssertionError("an odd frame")])

    def odd(*args: Any) -> pika.BlockingConnection:
        if failure := next(failures, None):
            raise failure
        return real(*args)

    real = pika.BlockingConnection
    monkeypatch.setattr("feed.transport.rabbitmq.pika.BlockingConnection", odd)
    broker.publish(b"1")
    with closing(Consuming(broker.url, broker.queue)) as consuming:
        assert [one.body for one in consuming.take(1)] == [b"1"]
    assert "an odd frame" in caplog.text


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (socket.gaierror(-2, "unknown"), "The host b.example is not known: check the name and the DNS."),
        (AddressRefused(), "The host b.example leads to an address that is not allowed (PACKAGE_HOSTS)."),
        (TimeoutError(), "b.example:5672 does not answer within 10 s."),
        (AMQPConnectorStackTimeout("handshake"), "b.example:5672 does not answer within 10 s."),
        (AMQPHeartbeatTimeout(), "The broker at b.example:5672 has fallen silent."),
        (ChannelClosedByBroker(405, "RESOURCE_LOCKED"), "The queue _1_ is held by another consumer for itself alone."),
        (ConnectionClosedByBroker(320, "rest"), "The broker at b.example:5672 has closed the connection: rest."),
        (ChannelClosedByBroker(406, "timeout"), "The broker at b.example:5672 has closed the connection: timeout."),
        (OSError(113, "No route to host"), "b.example:5672 cannot be reached: No route to host."),
        (StreamLostError("Transport indicated EOF"), "The connection to b.example:5672 is lost."),
    ],
)  # fmt: skip
def test_each_loss_is_told_in_an_operators_words(error: Exception, sentence: str) -> None:
    assert explain(error, connection_parameters("amqp://u:p@b.example/", "x"), "_1_") == sentence
