"""Several feeds in one process: what is wanted runs, what is not ends, what failed is tried again."""

from collections.abc import Iterator
from contextlib import closing, suppress
from threading import Thread
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.utils import timezone

from exam.proxy import Proxy
from feed.ingest.consumers import Consumers, Feed
from feed.models import FeedSource, Fixture
from feed.transport import Delivery, TransportClosed
from feed.transport.address import amqp_url
from feed.transport.parameters import connection_parameters
from feed.transport.rabbitmq import RabbitMQ
from livescore_site.package_feeds import PackageFeeds
from packages_admin.models import Package
from tests.broker import Broker
from tests.conftest import default_database
from tests.emptying import empty_database
from tests.feed_messages import ListTransport, fixture
from tests.polling import poll
from tests.test_package_feeds import package  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)


class Endless(ListTransport):
    """Never ends by itself."""

    def __iter__(self) -> Iterator[Delivery | None]:
        yield from super().__iter__()
        while not self.is_closed:
            poll(lambda: True)
            yield None


class Silent:
    def changed(self, changes: Any) -> None: ...

    def state_changed(self, source_id: int) -> None: ...


class Bench:
    """Consumers in a thread, of feeds that the test names, on transports that the test sees."""

    def __init__(self) -> None:
        self.wanted: list[Feed] = []
        self.opened: list[tuple[Feed, Endless]] = []
        self.fault: Exception | None = None
        self.consumers = Consumers(self.ask, self.open, Silent())
        self.turns = 0
        self.thread = Thread(target=self.run)

    def run(self) -> None:
        self.consumers.run(self.took_turn)
        connection.close()

    def ask(self) -> list[Feed]:
        if isinstance(self.fault, OperationalError):
            raise self.fault
        return list(self.wanted)

    def open(self, feed: Feed) -> Endless:
        if self.fault is not None:
            raise self.fault
        transport = Endless([fixture(len(self.opened) + 1)])
        self.opened.append((feed, transport))
        return transport

    def took_turn(self, consumers: Consumers) -> None:
        self.turns += 1

    def wait_for_a_turn(self) -> None:
        seen = self.turns
        poll(lambda: self.turns > seen + 1)

    def close(self) -> None:
        self.consumers.stop()
        with suppress(RuntimeError):
            self.thread.join()


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr("feed.ingest.consumers.TURN_SECONDS", 0.02)
    monkeypatch.setattr("feed.ingest.consumers.NAP_SECONDS", 0.01)
    with closing(Bench()) as bench:
        yield bench


def feed(name: str, **fields: Any) -> Feed:
    return Feed(source_name=name, **({"url": "amqp://h/", "queue": "_1_", "prefetch": 200} | fields))


def reason(name: str) -> str:
    return FeedSource.objects.get(name=name).state_reason


def test_each_wanted_feed_has_its_consumer_and_source(bench: Bench) -> None:
    bench.wanted = [feed("in-play"), feed("pre-match")]
    bench.thread.start()
    poll(lambda: Fixture.objects.count() == 2)
    assert sorted(Fixture.objects.values_list("source__name", flat=True)) == ["in-play", "pre-match"]
    bench.wait_for_a_turn()
    assert len(bench.opened) == 2


def test_a_feed_that_is_added_starts_and_one_that_is_removed_ends(bench: Bench) -> None:
    bench.wanted = [feed("in-play")]
    bench.thread.start()
    poll(lambda: len(bench.opened) == 1)
    bench.wanted = [feed("pre-match")]
    poll(lambda: len(bench.opened) == 2 and bench.opened[0][1].is_closed)
    poll(lambda: reason("in-play") == "This feed is not to be consumed any more.")
    assert not bench.opened[1][1].is_closed


def test_a_feed_that_is_changed_gets_a_new_connection_when_the_old_one_has_ended(bench: Bench) -> None:
    bench.wanted = [feed("in-play")]
    bench.thread.start()
    poll(lambda: len(bench.opened) == 1)
    bench.wanted = [feed("in-play", queue="_2_")]
    poll(lambda: len(bench.opened) == 2)
    assert bench.opened[0][1].is_closed
    assert [one.queue for one, _ in bench.opened] == ["_1_", "_2_"]


def test_the_end_ends_all_of_them(bench: Bench) -> None:
    bench.wanted = [feed("in-play"), feed("pre-match")]
    bench.thread.start()
    poll(lambda: len(bench.opened) == 2)
    bench.close()
    assert all(transport.is_closed for _, transport in bench.opened)
    assert reason("in-play") == reason("pre-match") == "The consumer was stopped."


