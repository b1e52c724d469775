"""A web process and its database: few connections whatever comes, nobody waits forever, no 500."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from exam.processes import Desk, until
from livescore_site.databases import FEED_TIMEOUTS, PAGE_TIMEOUTS, database, for_pages

URL = "postgres://ann:secret@db.example/desk"
pytestmark = pytest.mark.postgresql


async def flood(address: str, path: str, number: int) -> Counter[int]:
    """The statuses of so many requests at once."""
    limits = httpx.Limits(max_connections=number)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=50) as client:
        answers = await asyncio.gather(*(client.get(path) for _ in range(number)))
    return Counter(answer.status_code for answer in answers)


@pytest.fixture
def made(tmp_path: Path, own_postgresql_url: str) -> Iterator[Desk]:
    desk = Desk(tmp_path, DATABASE_URL=own_postgresql_url, WEB_THREADS="4", DATABASE_CONNECTIONS="3")
    yield desk
    desk.close()


def connections_of(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()
    return int(row[0])


@pytest.mark.parametrize("path", ["/healthz", "/sign_in/"])
def test_a_flood_opens_no_more_connections_than_the_settings_say_and_is_answered(
    made: Desk, own_postgresql_url: str, path: str
):
    address = made.serve()
    assert asyncio.run(flood(address, path, 150)) == {200: 150}
    assert 1 <= connections_of(own_postgresql_url) <= 3


def test_a_database_that_is_away_is_503_with_a_time_to_come_back_and_back_is_back(made: Desk, own_postgresql_url: str):
    address = made.serve()
    server, _, name = own_postgresql_url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        away = httpx.get(f"{address}/healthz", timeout=30)
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    assert (away.status_code, away.headers["Retry-After"]) == (503, "5")
    until(lambda: httpx.get(f"{address}/healthz", timeout=30).status_code == 200, 30, "the database")


def test_where_a_page_waits_the_server_is_told_to_give_up_within_10_s():
    options = for_pages(URL, 7)["OPTIONS"]
    assert max(PAGE_TIMEOUTS.values()) <= 10_000
    assert all(f"-c {name}={value}" in options["options"] for name, value in PAGE_TIMEOUTS.items())
    assert options["connect_timeout"] <= 10
    assert options["tcp_user_timeout"] <= 10_000
    assert options["pool"]["max_size"] == 7
    assert options["pool"]["timeout"] <= 10


def test_the_consumer_waits_longer_but_not_for_ever():
    options = database(URL)["OPTIONS"]["options"]
    assert all(f"-c {name}={value}" in options for name, value in FEED_TIMEOUTS.items())


def test_the_servers_own_words_in_the_address_count_more():
    options = database(f"{URL}?connect_timeout=2&options=-c%20lock_timeout%3D1000")["OPTIONS"]
    assert options["connect_timeout"] == 2
    assert options["options"].endswith("-c lock_timeout=1000")


def test_a_command_is_under_the_time_outs_and_a_migration_is_not(made: Desk):
    code = (
        "from django.db import connection as c; from django.db.models.signals import pre_migrate as m; k = c.cursor();"
        "show = lambda: k.execute('SHOW statement_timeout').fetchone()[0]; before = show();"
        "m.send('x', using='default'); print(before, show())"
    )
    assert made.run("shell", "--verbosity", "0", "--command", code).split()[-2:] == ["6s", "0"]
