"""A database that is away, takes no writes, or has no room: as its clients see it."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import psycopg
from psycopg import sql

from exam.rig import Rig

from .kind import Happening, form_of, notice

NOTICE = 10.0
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
TABLES = ("feed_bet", "feed_scoreboard", "feed_fixture")
TRIGGER = "CREATE TRIGGER exam_no_room BEFORE INSERT OR UPDATE ON {} EXECUTE FUNCTION exam_no_room()"
#: What PostgreSQL says when it cannot extend a file (disk_full).
NO_ROOM = """
CREATE FUNCTION exam_no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'could not extend file "base/1/1": No space left on device' USING ERRCODE = '53100';
END $$
"""


@contextmanager
def database(rig: Rig, rng: Random) -> Iterator[Happening]:
    """One of the three."""
    with form_of(rig, (away, read_only, full))(rig) as happening:
        yield happening


@contextmanager
def away(rig: Rig) -> Iterator[Happening]:
    ways = [rig.ways["web database"], rig.ways["feed database"]]
    for way in ways:
        way.cut()
    yield Happening("the database is away", notice(NOTICE))
    for way in ways:
        way.restore()


@contextmanager
def read_only(rig: Rig) -> Iterator[Happening]:
    """The database as after a failover to a standby: every session can read, and none can write."""
    set_read_only(rig, "on")
    yield Happening("the database is read-only", notice(NOTICE))
    set_read_only(rig, "off")


def set_read_only(rig: Rig, value: str) -> None:
    with rig.database() as server:
        name = sql.Identifier(server.info.dbname)
        server.execute(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = {}").format(name, value))
        server.execute(OTHERS, [server.info.backend_pid])


@contextmanager
def full(rig: Rig) -> Iterator[Happening]:
    """Nothing can be added to the tables of the feed."""
    with rig.database() as server:
        server.execute(NO_ROOM)
        for table in TABLES:
            execute(server, TRIGGER, table)
    yield Happening("the database is full", notice(NOTICE))
    with rig.database() as server:
        for table in TABLES:
            execute(server, "DROP TRIGGER exam_no_room ON {}", table)
        server.execute("DROP FUNCTION exam_no_room()")


def execute(server: "psycopg.Connection[Any]", statement: Any, table: str) -> None:
    server.execute(sql.SQL(statement).format(sql.Identifier(table)))
