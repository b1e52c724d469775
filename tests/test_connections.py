"""Times on PostgreSQL: read at once, and the same as by psycopg itself."""

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import DataError, connection
from hypothesis import given
from hypothesis import strategies as st
from psycopg.pq import Format

from feed.database.connections import TimeLoader
from tests.conftest import default_database

pytestmark = pytest.mark.django_db
moments = st.datetimes(timezones=st.just(UTC))


@pytest.fixture
def read(migrated_postgresql: str) -> Any:
    """The value of a SQL expression, over a connection of Django's."""

    def value(expression: str, *given: Any) -> Any:
        with default_database(migrated_postgresql), connection.cursor() as cursor:
            cursor.execute(f"SELECT {expression}", given)
            return cursor.fetchone()[0]

    return value


def test_djangos_connections_read_times_by_it(read: Any, migrated_postgresql: str):
    with default_database(migrated_postgresql):
        connection.ensure_connection()
        oid = psycopg.postgres.types["timestamptz"].oid
        assert connection.connection.adapters.get_loader(oid, Format.TEXT) is TimeLoader
    at = datetime(2026, 4, 30, 1, 2, 3, 456789, tzinfo=UTC)
    assert read("%s::timestamptz", at) == at
    assert read("%s::timestamptz", at).tzinfo is UTC


@given(moment=moments)
def test_it_reads_every_moment_as_postgresql_writes_it(moment: datetime):
    """PostgreSQL leaves out what is zero at the end of a fraction, and minutes of a zone."""
    fraction = f".{moment.microsecond:06}".rstrip("0").rstrip(".")
    text = f"{moment:%Y-%m-%d %H:%M:%S}".rjust(19, "0") + f"{fraction}+00"
    assert TimeLoader(0, None).load(text.encode()) == moment


@pytest.mark.parametrize("text", ["infinity", "0044-03-15 00:00:00+00 BC", "10000-01-01 00:00:00+00"])
def test_it_refuses_what_python_has_no_time_for_as_psycopg_does(read: Any, text: str):
    with pytest.raises(DataError, match=r"too (large|small|big)|not supported|out of range"):
        read("%s::timestamptz", text)
