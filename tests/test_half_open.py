"""A connection that is dead without either side having closed it: noticed in time, and nothing waits behind it."""

import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, connection, connections

from exam.proxy import Proxy
from feed.database.connections import MARGIN_SECONDS, wait_for_ever
from feed.models import FeedSource, Fixture
from livescore_site.databases import FEED_TIMEOUTS, NETWORK, database
from tests.broker import Broker
from tests.conftest import default_database
from tests.emptying import empty_database
from tests.feed_messages import fixture
from tests.polling import poll
from tests.test_consume_feed import Process

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


@pytest.fixture
def proxy(migrated_postgresql: str) -> Iterator[Proxy]:
    with Proxy(migrated_postgresql) as proxy:
        yield proxy


def with_limit(url: str, milliseconds: int) -> default_database:
    return default_database(url, options=f"-c statement_timeout={milliseconds}", connect_timeout=2)


def test_a_statement_over_a_dead_connection_ends_and_costs_that_connection(proxy: Proxy) -> None:
    with with_limit(proxy.url, 200):
        FeedSource.objects.count()
        proxy.hold()
        begun = time.monotonic()
        with pytest.raises(OperationalError):
            FeedSource.objects.count()
        assert 0.2 <= time.monotonic() - begun < 0.2 + MARGIN_SECONDS + 1
        proxy.restore()
        connection.close()
        assert FeedSource.objects.count() == 0


def test_a_statement_that_the_server_ends_in_time_keeps_its_connection(migrated_postgresql: str) -> None:
    with with_limit(migrated_postgresql, 100):
        with connection.cursor() as cursor, pytest.raises(OperationalError, match="statement timeout"):
            cursor.execute("SELECT pg_sleep(5)")
        raw = connection.connection
        FeedSource.objects.count()
        assert connection.connection is raw


def test_migrations_may_take_their_time(migrated_postgresql: str) -> None:
    with with_limit(migrated_postgresql, 100), connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        wait_for_ever(connection)
        cursor.execute(f"SELECT pg_sleep({MARGIN_SECONDS + 0.3})")


def test_the_feed_notices_within_ten_seconds() -> None:
    options = database("postgres://h/desk")["OPTIONS"]["options"]
    noticed = FEED_TIMEOUTS["statement_timeout"] / 1000 + MARGIN_SECONDS
    assert noticed + NETWORK["connect_timeout"] <= 10  # Django connects once more before it says so
    assert f"statement_timeout={FEED_TIMEOUTS['statement_timeout']}" in options


@pytest.mark.rabbitmq
def test_a_consumer_whose_database_is_silent_frees_its_locks_hears_sigterm_and_loses_nothing(
    proxy: Proxy, migrated_postgresql: str, amqp_url: str, tmp_path: Path
) -> None:
    with closing(Broker(amqp_url)) as broker, default_database(migrated_postgresql):
        broker.publish(fixture(7))
        with closing(Process.of(broker, proxy.url, tmp_path)) as process:
            process.until(lambda: Fixture.objects.filter(pk=7).exists())
            process.until(lambda: "LATE" in process.output())  # its state is written, so the batch is what waits
            proxy.hold()
            held = time.monotonic()
            broker.publish(fixture(8))
            process.until(lambda: "No sign of life" in process.output() or "does not take" in process.output())
            assert time.monotonic() - held < 10.5
            assert locks_of_others(migrated_postgresql) == 0
            proxy.restore()
            process.until(lambda: Fixture.objects.filter(pk=8).exists())
            proxy.hold()
            begun = time.monotonic()
            assert process.end(signal.SIGTERM)[0] == 0
            assert time.monotonic() - begun < 20
            proxy.restore()
        connections.close_all()
        empty_database()


def locks_of_others(url: str) -> int:
    """Row locks that transactions of others hold, once the server has had its 10 s to end them."""
    found = -1

    def none_is_left() -> bool:
        nonlocal found
        with psycopg.connect(url) as server:
            row = server.execute(
                "SELECT count(*) FROM pg_locks WHERE mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            ).fetchone()
        found = row[0] if row else -1
        return found == 0

    poll(none_is_left, seconds=12)
    return found
