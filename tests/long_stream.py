"""The stream under its schema for as long as one likes: `python -m tests.long_stream --minutes 10`.

A desk of real processes (PostgreSQL, Redis, RabbitMQ) is fed by the simulated supplier. Programs follow it as the
documents' example does: one reads everything, one is slow, one wants another league each time and asks for what cannot
be. The web process is ended and begun anew, by turns kindly and by force, and now and then a fixture's row is broken.
Every message is held to docs/asyncapi.yaml; in the end every state to docs/openapi.yaml, and to what REST answers at
the same revision.

It prints a table and ends with 1 where something does not hold, or a kind of message never came.
"""

import argparse
import asyncio
import itertools
import json
import os
import secrets
import signal
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import httpx
import jsonschema_rs
import pika
import psycopg
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from exam.databases import new_postgresql
from exam.processes import Desk, desk
from exam.program import load_example
from exam.services import Services
from feed.codes import SportId
from tests.api_documents import ASYNCAPI, FROM_PROGRAMS, MESSAGES, schema_validator

example = load_example()
FROM_DESK = jsonschema_rs.Draft202012Validator({**ASYNCAPI, "$ref": "#/components/schemas/FromDesk"})

AMQP_URL = os.environ.get("AMQP_TEST_URL", "amqp://guest:guest@127.0.0.1:5672/%2F")
REDIS_URL = os.environ.get("REDIS_TEST_URL", "redis://127.0.0.1:6379/0")
MAKE_TOKEN = """
from django.utils import timezone
from feed.models import SubscriberToken
token = SubscriberToken(name="long stream", made_at=timezone.now(), most_requests_per_minute=10**6)
print("token", token.new_secret())
token.save()
"""
FEEDS = ("StmInPlay", "StmPreMatch")
EVERYTHING = {"sports": [int(sport) for sport in SportId], "contents": "all"}
RESTART_SECONDS, BREAK_SECONDS, BROKEN_SECONDS, ASK_SECONDS, SLOW_SECONDS = 75, 50, 6, 15, 4
#: Once nothing is sent the source falls late and down; so long may states differ from REST's meanwhile.
PATIENCE_SECONDS = 60
#: At most so many violations are shown.
SHOWN = 10


class Record:
    """What all programs were sent, by kind, and what of it does not hold."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.conflated = self.resumed = self.restarts = self.broken = self.compared = 0
        self.violations: list[str] = []

    def note(self, message: dict[str, Any]) -> None:
        self.kinds[message["type"]] += 1
        if (error := next(iter(FROM_DESK.iter_errors(message)), None)) is not None:
            self.violations.append(f"{message['type']}: {str(error)[:300]}")
        self.conflated += sum(change["conflated"] for change in message.get("changes", ()))

    @property
    def missing(self) -> list[str]:
        return sorted(set(MESSAGES) - set(FROM_PROGRAMS) - self.kinds.keys())


class Program(example.Follower):  # type: ignore[misc, name-defined]
    """The documents' example client, of which every message is looked at; `slow` seconds pass before it reads on."""

    def __init__(self, url: str, token: str, record: Record, slow: float = 0, **wanted: Any) -> None:
        super().__init__(url, token, **wanted)
        self.record = record
        self.slow = slow

    def since(self) -> dict[str, Any]:
        known: dict[str, Any] = super().since()
        self.record.resumed += bool(known)
        return known

    def take(self, message: Any) -> None:
        self.record.note(message)
        super().take(message)

    async def read(self, socket: Any) -> None:
        if not self.slow:
            await super().read(socket)
            return
        await example.say(socket, op="subscribe", **self.wanted, **self.since())
        while True:
            message = json.loads(await socket.recv())
            self.take(message)
            await asyncio.sleep(self.slow)
            if "n" in message:
                await example.say(socket, op="ack", n=message["n"])


