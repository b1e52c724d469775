"""RabbitMQ over TLS: whose certificate is accepted, and what is said of a peer that speaks something else."""

# ruff: noqa: F811 - fixtures are imported, and are arguments of the same names

import socket
import ssl
import threading
from contextlib import closing
from pathlib import Path

import pika
import pytest

from feed.transport import TransportClosed
from tests.broker import Broker
from tests.consuming import SECONDS, Consuming, broker, consuming, quick_return  # noqa: F401 - fixtures
from tests.tls_end import TlsEnd, answer_http, self_signed, shake_hands

pytestmark = pytest.mark.rabbitmq


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


def test_it_connects_to_the_addresses_that_were_checked_and_to_no_other(broker: Broker) -> None:
    broker.publish(b"1")
    url = broker.url.replace("127.0.0.1", "broker.invalid")
    with closing(Consuming(url, broker.queue, resolve=lambda host, port: ["127.0.0.1"])) as consuming:
        assert [one.body for one in consuming.take(1)] == [b"1"]


def test_the_certificate_at_a_checked_address_must_still_be_the_hosts(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with TlsEnd(broker.url, certificate) as end:
        url = end.url.replace("127.0.0.1", "broker.invalid")
        consuming = Consuming(url, broker.queue, resolve=lambda host, port: ["127.0.0.1"])
        with pytest.raises(
            TransportClosed, match=r"The certificate of broker\.invalid is not accepted: Hostname mismatch"
        ):
            consuming.until(lambda: False)


def test_a_peer_that_speaks_no_amqp_is_said_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=answer_http, args=[listener], daemon=True).start()
        url = f"amqp://guest:guest@127.0.0.1:{listener.getsockname()[1]}/"
        with closing(Consuming(url, "_1_")) as consuming:
            assert consuming.trouble() == (
                f"127.0.0.1:{listener.getsockname()[1]} does not answer as a broker does: "
                "check the port, and whether TLS is wanted."
            )
