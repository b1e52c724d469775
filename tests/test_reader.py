"""Readings have a deadline, are cancelled at the database, and do not pile up; a process that is to end ends."""

import asyncio
import subprocess
import sys
import threading
import time
from typing import Any

import pytest
from django.db import connection

from exam.processes import ROOT
from feed.live.hub import reader as readers
from feed.live.hub.reader import MOST_HANGING, Reader

pytestmark = pytest.mark.django_db(transaction=True)
ENDLESS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(60)",
}


def run_endless() -> None:
    with connection.cursor() as cursor:
        cursor.execute(ENDLESS[connection.vendor])


async def ended(threads: list[Any]) -> None:
    async with asyncio.timeout(5):
        while any(thread.is_alive() for thread in threads):
            await asyncio.sleep(0.01)


async def test_a_query_that_takes_too_long_is_cancelled_at_the_database(
    either_database: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(readers, "READ_SECONDS", 0.3)
    reader = Reader()
    with pytest.raises(TimeoutError):
        await reader.read(run_endless)
    await ended(reader.hanging)
    assert await reader.read(lambda: "an answer") == "an answer"
    reader.close()


async def test_threads_that_hang_do_not_pile_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(readers, "READ_SECONDS", 0.05)
    reader, let_go = Reader(), threading.Event()
    for _ in range(MOST_HANGING + 3):
        with pytest.raises(TimeoutError):
            await reader.read(let_go.wait, 10)
    assert len(reader.hanging) == MOST_HANGING
    let_go.set()
    await ended(reader.hanging)
    assert await reader.read(lambda: "an answer") == "an answer"
    reader.close()


HANGING = """
import asyncio, os, signal, threading, time
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django; django.setup()
from feed.live import running
from feed.live.hub.hub import Hub
running.DRAIN_SECONDS = 1.0

async def main():
    hub = Hub()
    signal.signal(signal.SIGTERM, lambda *args: None)  # a server that waits for its threads forever
    running.say_goodbye_on_sigterm(hub, asyncio.get_running_loop())
    asyncio.create_task(hub.quick.reader.read(time.sleep, 60))
    threading.Thread(target=time.sleep, args=[60]).start()
    print("ready", flush=True)
    {block}

asyncio.run(main())
"""


@pytest.mark.parametrize("block", ["await asyncio.sleep(60)", "time.sleep(60)"], ids=["threads hang", "the loop hangs"])
def test_a_process_ends_after_its_drain_time_whatever_hangs(block: str):
    command = [sys.executable, "-c", HANGING.replace("{block}", block)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    begun = time.monotonic()
    process.terminate()
    assert process.wait(15) == 1
    assert time.monotonic() - begun < 8
    process.stdout.close()
