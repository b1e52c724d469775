"""Every loop that runs for long goes on by itself when the database has ended its connections."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from feed.alerts.watch import AlertWatch
from feed.models import FeedSource
from livescore_site import package_feeds
from livescore_site.package_feeds import PackageWatch
from packages_admin.management.commands import watch_packages
from tests.conftest import default_database
from tests.emptying import empty_database
from tests.polling import poll

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


@pytest.fixture
def lasting_connections(migrated_postgresql: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """PostgreSQL, with connections that their threads keep, as in production."""
    with default_database(migrated_postgresql):
        monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 600)
        monkeypatch.setitem(connections.settings["default"], "CONN_HEALTH_CHECKS", True)
        yield migrated_postgresql
        connection.close()
        empty_database()


def end_connections(url: str) -> int:
    """End all connections, as a restart of PostgreSQL does; returns how many there were."""
    with psycopg.connect(url, autocommit=True) as server:
        ended = server.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()
    return ended[0] if ended else 0


class Turns:
    """Counts successful queries; the first of them makes the connection."""

    def __init__(self) -> None:
        self.good = 0

    def count(self, *args: Any) -> list[str]:
        FeedSource.objects.count()
        self.good += 1
        return []


@contextmanager
def in_thread(run: Callable[[], None]) -> Iterator[None]:
    def run_and_close() -> None:
        run()
        connection.close()

    thread = threading.Thread(target=run_and_close)
    thread.start()
    yield
    thread.join(10)
    assert not thread.is_alive()


def goes_on(turns: Turns, url: str) -> None:
    poll(lambda: turns.good >= 2)
    connection.close()
    assert end_connections(url) >= 1
    seen = turns.good
    poll(lambda: turns.good >= seen + 3)


def test_the_watch_of_alerts(lasting_connections: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feed.alerts.watch.CHECK_SECONDS", 0.02)
    turns, stop = Turns(), threading.Event()
    watch = AlertWatch(timezone.now())
    monkeypatch.setattr(watch, "check", turns.count)
    with in_thread(lambda: watch.run(stop)):
        goes_on(turns, lasting_connections)
        stop.set()


def test_the_watch_of_packages_in_the_consumer(lasting_connections: str, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = Turns()
    monkeypatch.setattr(package_feeds, "WATCH_SECONDS", 0.02)
    monkeypatch.setattr(package_feeds, "check_packages", turns.count)
    watch = PackageWatch()
    goes_on(turns, lasting_connections)
    watch.stop()
    poll(lambda: not watch.thread.is_alive())


def test_the_watch_of_packages_by_itself(lasting_connections: str, monkeypatch: pytest.MonkeyPatch) -> None:
    turns, stop = Turns(), threading.Event()
    monkeypatch.setattr(watch_packages, "check_packages", turns.count)
    monkeypatch.setattr(watch_packages, "Event", lambda: stop)
    with in_thread(lambda: call_command("watch_packages", "--every", "0.02")):
        goes_on(turns, lasting_connections)
        stop.set()
