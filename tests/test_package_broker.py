"""Where a package's broker password goes: to addresses that were checked for this very connection."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from feed.transport import TransportClosed
from feed.transport.rabbitmq import RabbitMQ
from livescore_site.package_feeds import feeds_of

from .packages import make_package

pytestmark = pytest.mark.django_db


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Something inside that takes connections, and nobody should connect to."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield listener


def refused(transport: RabbitMQ, listener: socket.socket) -> str:
    """Why the transport gave up, having connected to nobody."""
    with pytest.raises(TransportClosed) as raised:
        next(delivery for delivery in transport if delivery)
    with pytest.raises(BlockingIOError):
        listener.accept()
    return str(raised.value)


def test_a_brokers_name_that_leads_inside_is_refused_before_anything_is_sent(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch
):
    hosts: list[str] = []

    def inside(host: str, port: int, *rest: Any, **options: Any) -> list[Any]:
        hosts.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", inside)
    port = listener.getsockname()[1]
    (feed,) = feeds_of(make_package("trade_in_play", amqp_host="b.lsports.eu", amqp_port=port))
    reason = refused(RabbitMQ(feed.url, feed.queue, resolve=feed.resolve), listener)
    assert reason.startswith("The host b.lsports.eu leads to an address that is not allowed (PACKAGE_HOSTS).")
    assert hosts == ["b.lsports.eu"]


def test_a_broker_that_is_not_among_the_hosts_any_more_is_refused(listener: socket.socket, settings: Any):
    port = listener.getsockname()[1]
    (feed,) = feeds_of(make_package("trade_in_play", amqp_host="localhost", amqp_port=port))
    settings.PACKAGE_HOSTS = [".lsports.eu"]
    assert "not allowed" in refused(RabbitMQ(feed.url, feed.queue, resolve=feed.resolve), listener)
