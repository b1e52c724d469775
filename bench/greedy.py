"""One against the others: what a sender of all that is allowed, and more, costs the pages that follow a board.

A consumer stores 100 messages/s; five pages of one trader follow a board. Five greedy senders (`greedy_senders.py`)
come one after the other, for a minute each:

* another trader opens as many sockets as are allowed; some ask for as many searches as are allowed, some for a
  thousand, and some for new rows with each message;
* the same trader asks for pages;
* a program's token opens its stream again and again;
* the same token asks over REST;
* a stranger's address asks for pages and sockets.

The ms from the receipt of a message to its frame, and the web process' memory, are compared with the 20 s before.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx
import websockets

from exam.processes import sign_in
from tests.board_load import PASSWORD, Load, running_load

from .greedy_senders import PROGRAMS_PATHS, TRADERS_PATHS, once
from .scratch import new_postgresql
from .side_by_side import row

AMQP_URL = os.environ.get("AMQP_TEST_URL", "amqp://guest:guest@127.0.0.1:5672/%2F")
REDIS_URL = os.environ.get("REDIS_TEST_URL", "redis://127.0.0.1:6379/15")

RATE = 100
PAGES = 5
QUIET_SECONDS, GREEDY_SECONDS, AFTER_SECONDS = 20.0, 60.0, 20.0
GREEDY = "greedy"
MADE_BY = (
    "from django.utils import timezone; from feed.models import SubscriberToken; "
    "made = SubscriberToken(name='greedy', made_at=timezone.now()); print(made.new_secret()); made.save()"
)
#: What was measured, by kind of sender and phase.
Numbers = dict[str, dict[str, dict[str, float]]]
TOPIC = re.compile(r'data-topic="([^"]+)"[^>]*? data-version="([^"]*)"')


class Follower:
    """A page that follows its board: ms from receipt and commit to each frame, and its state's age at heartbeats."""

    def __init__(self) -> None:
        self.milliseconds: list[float] = []
        self.pushing: list[float] = []
        self.ages: list[float] = []
        self.closed = 0

    def start_anew(self) -> None:
        self.milliseconds, self.pushing, self.ages = [], [], []

    async def follow(self, url: str, headers: dict[str, str], topics: dict[str, str]) -> None:
        async with websockets.connect(url, additional_headers=headers, max_size=None) as socket:
            await socket.send(json.dumps({"watch": topics}))
            frames = 0
            async for text in socket:
                message = json.loads(text)
                if "content" in message:
                    frames += 1
                    await socket.send(json.dumps({"ack": frames}))
                    if message["at"][2] is not None:
                        self.milliseconds.append(time.time() * 1000 - message["at"][1])
                        self.pushing.append(time.time() * 1000 - message["at"][2])
                elif "read" in message:
                    self.ages.append(message["now"] - message["read"])
        self.closed += 1


def cookies(values: Any, address: str) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in dict(values).items()), "Origin": address}


def memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


async def measure(load: Load, page: str, pid: int, senders: dict[str, dict[str, str]]) -> Numbers:
    """For each kind of sender, what the others see before, meanwhile and after."""
    url = load.address.replace("http", "ws") + "/ws/v1/pages/"
    topics = {name: version for name, version in TOPIC.findall(page) if version}
    followers = [Follower() for _ in range(PAGES)]
    tasks = [
        asyncio.create_task(follower.follow(url, cookies(load.cookies, load.address), topics)) for follower in followers
    ]
    for kind, paths in (("pages", TRADERS_PATHS), ("requests", PROGRAMS_PATHS)):
        await once(load.address, senders[kind], paths)
    await asyncio.sleep(15)
    numbers: Numbers = {}
    for kind, its_headers in senders.items():
        numbers[kind] = {"before": await phase(followers, QUIET_SECONDS, pid)}
        command = [sys.executable, "-m", "bench.greedy_senders", kind, str(GREEDY_SECONDS)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, text=True) as sender:
            assert sender.stdin is not None
            sender.stdin.write(json.dumps({"address": load.address, "headers": its_headers}))
            sender.stdin.close()
            numbers[kind]["meanwhile"] = await phase(followers, GREEDY_SECONDS, pid)
            await asyncio.to_thread(sender.wait, 30)
        assert sender.returncode == 0, f"the {kind} failed"
        await asyncio.sleep(5)
        numbers[kind]["after"] = await phase(followers, AFTER_SECONDS, pid)
        numbers[kind]["after"]["closed"] = sum(follower.closed for follower in followers)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return numbers


