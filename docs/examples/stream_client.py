"""Follow a desk's stream and keep its states, through cuts and restarts. Needs `pip install websockets`.

    DESK_TOKEN=... python stream_client.py wss://desk.example.com/ws/v1/stream --sports 6046

Prints each change; `Follower` is what to take into a program of your own.
"""

import argparse
import asyncio
import json
import os
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

BY_ID = {"markets", "providers", "bets"}
NEVER_AGAIN = {4400, 4401, 4429}  # not understood, token not valid, too much said


def merged(state: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """The state after the change: merged by id under BY_ID, replaced elsewhere."""
    after = {**state, **change}
    for key in BY_ID & change.keys() & state.keys():
        mine = state[key]
        after[key] = {**mine, **{pk: merged(mine.get(pk, {}), each) for pk, each in change[key].items()}}
    return after


class Follower:
    """The states of what is followed, by fixture id. `told` is called with each message once it is taken in."""

    def __init__(
        self, url: str, token: str, told: Callable[[dict[str, Any]], None] = lambda message: None, **asked: Any
    ) -> None:
        self.url = url
        self.token = token
        self.told = told
        self.asked = asked
        self.states: dict[int, dict[str, Any]] = {}
        self.view = ""
        self.is_current = False
        self.suspended: set[int] = set()
        self.away = 0.0
        self.reason = ""

    async def run(self) -> None:
        """For ever; ConnectionClosed where coming back would not help."""
        while True:
            try:
                await self.follow()
            except (OSError, TimeoutError, InvalidHandshake):
                pass  # nobody answers there just now, or not the desk
            except ConnectionClosed as closed:
                if closed.rcvd is not None and closed.rcvd.code in NEVER_AGAIN:
                    raise
            self.is_current = False
            await asyncio.sleep(self.away or random.uniform(0.2, 1.0))
            self.away = 0.0

    async def follow(self) -> None:
        """One connection, until it ends."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with connect(self.url, additional_headers=headers, max_size=None, open_timeout=5) as socket:
            await say(socket, op="subscribe", **self.asked, **self.since())
            while True:
                async with asyncio.timeout(15):  # a heartbeat comes each 5 s
                    message = json.loads(await socket.recv())
                self.take(message)
                if "n" in message:
                    await say(socket, op="ack", n=message["n"])
                self.told(message)

    def since(self) -> dict[str, Any]:
        """What there is from before, to be told only what changed."""
        if not self.view:
            return {}
        return {"since": {"view": self.view, "fixtures": {pk: state["revision"] for pk, state in self.states.items()}}}

    def take(self, message: dict[str, Any]) -> None:
        """Take one message in."""
        kind = message["type"]
        if kind == "snapshot":
            self.states.update((state["id"], state) for state in message["fixtures"])
        elif kind == "changes":
            for change in message["changes"]:
                told = {key: value for key, value in change.items() if key not in ("since", "conflated")}
                self.states[change["id"]] = merged(self.states[change["id"]], told)
        elif kind in ("gone", "unreadable"):
            for pk in message["fixtures"]:
                self.states.pop(pk, None)
        elif kind == "snapshot_required":
            for pk in message["fixtures"] or list(self.states):
                self.states.pop(pk, None)
        elif kind == "selection":
            self.view, self.is_current = message["view"], False
        elif kind in ("current", "heartbeat"):
            self.is_current = message.get("current", True)
        elif kind == "feed":
            self.suspended = {source["id"] for source in message["sources"] if source["suspended"]}
        elif kind == "error":
            self.reason = message["words"]
        elif kind == "restart":
            self.away = message["in_seconds"]

    def may_be_traded(self, bet: dict[str, Any]) -> bool:
        """Whether a bet's price counts: it is open, its source is up, and we are current."""
        return self.is_current and bet["status"] == 1 and bet["source"] not in self.suspended


async def say(socket: ClientConnection, **said: Any) -> None:
    """Where the desk has closed already, what it said before is still to be read."""
    with suppress(ConnectionClosed):
        await socket.send(json.dumps(said))


def line(message: dict[str, Any]) -> str:
    """A message in a line, for a person."""
    if message["type"] == "changes":
        parts = [f"{each['id']} at {each['revision']}: {', '.join(parts_of(each))}" for each in message["changes"]]
        return "\n".join(parts)
    return json.dumps(
        {key: value for key, value in message.items() if key != "fixtures" or message["type"] != "snapshot"}
    )


def parts_of(change: dict[str, Any]) -> list[str]:
    return [key for key in change if key not in ("id", "revision", "since", "conflated", "at")]


def main() -> None:
    parser = argparse.ArgumentParser(description="Follow a Livescore Desk. The token is read from DESK_TOKEN.")
    parser.add_argument("url", help="as in wss://desk.example.com/ws/v1/stream")
    for name in ("fixtures", "leagues", "sports", "markets"):
        parser.add_argument(f"--{name}", type=int, nargs="+", metavar="ID")
    parser.add_argument("--contents", choices=("all", "scores", "prices"), default="all")
    options = vars(parser.parse_args())
    token = os.environ.get("DESK_TOKEN") or parser.error("set DESK_TOKEN to your token")
    asked = {name: value for name, value in options.items() if name != "url" and value is not None}
    follower = Follower(options["url"], str(token), lambda message: print(line(message), flush=True), **asked)
    try:
        asyncio.run(follower.run())
    except ConnectionClosed as closed:
        parser.exit(1, f"The desk ended the connection: {follower.reason or closed}\n")
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
