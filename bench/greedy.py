"""One user against the others: what a trader who sends all they can costs those who follow their board.

A consumer stores 100 messages/s; five pages of one trader follow a board. For a minute another trader opens as many
sockets as are allowed. Some of these ask for as many searches as are allowed, some for a thousand, and some for new
rows with each message. Compared are ms from the receipt of a message to its frame, and the memory of the web process.
"""

import asyncio
import json
import os
import re
import secrets
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx
import websockets

from exam.processes import sign_in
from tests.board_load import PASSWORD, Load, running_load

from .scratch import new_postgresql
from .side_by_side import row

AMQP_URL = os.environ.get("AMQP_TEST_URL", "amqp://guest:guest@127.0.0.1:5672/%2F")
REDIS_URL = os.environ.get("REDIS_TEST_URL", "redis://127.0.0.1:6379/15")

RATE = 100
PAGES, SOCKETS = 5, 30
QUIET_SECONDS, GREEDY_SECONDS, AFTER_SECONDS = 20.0, 60.0, 20.0
#: What one page may ask for, and what it may not.
SEARCHES, TOO_MANY = 25, 1000
GREEDY = "greedy"
TOPIC = re.compile(r'data-topic="([^"]+)"[^>]*? data-version="([^"]*)"')


class Follower:
    """A page that follows its board: ms from receipt and commit to each frame, and how old its state is at beats."""

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


async def be_greedy(url: str, headers: dict[str, str], place: int) -> None:
    """One of the greedy trader's sockets, opened again whenever it is closed."""
    while True:
        try:
            async with websockets.connect(url, additional_headers=headers, max_size=None) as socket:
                while True:
                    await socket.send(json.dumps({"watch": wanted(place)}))
                    await asyncio.sleep(0.5 if place % 3 else 0.01)
        except (OSError, websockets.WebSocketException):
            await asyncio.sleep(0.2)


def wanted(place: int) -> dict[str, str]:
    """As many searches as a page may follow, far too many, or rows that do not exist; new ones each time."""
    if place % 3 == 0:
        start = secrets.randbelow(10**12)
        return {f"row:{start + number}": "" for number in range(500)}
    number = SEARCHES if place % 3 == 1 else TOO_MANY
    return {f"board?q={secrets.token_hex(3)}": "" for _ in range(number)}


def cookies(values: Any, address: str) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in dict(values).items()), "Origin": address}


def memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


async def measure(load: Load, page: str, pid: int) -> dict[str, dict[str, float]]:
    url = load.address.replace("http", "ws") + "/ws/v1/pages/"
    topics = {name: version for name, version in TOPIC.findall(page) if version}
    followers = [Follower() for _ in range(PAGES)]
    headers = cookies(load.cookies, load.address)
    tasks = [asyncio.create_task(follower.follow(url, headers, topics)) for follower in followers]
    greedy_headers = cookies(sign_in(load.address, GREEDY, PASSWORD), load.address)
    await asyncio.sleep(5)
    numbers = {"before": await phase(followers, QUIET_SECONDS, pid)}
    greedy = [asyncio.create_task(be_greedy(url, greedy_headers, place)) for place in range(SOCKETS)]
    numbers["meanwhile"] = await phase(followers, GREEDY_SECONDS, pid)
    for task in greedy:
        task.cancel()
    await asyncio.gather(*greedy, return_exceptions=True)
    await asyncio.sleep(5)
    numbers["after"] = await phase(followers, AFTER_SECONDS, pid)
    numbers["after"]["closed"] = sum(follower.closed for follower in followers)
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
    with new_postgresql() as database, running_load(database, REDIS_URL, AMQP_URL, rate=RATE) as load:
        load.desk.run("shell", "-c", f"from tests.rows import make_trader; u = make_trader({GREEDY!r}); "
                      f"u.set_password({PASSWORD!r}); u.save()")  # fmt: skip
        web = load.desk.started[-1]
        page = httpx.get(f"{load.address}/?show=in_play", cookies=load.cookies).text
        numbers = asyncio.run(measure(load, page, web.pid))
        web.terminate()
        begun = time.monotonic()
        web.wait(15)
        numbers["end"] = {"seconds": time.monotonic() - begun}
    return rows(numbers)


def rows(numbers: dict[str, dict[str, float]]) -> list[dict[str, Any]]:
    before, meanwhile, after = (numbers[name] for name in ("before", "meanwhile", "after"))
    slower, memory = meanwhile["p99"] / before["p99"], after["memory"] / before["memory"]
    pushing = meanwhile["pushing_p99"] / before["pushing_p99"]
    closed, seconds = after["closed"], numbers["end"]["seconds"]
    oldest = max(meanwhile["oldest_read"], after["oldest_read"])
    ms, mb = "ms", "MB"
    p99s, pushing_p99s = (meanwhile["p99"], before["p99"]), (meanwhile["pushing_p99"], before["pushing_p99"])
    memories = after["memory"], before["memory"]
    return [
        row("others' p99 from receipt to frame", ms, *p99s, slower, "<= 1.5", slower <= 1.5),
        row("others' p99 from commit to frame", ms, *pushing_p99s, pushing, "<= 1.5", pushing <= 1.5),
        row("others' oldest read at a beat", ms, oldest, goal="<= 5000", holds=oldest <= 5000),
        row("memory of the web process after", mb, *memories, memory, "<= 1.1", memory <= 1.1),
        row("others' sockets that were closed", "", closed, goal="0", holds=not closed),
        row("end after SIGTERM", "s", seconds, goal="<= 10", holds=seconds <= 10) | numbers,
    ]
