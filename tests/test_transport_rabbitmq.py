"""RabbitMQ: what arrives, what an acknowledgement covers, and how it comes back after each kind of loss."""

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pika
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pika.adapters.utils.connection_workflow import AMQPConnectorStackTimeout
from pika.exceptions import AMQPHeartbeatTimeout, ChannelClosedByBroker, ConnectionClosedByBroker, StreamLostError

from feed.transport import Delivery, TransportClosed
from feed.transport.rabbitmq import RabbitMQ, connection_parameters, explain, text_headers
from tests.broker import Broker
from tests.polling import poll
from tests.proxy import Proxy

pytestmark = pytest.mark.rabbitmq
#: A busy broker answers late; only a failure waits so long.
SECONDS = 40


@pytest.fixture
def broker(amqp_url: str) -> Iterator[Broker]:
    with closing(Broker(amqp_url)) as broker:
        yield broker


@pytest.fixture(autouse=True)
def quick_return(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feed.transport.rabbitmq.full_jitter", lambda failures: 0.05)


class Consuming:
    """A transport in use, with a deadline on everything that is awaited of it."""

    def __init__(self, url: str, queue: str, **options: Any) -> None:
        self.transport = RabbitMQ(url, queue, **options)
        self.deliveries = iter(self.transport)

    def take(self, number: int) -> list[Delivery]:
        taken: list[Delivery] = []
        self.until(lambda: len(taken) == number, taken.append)
        return taken

    def until(self, is_so: Callable[[], object], seen: Callable[[Delivery], object] = lambda _: None) -> None:
        deadline = time.monotonic() + SECONDS
        while not is_so():
            assert time.monotonic() < deadline, f"it did not come to pass in {SECONDS} s ({self.transport.trouble})"
            delivery = next(self.deliveries)
            if delivery is not None:
                seen(delivery)

    def trouble(self) -> str:
        self.until(lambda: self.transport.trouble and not self.transport.trouble.startswith("Connecting"))
        return self.transport.trouble

    def nothing_comes(self) -> bool:
        return next(self.deliveries) is None and next(self.deliveries) is None

    def close(self) -> None:
        self.transport.close()


@pytest.fixture
def consuming(broker: Broker) -> Iterator[Consuming]:
    with closing(Consuming(broker.url, broker.queue)) as consuming:
        yield consuming


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


def test_it_comes_back_after_the_connection_was_cut(broker: Broker) -> None:
    with Proxy(broker.url) as proxy, closing(Consuming(proxy.url, broker.queue)) as consuming:
        broker.publish(b"1", b"2")
        consuming.take(2)
        proxy.cut()
        assert str(proxy.port) in consuming.trouble()
        proxy.mend()
        broker.publish(b"3")
        assert {one.body for one in consuming.take(3)} == {b"1", b"2", b"3"}
        assert consuming.transport.trouble == ""


def test_a_delivery_of_a_lost_connection_is_never_acknowledged_on_the_new_one(broker: Broker) -> None:
    with Proxy(broker.url) as proxy, closing(Consuming(proxy.url, broker.queue, prefetch=1)) as consuming:
        broker.publish(b"1", b"2")
        (lost,) = consuming.take(1)
        proxy.cut()
        consuming.trouble()
        proxy.mend()
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
        poll(lambda: transport.last_tag == 2)
        for losses in (1, 2, 3):
            proxy.cut()
            poll(lambda: transport.link is None)
            proxy.mend()
            poll(lambda tags=2 * losses + 2: transport.last_tag == tags)  # type: ignore[misc]
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


def test_it_bears_its_name_at_the_broker(broker: Broker) -> None:
    parameters = connection_parameters(broker.url, "livescore-desk Meadow in-play")
    assert parameters.client_properties == {"connection_name": "livescore-desk Meadow in-play"}
    assert parameters.heartbeat == 30
    assert connection_parameters(f"{broker.url}?heartbeat=7", "x").heartbeat == 7


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("guest:guest@", "guest:wrong@"), "refuses the user guest or the password"),
        (("%2F", "nowhere"), "The virtual host nowhere is not there, or not for the user guest."),
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
        proxy.mend()
        consuming.until(lambda: "or the password" in consuming.transport.trouble)
        consuming.transport.parameters.credentials = credentials
        consuming.until(lambda: consuming.transport.trouble == "")


@pytest.mark.parametrize(
    "url", ["", "nonsense", "http://guest:secret@broker.example/", "amqp://u:secret@h:xx/", "amqp://u:secret@h/?bad=1"]
)
def test_a_bad_address_is_refused_without_telling_the_password(url: str) -> None:
    with pytest.raises(TransportClosed, match="The broker's address") as raised:
        RabbitMQ(url, "_1_")
    assert "secret" not in str(raised.value)


