"""Those who send all that they can, in a process of their own: `python -m bench.greedy_senders KIND SECONDS`.

The process reads on its standard input, as JSON, the desk's `address` and, of a trader or a program, the `headers`.
Each kind stays one user, one token or one address, so that the desk can hold it back.
"""

import asyncio
import json
import os
import secrets
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import websockets

#: As many as one user may have (SOCKETS_PER_USER).
SOCKETS = 100
#: What one page may ask for, and what it may not.
SEARCHES, TOO_MANY = 25, 1000
#: Requests of a token or of an address that are under way at any time.
AT_ONCE = 8
#: An address of loopback that is nobody's proxy.
STRANGER = "127.0.5.1"
#: What costs the desk most of what each may ask for. `{}` is another number each time.
PROGRAMS_PATHS = (
    "/api/v1/fixtures/",
    "/api/v1/changes/",
    "/api/v1/competitions/",
    "/api/v1/fixtures/{}/",
    "/api/v1/fixtures/{}/?at=2026-01-01T00:00:00Z",
)
TRADERS_PATHS = ("/?q={}", "/?show=all", "/fixtures/{}/", "/movers/", "/attention/", "/health/")
STRANGERS_PATHS = (
    "/sign_in/",
    "/?q={}",
    "/fixtures/{}/",
    "/healthz",
    "/metrics",
    "/nowhere/{}",
    "/api/v1/fixtures/{}/",
)

Headers = dict[str, str]
#: Sends from one place for ever; the number says which of its kind it is.
Sender = Callable[[str, Headers, int], Coroutine[Any, Any, None]]


async def be_greedy(url: str, headers: Headers, place: int) -> None:
    """One of a trader's sockets, opened again whenever it is closed."""
    while True:
        try:
            async with websockets.connect(url, additional_headers=headers, max_size=None, ping_interval=None) as socket:
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


async def sockets(address: str, headers: Headers, place: int) -> None:
    await be_greedy(page_sockets(address), headers, place)


async def stream(address: str, headers: Headers, place: int) -> None:
    """A token's stream: subscribe to everything, read the beginning of it, and come again."""
    url = address.replace("http", "ws", 1) + "/ws/v1/stream"
    while True:
        try:
            async with websockets.connect(url, additional_headers=headers, max_size=None, ping_interval=None) as socket:
                await socket.send(json.dumps({"op": "subscribe"}))
                for _ in range(10):
                    await asyncio.wait_for(socket.recv(), 1)
        except (OSError, TimeoutError, websockets.WebSocketException):
            await asyncio.sleep(0.05)


async def requests(address: str, headers: Headers, place: int) -> None:
    """A token's requests."""
    if place < AT_ONCE:
        await ask(address, headers, PROGRAMS_PATHS, "127.0.0.1")
    await asyncio.Event().wait()


async def pages(address: str, headers: Headers, place: int) -> None:
    """A trader's pages."""
    if place < AT_ONCE:
        await ask(address, headers, TRADERS_PATHS, "127.0.0.1")
    await asyncio.Event().wait()


async def stranger(address: str, headers: Headers, place: int) -> None:
    """Nobody who is signed in, from one address: sockets that are refused, or requests."""
    if place < SOCKETS - AT_ONCE:
        while True:
            try:
                async with websockets.connect(page_sockets(address), local_addr=(STRANGER, 0)) as socket:
                    await socket.recv()
            except (OSError, websockets.WebSocketException):
                await asyncio.sleep(0.2)
    else:
        await ask(address, headers, STRANGERS_PATHS, STRANGER)


async def once(address: str, headers: Headers, paths: tuple[str, ...]) -> None:
    """Each path as often as requests are under way later: what is loaded and opened once is there before."""

    async def open_all() -> None:
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=30) as client:
            for path in paths:
                await client.get(path.format(secrets.randbelow(2000)))

    await asyncio.gather(*(open_all() for _ in range(AT_ONCE)))


async def ask(address: str, headers: Headers, paths: tuple[str, ...], source: str) -> None:
    """One request after the other, each of another row or search, whatever the answers are."""
    transport = httpx.AsyncHTTPTransport(local_address=source)
    async with httpx.AsyncClient(base_url=address, headers=headers, transport=transport, timeout=30) as client:
        while True:
            for path in paths:
                try:
                    await client.get(path.format(secrets.randbelow(2000)))
                except httpx.TransportError:
                    await asyncio.sleep(0.05)


def page_sockets(address: str) -> str:
    return address.replace("http", "ws", 1) + "/ws/v1/pages/"


SENDERS: dict[str, Sender] = {
    "sockets": sockets,
    "pages": pages,
    "stream": stream,
    "requests": requests,
    "stranger": stranger,
}


async def send(kind: str, seconds: float, address: str, headers: Headers) -> None:
    senders = [asyncio.create_task(SENDERS[kind](address, headers, place)) for place in range(SOCKETS)]
    done, pending = await asyncio.wait(senders, timeout=seconds)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:  # none ends by itself: one that did has failed
        task.result()


def main(kind: str, seconds: str) -> None:
    os.nice(10)  # what is measured is what the desk does with it, not what the sender takes of the machine
    given: dict[str, Any] = json.load(sys.stdin)
    asyncio.run(send(kind, float(seconds), given["address"], given["headers"]))


if __name__ == "__main__":
    main(*sys.argv[1:])