class Asker:
    """A program that subscribes anew all the time: to another league, to nothing, ahead of the desk, and wrongly."""

    def __init__(self, url: str, token: str, record: Record, leagues: Callable[[], list[int]]) -> None:
        self.url = url
        self.token = token
        self.record = record
        self.leagues = leagues

    async def run(self) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        while True:
            with suppress(OSError, TimeoutError, WebSocketException):
                async with connect(self.url, additional_headers=headers, max_size=None) as socket:
                    for request in self.requests():
                        await self.ask(socket, request)
            await asyncio.sleep(1)

    def requests(self) -> Iterator[dict[str, Any]]:
        leagues = self.leagues()
        for league in leagues:
            yield {"leagues": [league]}
        view = {"view": "another", "fixtures": {"8": 10**9}}
        yield from ({"fixtures": []}, {"leagues": leagues[:1], "since": view}, {"contents": "some"})

    async def ask(self, socket: Any, request: dict[str, Any]) -> None:
        """Subscribe, and take what comes for some seconds."""
        await example.say(socket, op="subscribe", **request)
        with suppress(TimeoutError):
            async with asyncio.timeout(ASK_SECONDS / 3):
                while True:
                    message = json.loads(await socket.recv())
                    self.record.note(message)
                    if "n" in message:
                        await example.say(socket, op="ack", n=message["n"])