def test_a_feed_that_cannot_be_opened_says_why_and_is_tried_again_later(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feed.ingest.consumers.RETRY_SECONDS", 0.2)
    bench.fault = TransportClosed("The broker refuses the password.")
    bench.wanted = [feed("in-play")]
    bench.thread.start()
    poll(lambda: bench.consumers.failures.get(feed("in-play")) == "The broker refuses the password.")
    assert reason("in-play") == "The broker refuses the password."
    bench.fault = None
    poll(lambda: len(bench.opened) == 1)
    poll(lambda: not bench.consumers.failures)


def test_a_queue_does_not_feed_the_source_of_a_recording(bench: Bench) -> None:
    FeedSource.objects.create(name="Friday", kind=FeedSource.Kind.RECORDING)
    bench.wanted = [feed("Friday")]
    bench.thread.start()
    poll(lambda: bench.consumers.failures)
    sentence = "The source Friday is a recording's; a queue needs one of its own."
    assert bench.consumers.failures == {feed("Friday"): sentence}
    assert bench.opened == []


def test_a_feed_that_failed_is_tried_at_once_when_it_is_changed(bench: Bench) -> None:
    bench.fault = TransportClosed("The broker refuses the password.")
    bench.wanted = [feed("in-play")]
    bench.thread.start()
    poll(lambda: bench.consumers.failures)
    bench.fault = None
    bench.wait_for_a_turn()
    assert bench.opened == []
    bench.wanted = [feed("in-play", url="amqp://u:right@h/")]
    poll(lambda: len(bench.opened) == 1)


def test_a_database_that_is_away_leaves_everything_as_it_is(bench: Bench) -> None:
    bench.wanted = [feed("in-play")]
    bench.thread.start()
    poll(lambda: len(bench.opened) == 1)
    bench.fault = OperationalError("the server is not there")
    bench.wait_for_a_turn()
    assert not bench.opened[0][1].is_closed


@pytest.mark.postgresql
def test_feeds_start_and_end_though_no_room_in_history_can_be_made(bench: Bench, monkeypatch: Any) -> None:
    def failing(today: Any) -> bool:
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr("feed.ingest.consumers.make_partitions_ahead", failing)
    bench.wanted = [feed("in-play")]
    bench.thread.start()
    poll(lambda: Fixture.objects.exists())
    bench.wanted = []
    poll(lambda: not bench.consumers.running)


def test_the_control_loop_goes_on_after_a_restart_of_postgresql(
    bench: Bench, migrated_postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Proxy(migrated_postgresql) as proxy, default_database(proxy.url):
        monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 600)
        monkeypatch.setitem(connections.settings["default"], "CONN_HEALTH_CHECKS", True)
        monkeypatch.setattr(bench.consumers, "wanted", lambda: bench.ask() if FeedSource.objects.count() >= 0 else [])
        bench.wanted = [feed("in-play")]
        bench.thread.start()
        poll(lambda: Fixture.objects.filter(source__name="in-play").exists())
        proxy.cut()
        bench.wait_for_a_turn()
        proxy.restore()
        connection.close()
        bench.wanted = [feed("in-play"), feed("pre-match")]
        poll(lambda: Fixture.objects.filter(source__name="pre-match").exists())
        bench.close()
        empty_database()


def test_a_feed_does_not_show_its_password() -> None:
    assert "secret" not in repr(feed("in-play", url="amqp://u:secret@h/"))


def test_every_part_of_an_address_may_hold_any_character() -> None:
    url = amqp_url(host="h", port=5671, tls=True, virtual_host="a/b", user_name="u:@/", password="p@:/?#%")
    parameters: Any = connection_parameters(url, "x")
    assert (parameters.host, parameters.port, parameters.virtual_host) == ("h", 5671, "a/b")
    assert (parameters.credentials.username, parameters.credentials.password) == ("u:@/", "p@:/?#%")
    assert parameters.ssl_options is not None


@pytest.mark.rabbitmq
def test_a_package_is_consumed_while_it_is_active(
    amqp_url: str,
    package: Package,  # noqa: F811
    bench: Bench,
) -> None:
    parameters: Any = connection_parameters(amqp_url, "x")
    with closing(Broker(amqp_url)) as broker:
        package.amqp_host, package.amqp_port, package.amqp_tls = parameters.host, parameters.port, False
        package.virtual_hosts, package.user_name = "/", parameters.credentials.username
        package.queue_name = broker.queue
        package.set_password(parameters.credentials.password, timezone.now())
        package.save()
        consumers = Consumers(PackageFeeds().wanted, lambda feed: RabbitMQ(feed.url, feed.queue), Silent())
        thread = Thread(target=consumers.run, args=[lambda _: None])
        thread.start()
        broker.publish(fixture(7))
        poll(lambda: Fixture.objects.filter(pk=7).exists())
        Package.objects.update(state=Package.State.INACTIVE)
        poll(lambda: not consumers.running)
        broker.publish(fixture(8))
        Package.objects.update(state=Package.State.ACTIVE)
        poll(lambda: Fixture.objects.filter(pk=8).exists())
        consumers.stop()
        thread.join()
