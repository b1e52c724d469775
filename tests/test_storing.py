"""What the database refuses: waited for where the fault is its own, else set aside and tried again."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import DataError, Error, IntegrityError, OperationalError, connection, connections

from feed.ingest import storing
from feed.ingest.loop import Ingest
from feed.models import FeedSource, Fixture, RejectedMessage
from feed.store.sql.faults import is_of_database, took_too_long
from feed.transport import Delivery
from tests.conftest import default_database
from tests.emptying import empty_database
from tests.feed_messages import ListTransport, fixture, heartbeat
from tests.polling import poll

pytestmark = pytest.mark.django_db(transaction=True)
#: Too large an index row, a value out of range: the message's own fault.
OF_THE_MESSAGE = ["54000", "22003", "23514", "XX000"]
OF_THE_DATABASE = ["08006", "53100", "53200", "53300", "55P03", "57P01", "57014", "58030", "25006", "40001", "40P01"]
OF_THE_DATABASE += ["42501", "42P01"]
TRIGGER = """
    CREATE TABLE fault (code text, fixture bigint);
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE wanted text := (SELECT code FROM fault WHERE fixture IN (0, NEW.id) LIMIT 1);
    BEGIN
        IF wanted IS NOT NULL THEN RAISE EXCEPTION 'refused by the test' USING ERRCODE = wanted; END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON feed_fixture FOR EACH ROW EXECUTE FUNCTION refuse();