class Run:
    """The desk, its supplier and consumers; `url` is its web process, which `restart` ends and begins anew."""

    def __init__(self, made: Desk, database: str, package: int, record: Record) -> None:
        self.made = made
        self.database = database
        self.record = record
        user, password = Services(database, REDIS_URL, AMQP_URL).credentials
        supplier = ("--fixtures", "24", "--in-play", "12", "--rate", "20", "--speed", "4")
        where = ("--amqp", AMQP_URL, "--amqp-vhost-as-is", "--package", f"{package}:{user}:{password}")
        self.supplier = made.start("manage.py", "sandbox", *where, *supplier)
        for feed in FEEDS:
            made.start("manage.py", "consume_feed", "--queue", f"{feed}_{package}_", AMQP_URL=AMQP_URL)
        self.token = made.run("shell", "--command", MAKE_TOKEN).partition("token ")[2].split()[0]
        self.url = made.serve()
        self.web = made.started[-1]

    @property
    def stream(self) -> str:
        return f"{self.url.replace('http', 'ws')}/ws/v1/stream"

    def restart(self, end: int) -> None:
        self.web.send_signal(end)
        self.web.wait(30)
        self.made.serve(int(self.url.rpartition(":")[2]))
        self.web = self.made.started[-1]
        self.record.restarts += 1

    def query(self, statement: str, *values: Any) -> list[Any]:
        with psycopg.connect(self.database, autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def leagues(self) -> list[int]:
        rows = self.query(
            "SELECT league_id FROM feed_fixture WHERE league_id IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC"
        )
        return [number for (number,) in rows[:3]]

    def break_one(self) -> tuple[int, str] | None:
        """Spoil a fixture that changes all the time, so that the desk cannot make a message of it; what it was."""
        busiest = (
            "SELECT id, details::text FROM feed_fixture WHERE league_id IS NOT NULL ORDER BY revision DESC LIMIT 1"
        )
        for number, details in self.query(busiest):
            self.query("UPDATE feed_fixture SET details = '7' WHERE id = %s", number)
            self.record.broken += 1
            return number, details
        return None

    def restore(self, broken: tuple[int, str]) -> None:
        self.query("UPDATE feed_fixture SET details = %s WHERE id = %s", broken[1], broken[0])

    def state(self, fixture_id: int) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        found: dict[str, Any] = httpx.get(f"{self.url}/api/v1/fixtures/{fixture_id}/", headers=headers).json()
        return found


async def every(seconds: float, act: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        await act()


async def follow(run: Run, minutes: float, record: Record) -> list[str]:
    """Let it all happen for so long; what of the states does not hold in the end."""
    reader = Program(run.stream, run.token, record, **EVERYTHING)
    slow = Program(run.stream, run.token, record, SLOW_SECONDS, **EVERYTHING)
    asker = Asker(run.stream, run.token, record, run.leagues)
    ends = itertools.cycle((signal.SIGTERM, signal.SIGKILL))

    async def restart() -> None:
        await asyncio.to_thread(run.restart, next(ends))

    async def spoil() -> None:
        if broken := await asyncio.to_thread(run.break_one):
            await asyncio.sleep(BROKEN_SECONDS)
            await asyncio.to_thread(run.restore, broken)

    happens = [reader.run(), slow.run(), asker.run(), every(RESTART_SECONDS, restart), every(BREAK_SECONDS, spoil)]
    tasks = [asyncio.create_task(one) for one in happens]
    await asyncio.wait(tasks, timeout=minutes * 60, return_when=asyncio.FIRST_COMPLETED)
    failures = [f"A task ended: {task.exception()!r}" for task in tasks if task.done()]
    for task in tasks[1:]:
        task.cancel()
    await asyncio.gather(*tasks[1:], return_exceptions=True)
    failures += await compared(run, reader)
    tasks[0].cancel()
    return failures


async def compared(run: Run, reader: Program) -> list[str]:
    """How the reader's states differ from REST's, once nothing happens any more."""
    for broken in run.query("SELECT id, '{}' FROM feed_fixture WHERE details::text = '7'"):
        run.restore(broken)
    run.supplier.send_signal(signal.SIGTERM)
    await asyncio.to_thread(run.supplier.wait, 20)
    deadline, differing = time.monotonic() + PATIENCE_SECONDS, list(reader.known)
    failures: list[str] = []
    while differing and time.monotonic() < deadline:
        await asyncio.sleep(5)
        failures = [words for number in differing for words in await differences(run, reader, number)]
        differing = [number for number in differing if any(f" {number}: " in words for words in failures)]
    reader.record.compared = len(reader.known)
    return failures if reader.states else ["The program that reads everything is not current in the end.", *failures]


async def differences(run: Run, reader: Program, number: int) -> list[str]:
    """What of REST's state does not fit its schema, and which of its members the reader has otherwise."""
    answer = await asyncio.to_thread(run.state, number)
    state = reader.known.get(number, {})
    odd = [error.message[:300] for error in schema_validator("State").iter_errors(answer)]
    others = [f"{key} differs from REST" for key in answer if answer[key] != state.get(key)]
    return [f"Fixture {number}: {words}" for words in [*odd, *others]]


@contextmanager
def running(record: Record) -> Iterator[Run]:
    package = secrets.randbelow(10**8) + 10**8
    with ExitStack() as stack:
        database = stack.enter_context(new_postgresql())
        stack.callback(remove_queues, package)
        prefix = f"long-{secrets.token_hex(4)}"
        made = stack.enter_context(desk(DATABASE_URL=database, REDIS_URL=REDIS_URL, REDIS_PREFIX=prefix))
        yield Run(made, database, package, record)


def remove_queues(package: int) -> None:
    with pika.BlockingConnection(pika.URLParameters(AMQP_URL)) as connection:
        for feed in FEEDS:
            connection.channel().queue_delete(f"{feed}_{package}_")


def main() -> None:
    parser = argparse.ArgumentParser(description="Hold the stream to its schema while much happens to it.")
    parser.add_argument("--minutes", type=float, default=10)
    minutes, record = parser.parse_args().minutes, Record()
    with running(record) as run:
        failures = asyncio.run(follow(run, minutes, record))
    lines = [f"{kind:20}{count:>8}" for kind, count in record.kinds.most_common()]
    lines.append(f"{sum(record.kinds.values())} messages, {record.conflated} changes conflated")
    lines.append(f"the web process ended {record.restarts} times, programs resumed {record.resumed} times")
    lines.append(f"{record.broken} rows broken, {record.compared} states beside REST's in the end")
    lines.append(f"{len(record.violations)} violations; never came: {', '.join(record.missing) or 'none'}")
    sys.stdout.write("\n".join([*lines, *[*record.violations, *failures][:SHOWN]]) + "\n")
    sys.exit(bool(record.violations or failures or record.missing))


if __name__ == "__main__":
    main()
