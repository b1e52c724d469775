"""Floods: more requests and more topics at once than any well-meaning user sends, while the others carry on."""

import asyncio
import html
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from bench import greedy
from bench.greedy_senders import be_greedy

from .report import Findings
from .target import DATABASE_CONNECTIONS, WEB_PROCESSES, Target

AT_ONCE, REQUESTS, FEW_REQUESTS = 200, 10_000, 600
#: The requests come from this many loopback addresses: a single one would be held back for all of them.
SOURCES = [f"127.0.1.{number}" for number in range(1, 21)]
#: The consumer's connections: three, and two for its queue, one of those only while it recovers (docs/operations.md).
OF_CONSUMER = 5
PATHS = (
    "/healthz",
    "/",
    "/fixtures/7/",
    "/api/v1/fixtures/",
    "/sign_in/",
    "/nowhere/",
    "/metrics",
    "/movers/",
    "/attention/",
    "/admin/",
)
#: Busy (503) is a proper answer; these are not.
FAILURES = frozenset({500, 502, 504})
MOST_MB = 100.0
CURRENT_MS = 5000
SHORT_PHASES = {"QUIET_SECONDS": 3.0, "GREEDY_SECONDS": 5.0, "AFTER_SECONDS": 6.0}


def run(target: Target, short: bool) -> Findings:
    findings = Findings("floods")
    requests(target, findings, FEW_REQUESTS if short else REQUESTS)
    if short:
        topics(target, findings)
    else:
        for row in greedy.run():
            figures = (
                f"{row['ours']} {row['unit']}, before {row['reference']}, ratio {row['ratio']}, goal {row['goal']}"
            )
            findings.check("one greedy sender and the others, for a minute", row["what"], row["holds"], figures)
    return findings


def requests(target: Target, findings: Findings, number: int) -> None:
    before = target.memory_mb()
    with watched_connections(target) as most:
        statuses, seconds = asyncio.run(flood(target, number))
    for status, count in statuses.items():
        for _ in range(count):
            findings.check(f"{AT_ONCE} requests at once: none fails", f"status {status}", status not in FAILURES)
    allowed = WEB_PROCESSES * DATABASE_CONNECTIONS + OF_CONSUMER
    holds = 0 < most[0] <= allowed
    findings.check("connections at PostgreSQL as set", f"{number:,} requests", holds, f"{most[0]} of {allowed}")
    more = target.memory_mb() - before
    findings.check(f"memory after it: under {MOST_MB:g} MB more", f"{number:,} requests", more < MOST_MB, f"{more:.0f}")
    findings.measure("connections at most", most[0])
    findings.measure("requests/s", number / seconds)
    findings.measure("of them answered 503 (busy)", statuses[503])
    findings.measure("memory after, MB more", more)


async def flood(target: Target, number: int) -> tuple[Counter[int], float]:
    """Statuses of `number` requests, `AT_ONCE` under way at any time; 0 for one that got no answer."""
    statuses: Counter[int] = Counter()
    places = iter(range(number))
    cookies = target.cookies("root")

    async def sender(source: str) -> None:
        transport = httpx.AsyncHTTPTransport(local_address=source)
        async with httpx.AsyncClient(transport=transport, timeout=120) as client:
            for place in places:
                address = target.addresses[place % len(target.addresses)]
                headers = {"Cookie": cookies} if place % 2 else {}
                try:
                    answer = await client.get(address + PATHS[place % len(PATHS)], headers=headers)
                except httpx.TransportError:
                    statuses[0] += 1
                else:
                    statuses[answer.status_code] += 1

    began = time.monotonic()
    await asyncio.gather(*(sender(SOURCES[place % len(SOURCES)]) for place in range(AT_ONCE)))
    return statuses, time.monotonic() - began


@contextmanager
def watched_connections(target: Target) -> Iterator[list[int]]:
    """A list whose only number is the most connections that the database has had so far."""
    most, ended = [0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.2):
            most[0] = max(most[0], target.connections())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        ended.set()
        thread.join()


def topics(target: Target, findings: Findings) -> None:
    """The benchmark's greedy trader for a few seconds: too short for a p99, long enough to see that others carry on."""
    with running_scores(target):
        numbers = asyncio.run(follow(target))
    after, before = numbers["after"], numbers["before"]
    what = "one greedy trader: the others go on"
    findings.check(what, "frames after they have left", after["frames"] > 0, after)
    findings.check(
        what, "age of the others' state after that", after["oldest_read"] <= CURRENT_MS, after["oldest_read"]
    )
    findings.check(what, "sockets that were closed", not after["closed"], after["closed"])
    more = after["memory"] - before["memory"]
    findings.check(what, "memory", more < MOST_MB, f"{more:.0f} MB more")
    for phase in ("before", "meanwhile", "after"):
        findings.measure(f"p99 from receipt to frame, {phase}, ms", numbers[phase]["p99"])


async def follow(target: Target) -> dict[str, dict[str, float]]:
    """What followers of fixture 7 see before, while and after somebody is greedy."""
    url = target.addresses[0].replace("http", "ws", 1) + "/ws/v1/pages/"
    others = {"Cookie": target.cookies("operator"), "Origin": target.addresses[0]}
    greedy_headers = others | {"Cookie": target.cookies("trader")}
    with target.client() as client:
        page = target.ask(client, "operator", "GET", "/fixtures/7/").text
    versions = {html.unescape(name): html.unescape(version) for name, version in greedy.TOPIC.findall(page)}
    followers = [greedy.Follower() for _ in range(2)]
    tasks = [asyncio.create_task(follower.follow(url, others, versions)) for follower in followers]
    numbers = {}
    await asyncio.sleep(1)
    numbers["before"] = await greedy.phase(followers, SHORT_PHASES["QUIET_SECONDS"], target.webs[0].pid)
    greedy_ones = [asyncio.create_task(be_greedy(url, greedy_headers, place)) for place in range(6)]
    numbers["meanwhile"] = await greedy.phase(followers, SHORT_PHASES["GREEDY_SECONDS"], target.webs[0].pid)
    for task in greedy_ones:
        task.cancel()
    await asyncio.gather(*greedy_ones, return_exceptions=True)
    await asyncio.sleep(CURRENT_MS / 1000)
    numbers["after"] = await greedy.phase(followers, SHORT_PHASES["AFTER_SECONDS"], target.webs[0].pid)
    numbers["after"]["closed"] = sum(follower.closed for follower in followers)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return numbers


@contextmanager
def running_scores(target: Target) -> Iterator[None]:
    """Ten scores a second of fixture 7, through the queue."""
    ended = threading.Event()

    def play() -> None:
        number = 0
        while not ended.wait(0.1):
            number += 1
            target.feed.score(7, number, 0)

    thread = threading.Thread(target=play)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