def test_tls_at_a_plain_port_is_said_so(broker: Broker) -> None:
    port = pika.URLParameters(broker.url).port
    with closing(Consuming(f"amqps://guest:guest@127.0.0.1:{port}/", broker.queue)) as consuming:
        assert (
            consuming.trouble() == f"127.0.0.1:{port} does not answer in TLS: check the port, or whether TLS is wanted."
        )


def test_a_certificate_that_nobody_vouches_for_ends_it(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=shake_hands, args=[listener, context], daemon=True).start()
        consuming = Consuming(f"amqps://guest:guest@127.0.0.1:{listener.getsockname()[1]}/", "_1_")
        with pytest.raises(TransportClosed, match=r"The certificate of 127\.0\.0\.1 is not accepted: self-signed"):
            consuming.until(lambda: False)


def test_it_consumes_over_tls_where_the_certificate_is_vouched_for(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    broker.publish(b"1")
    with TlsEnd(broker.url, certificate) as end, closing(Consuming(end.url, broker.queue)) as consuming:
        (delivery,) = consuming.take(1)
        consuming.transport.ack(delivery)
    assert delivery.body == b"1"


def test_a_peer_that_speaks_no_amqp_is_said_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=answer_http, args=[listener], daemon=True).start()
        url = f"amqp://guest:guest@127.0.0.1:{listener.getsockname()[1]}/"
        with closing(Consuming(url, "_1_")) as consuming:
            assert consuming.trouble() == (
                f"127.0.0.1:{listener.getsockname()[1]} does not answer as a broker does: "
                "check the port, and whether TLS is wanted."
            )


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
        (TimeoutError(), "b.example:5672 does not answer within 10 s."),
        (AMQPConnectorStackTimeout("handshake"), "b.example:5672 does not answer within 10 s."),
        (AMQPHeartbeatTimeout(), "The broker at b.example:5672 has fallen silent."),
        (ChannelClosedByBroker(405, "RESOURCE_LOCKED"), "The queue _1_ is taken by another consumer alone."),
        (ConnectionClosedByBroker(320, "rest"), "The broker at b.example:5672 has closed the connection: rest."),
        (ChannelClosedByBroker(406, "timeout"), "The broker at b.example:5672 has closed the connection: timeout."),
        (OSError(113, "No route to host"), "b.example:5672 cannot be reached: No route to host."),
        (StreamLostError("Transport indicated EOF"), "The connection to b.example:5672 is lost."),
    ],
)  # fmt: skip
def test_each_loss_is_told_in_an_operators_words(error: Exception, sentence: str) -> None:
    assert explain(error, connection_parameters("amqp://u:p@b.example/", "x"), "_1_") == sentence


def test_headers_are_text_whatever_they_were() -> None:
    assert text_headers({"a": b"\xffz", "b": 7, "c": "text", "d": None}) == {
        "a": "\N{REPLACEMENT CHARACTER}z", "b": "7", "c": "text", "d": "None"
    }  # fmt: skip
    assert text_headers(None) == {}


def self_signed(folder: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    now = datetime.now(UTC)
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = builder.add_extension(alternative, critical=False).sign(key, hashes.SHA256())
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path = folder / "broker.pem"
    path.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
    return path


class TlsEnd:
    """Ends TLS in front of a plain broker, in a loop and thread of its own."""

    def __init__(self, url: str, certificate: Path) -> None:
        self.parameters: Any = pika.URLParameters(url)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.tasks: list[asyncio.Task[Any]] = []
        self.loop = asyncio.new_event_loop()
        self.server = self.loop.run_until_complete(asyncio.start_server(self.join, "127.0.0.1", 0, ssl=context))
        user = self.parameters.credentials
        port = self.server.sockets[0].getsockname()[1]
        self.url = f"amqps://{user.username}:{user.password}@127.0.0.1:{port}/%2F"
        self.thread = threading.Thread(target=self.loop.run_forever)

    def __enter__(self) -> "TlsEnd":
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        asyncio.run_coroutine_threadsafe(self.end(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def end(self) -> None:
        self.server.close()
        await asyncio.gather(*self.tasks)

    async def join(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.append(task)
        far, out = await asyncio.open_connection(self.parameters.host, self.parameters.port)
        await asyncio.gather(self.carry(near, out), self.carry(far, back))

    async def carry(self, one: asyncio.StreamReader, other: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await one.read(65536):
                other.write(data)
            other.close()
            await other.wait_closed()


def shake_hands(listener: socket.socket, context: ssl.SSLContext) -> None:
    with suppress(OSError):
        while True:
            near, _ = listener.accept()
            with near, suppress(OSError):
                context.wrap_socket(near, server_side=True).close()


def answer_http(listener: socket.socket) -> None:
    with suppress(OSError):
        while True:
            near, _ = listener.accept()
            with near:
                near.recv(100)
                near.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