async def phase(followers: list[Follower], seconds: float, pid: int) -> dict[str, float]:
    for follower in followers:
        follower.start_anew()
    await asyncio.sleep(seconds)
    milliseconds = [took for follower in followers for took in follower.milliseconds]
    ages = [age for follower in followers for age in follower.ages]
    percentiles = quantiles(milliseconds, n=100)
    pushing = quantiles([took for follower in followers for took in follower.pushing], n=100)
    return {
        "frames": len(milliseconds),
        "p50": percentiles[49],
        "p99": percentiles[98],
        "pushing_p50": pushing[49],
        "pushing_p99": pushing[98],
        "oldest_read": max(ages, default=float("inf")),
        "memory": memory_mb(pid),
    }


def run() -> list[dict[str, Any]]:
    with (
        new_postgresql() as database,
        running_load(database, REDIS_URL, AMQP_URL, rate=RATE, CALLER_PERCENT="25") as load,
    ):
        load.desk.run("shell", "-c", f"from tests.rows import make_trader; u = make_trader({GREEDY!r}); "
                      f"u.set_password({PASSWORD!r}); u.save()")  # fmt: skip
        token = load.desk.run("shell", "-c", MADE_BY).strip().splitlines()[-1]
        trader = cookies(sign_in(load.address, GREEDY, PASSWORD), load.address)
        senders: dict[str, dict[str, str]] = {
            "sockets": trader,
            "pages": trader,
            "stream": {"Authorization": f"Bearer {token}"},
            "requests": {"Authorization": f"Bearer {token}"},
            "stranger": {},
        }
        web = load.desk.started[-1]
        page = httpx.get(f"{load.address}/?show=in_play", cookies=load.cookies).text
        numbers = asyncio.run(measure(load, page, web.pid, senders))
        web.terminate()
        begun = time.monotonic()
        web.wait(15)
        seconds = time.monotonic() - begun
    found = [line for kind, phases in numbers.items() for line in rows(kind, phases)]
    return [*found, row("end after SIGTERM", "s", seconds, goal="<= 10", holds=seconds <= 10)]


def rows(kind: str, phases: dict[str, dict[str, float]]) -> list[dict[str, Any]]:
    before, meanwhile, after = (phases[name] for name in ("before", "meanwhile", "after"))
    slower, memory = meanwhile["p99"] / before["p99"], after["memory"] / before["memory"]
    pushing = meanwhile["pushing_p99"] / before["pushing_p99"]
    oldest, closed = max(meanwhile["oldest_read"], after["oldest_read"]), after["closed"]
    ms, mb = "ms", "MB"
    p99s, pushing_p99s = (meanwhile["p99"], before["p99"]), (meanwhile["pushing_p99"], before["pushing_p99"])
    memories = after["memory"], before["memory"]
    return [
        row(f"{kind}: others' p99 from receipt to frame", ms, *p99s, slower, "<= 1.5", slower <= 1.5),
        row(f"{kind}: others' p99 from commit to frame", ms, *pushing_p99s, pushing, "<= 1.5", pushing <= 1.5),
        row(f"{kind}: others' oldest state at a heartbeat", ms, oldest, goal="<= 5000", holds=oldest <= 5000),
        row(f"{kind}: memory of the web process after", mb, *memories, memory, "<= 1.1", memory <= 1.1),
        row(f"{kind}: others' sockets that were closed", "", closed, goal="0", holds=not closed) | phases,
    ]