"""
END_CONNECTIONS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
END_TRIGGER = "DROP TRIGGER refuse ON feed_fixture; DROP FUNCTION refuse; DROP TABLE fault"


class Database:
    """PostgreSQL, which refuses fixtures with any state that a test wishes."""

    def __init__(self, url: str) -> None:
        self.url = url

    def execute(self, sql: str, *values: object) -> None:
        with psycopg.connect(self.url, autocommit=True, options="-c default_transaction_read_only=off") as server:
            server.execute(sql, values or None)

    def refuse(self, code: str, fixture_id: int = 0) -> None:
        """Refuse this fixture, or each, from now on."""
        self.execute("INSERT INTO fault VALUES (%s, %s)", code, fixture_id)

    def refuse_nothing(self) -> None:
        self.execute("DELETE FROM fault")


@pytest.fixture
def database(migrated_postgresql: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setattr(storing, "full_jitter", lambda failures, most: 0.02)
    with default_database(migrated_postgresql, options="-c lock_timeout=200"):
        made = Database(migrated_postgresql)
        made.execute(TRIGGER)
        yield made
        made.execute(END_TRIGGER)
        connection.close()
        empty_database()


@pytest.fixture
def source(database: Database) -> FeedSource:
    return FeedSource.objects.create(name="Meadow in-play", kind=FeedSource.Kind.QUEUE)


class Beating(ListTransport):
    """Brings its bodies, then heartbeats, one at a time, until it is closed."""

    def __iter__(self) -> Iterator[Delivery | None]:
        yield from super().__iter__()
        yield None
        while not self.is_closed:
            poll(lambda: True)
            yield Delivery(body=heartbeat(), received_at=datetime.now(UTC), tag=99)
            yield None


@contextmanager
def running(source: FeedSource, *bodies: bytes) -> Iterator[Ingest]:
    ingest = Ingest(Beating(bodies), source)
    thread = threading.Thread(target=run_and_close, args=[ingest])
    thread.start()
    try:
        yield ingest
    finally:
        ingest.stop()
        thread.join(15)
        assert not thread.is_alive()


def run_and_close(ingest: Ingest) -> None:
    ingest.run()
    connection.close()


def stored() -> list[int]:
    return sorted(Fixture.objects.values_list("pk", flat=True))


@pytest.mark.postgresql
@pytest.mark.parametrize("code", OF_THE_DATABASE)
def test_a_fault_of_the_database_is_waited_for_and_convicts_nothing(
    database: Database, source: FeedSource, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(storing, "full_jitter", lambda failures, most: waits.append(0.01) or 0.01)
    database.refuse(code)
    with running(source, fixture(7), fixture(8)) as ingest:
        poll(lambda: len(waits) > 4)
        assert ingest.transport.acked == []
        database.refuse_nothing()
        poll(lambda: stored() == [7, 8])
    assert not RejectedMessage.objects.exists()


@pytest.mark.postgresql
def test_a_database_that_only_reads_is_waited_for(database: Database, source: FeedSource) -> None:
    name = database.url.rpartition("/")[2]
    with running(source, fixture(7)) as ingest:
        poll(lambda: stored() == [7])
        connection.close()
        database.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        database.execute(END_CONNECTIONS)
        poll(lambda: ingest.storer.lost_at is not None)
        database.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
        poll(lambda: ingest.storer.lost_at is None)
        connection.close()
    assert not RejectedMessage.objects.exists()


@pytest.mark.postgresql
def test_a_row_that_somebody_else_has_locked_is_waited_for(database: Database, source: FeedSource) -> None:
    with running(source, fixture(7)):
        poll(lambda: stored() == [7])
    with psycopg.connect(database.url) as other:
        other.execute("SELECT 1 FROM feed_fixture WHERE id = 7 FOR UPDATE")
        with running(source, fixture(7, status=1)) as ingest:
            poll(lambda: ingest.storer.lost_at is not None)
            other.rollback()
            poll(lambda: ingest.storer.lost_at is None)
    assert not RejectedMessage.objects.exists()


@pytest.mark.postgresql
@pytest.mark.parametrize("code", OF_THE_MESSAGE)
def test_a_message_that_is_refused_is_set_aside_at_once_and_tried_again_twice(
    database: Database, source: FeedSource, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feed.ingest.second_tries.AGAIN_SECONDS", 0.1)
    database.refuse(code, 13)
    with running(source, *(fixture(number) for number in range(10, 20))) as ingest:
        poll(lambda: stored() == [10, 11, 12, 14, 15, 16, 17, 18, 19])
        poll(lambda: ingest.transport.acked[:1] == [10])
        poll(lambda: RejectedMessage.objects.filter(tries=3).exists())
        database.refuse_nothing()
        seen = ingest.storer.stored
        poll(lambda: ingest.storer.stored > seen + 20)
    refused = RejectedMessage.objects.get()
    assert (bytes(refused.body), refused.kind, refused.tries) == (fixture(13), "store", 3)
    assert refused.reason.startswith("understood, but it cannot be stored: ")
    assert 13 not in stored()


@pytest.mark.postgresql
def test_a_message_that_was_refused_by_mistake_comes_back_by_itself(
    database: Database, source: FeedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feed.ingest.second_tries.AGAIN_SECONDS", 0.1)
    database.refuse("XX000", 13)
    with running(source, fixture(12), fixture(13)):
        poll(lambda: RejectedMessage.objects.exists())
        database.refuse_nothing()
        poll(lambda: stored() == [12, 13])
        poll(lambda: RejectedMessage.objects.filter(understood_at__isnull=False).exists())


@pytest.mark.postgresql
def test_a_message_that_was_convicted_is_tried_again_when_the_consumer_starts(
    database: Database, source: FeedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feed.ingest.second_tries.AGAIN_SECONDS", 0.05)
    database.refuse("XX000", 13)
    with running(source, fixture(13)):
        poll(lambda: RejectedMessage.objects.filter(tries=3).exists())
    database.refuse_nothing()
    with running(source, fixture(14)):
        poll(lambda: stored() == [13, 14])


@pytest.mark.postgresql
def test_a_database_that_refuses_everything_convicts_three_and_then_waits(
    database: Database, source: FeedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feed.ingest.second_tries.AGAIN_SECONDS", 0.1)
    database.refuse("XX000")
    with running(source, *(fixture(number) for number in range(10, 20))) as ingest:
        poll(lambda: ingest.storer.lost_at is not None)
        assert RejectedMessage.objects.count() <= 3
        database.refuse_nothing()
        poll(lambda: stored() == list(range(10, 20)))


@pytest.mark.postgresql
def test_a_statement_that_takes_too_long_is_tried_again_with_less_at_once(
    database: Database, source: FeedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    store = storing.store_batch

    def slow(source: FeedSource, received: list[Any], *rest: Any) -> Any:
        sizes.append(len(received))
        if len(received) > 2:
            with connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = 50")
                cursor.execute("SELECT pg_sleep(1)")
        return store(source, received, *rest)

    monkeypatch.setattr(storing, "store_batch", slow)
    with running(source, *(fixture(number) for number in range(10, 14))):
        poll(lambda: stored() == [10, 11, 12, 13])
    assert sizes[:3] == [4, 2, 2]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[default_database]:
    """A SQLite database of one table."""
    with default_database(f"sqlite:///{tmp_path}/small.sqlite3", timeout=0) as small:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE t (id integer primary key, text text CHECK (text <> 'no'))")
        yield small


def fault_of(*statements: str) -> Error:
    with pytest.raises(Error) as caught, connection.cursor() as cursor:  # noqa: PT012 - which of them fails is the point
        for statement in statements:
            cursor.execute(statement)
    return caught.value


@pytest.mark.usefixtures("small")
class TestSQLite:
    def test_a_full_disk_is_the_databases_fault(self) -> None:
        assert is_of_database(
            fault_of("PRAGMA max_page_count = 3", "INSERT INTO t (text) VALUES (hex(zeroblob(100000)))")
        )

    def test_a_database_that_only_reads_is_the_databases_fault(self) -> None:
        assert is_of_database(fault_of("PRAGMA query_only = on", "INSERT INTO t (text) VALUES ('x')"))

    def test_a_busy_database_is_the_databases_fault(self, tmp_path: Path) -> None:
        other = sqlite3.connect(tmp_path / "small.sqlite3", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert is_of_database(fault_of("INSERT INTO t (text) VALUES ('x')"))
        other.close()

    def test_a_table_that_a_migration_has_yet_to_make_is_the_databases_fault(self) -> None:
        assert is_of_database(fault_of("SELECT 1 FROM t2"))
        assert is_of_database(fault_of("SELECT other FROM t"))

    def test_a_value_that_it_does_not_take_is_the_messages_fault(self) -> None:
        assert not is_of_database(fault_of("INSERT INTO t (text) VALUES ('no')"))


def test_a_sqlite_that_is_full_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "full_jitter", lambda failures, most: 0.02)
    with default_database(f"sqlite:///{tmp_path}/desk.sqlite3", init_command="PRAGMA max_page_count = 100000"):
        call_command("migrate", verbosity=0)
        source = FeedSource.objects.create(name="Meadow in-play", kind=FeedSource.Kind.QUEUE)
        connections.settings["default"]["OPTIONS"]["init_command"] = "PRAGMA max_page_count = 1"
        many = [fixture(number) for number in range(1, 2000)]
        with running(source, *many) as ingest:
            poll(lambda: ingest.storer.lost_at is not None)
            connections.settings["default"]["OPTIONS"]["init_command"] = "PRAGMA max_page_count = 100000"
            poll(lambda: len(stored()) == len(many))
        assert not RejectedMessage.objects.exists()


def test_an_error_without_a_state_is_the_databases_unless_it_is_of_a_value() -> None:
    assert is_of_database(OperationalError("the connection is closed"))
    assert not is_of_database(DataError("integer out of range"))
    assert not is_of_database(IntegrityError("not null"))
    assert not is_of_database(TypeError("no database had a part in it"))
    assert not took_too_long(OperationalError("the connection is closed"))
