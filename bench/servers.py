"""uvicorn beside Daphne, the default: what each costs for a frame and a page, and holds for a socket, read or not.

Both serve the same desk at once, as in `live`; the sockets are at one of them, and at the other in the next round.
"""

import time
from contextlib import ExitStack
from statistics import median
from typing import Any

import httpx

from .live_desk import LiveDesk, live_desk
from .live_sides import Sides, Sizes, quantile, say
from .side_by_side import row
from .worker import Worker

SIZES = Sizes(sockets=300, rounds=4, round_seconds=4.0, stalled=30)
#: The reference stands last.
SERVERS = ("uvicorn", "daphne")
GETS = 40
MOST_STALLED_MB = 1.0


def run(sizes: Sizes = SIZES) -> list[dict[str, Any]]:
    with live_desk(max(sizes.fixtures, sizes.in_play)) as desk, ExitStack() as stack:
        sides = {server: side(stack, sizes, desk, server) for server in SERVERS}
        for one in sides.values():
            one.warm_up()
        held = {server: of_socket(one) for server, one in sides.items()}
        cpu, late = frames(sides, sizes.rounds)
        pages = {server: page_cost(one) for server, one in sides.items()}
        stalled = {server: of_stalled(one) for server, one in sides.items()}
    return [
        beside(f"uvicorn: server CPU for a frame, {sizes.sockets} sockets", "us", cpu),
        beside("uvicorn: p99 from receipt to the socket", "ms", late),
        beside("uvicorn: server CPU for a board", "ms", pages),
        beside("uvicorn: memory of a socket", "kB", held),
        beside("uvicorn: memory of a stalled socket", "kB", stalled),
    ]


def side(stack: ExitStack, sizes: Sizes, desk: LiveDesk, server: str) -> Sides:
    """A web process of this server, and a process of its own for its sockets."""
    web = stack.enter_context(desk.served(server))
    return Sides(sizes, desk, web, stack.enter_context(Worker("live_sockets")))


def beside(what: str, unit: str, figures: dict[str, float]) -> dict[str, Any]:
    ours, reference = (figures[server] for server in SERVERS)
    return row(what, unit, ours, reference, ours / reference if reference else None)


def frames(sides: dict[str, Sides], rounds: int) -> tuple[dict[str, float], dict[str, float]]:
    """CPU for a delivered frame, the median of the rounds, and the p99 of all of them. Who begins changes."""
    costs: dict[str, list[float]] = {server: [] for server in sides}
    took: dict[str, list[float]] = {server: [] for server in sides}
    for number in range(rounds):
        for server in SERVERS if number % 2 else reversed(SERVERS):
            own = sides[server]
            with own.pages(own.sizes.sockets):
                counted = own.play("scores", own.sizes.round_turn, own.sizes.round_seconds)
            costs[server].append(counted["cpu_seconds"] / counted["frames"] * 1e6)
            took[server] += counted["milliseconds"]
            say(f"{server}: {costs[server][-1]:.0f} us, lost {counted['lost']}, behind {counted['behind']}")
    late = {server: quantile(own, 0.99) for server, own in took.items()}
    return {server: median(own) for server, own in costs.items()}, late


def page_cost(own: Sides) -> float:
    """ms of the process for a board."""
    headers = {"Cookie": own.desk.cookie}
    with httpx.Client(base_url=own.web.address, headers=headers, trust_env=False) as client:
        client.get("/").raise_for_status()
        before = own.web.cpu_seconds()
        for _ in range(GETS):
            client.get("/").raise_for_status()
    return (own.web.cpu_seconds() - before) / GETS * 1000


def of_socket(own: Sides) -> float:
    """kB of a socket that watches and is sent nothing."""
    before = own.web.megabytes()
    with own.pages(own.sizes.sockets):
        time.sleep(own.sizes.settle_seconds)
        return (own.web.megabytes() - before) / own.sizes.sockets * 1024


def of_stalled(own: Sides) -> float:
    """kB that the process gains for each of the sockets that neither read nor acknowledge, while others do."""
    heavy, sizes = own.sizes.stalled, own.sizes
    with own.pages(heavy, [own.rows("")]), own.pages(sizes.sockets - heavy):
        own.play("scores", sizes.round_turn, sizes.round_seconds)
        before = own.web.megabytes()
        own.sockets.ask("stall", count=heavy)
        own.play("scores", sizes.round_turn, sizes.round_seconds)
        held = (own.web.megabytes() - before) / heavy * 1024
        own.sockets.ask("wake")
        time.sleep(sizes.settle_seconds)
    return held
