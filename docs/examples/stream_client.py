"""Follow a desk's stream and keep its states, through cuts and restarts. Needs `pip install websockets`.

    DESK_TOKEN=... python stream_client.py wss://desk.example.com/ws/v1/stream --sports 6046

Prints each change; `Follower` is what to take into a program of your own. To have its types checked, make models
of the desk's description of the stream (/docs/asyncapi.yaml):

    datamodel-codegen --input asyncapi.yaml --output desk_models.py --output-model-type typing.TypedDict
"""

import argparse
import asyncio
import json
import os
import random
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

if TYPE_CHECKING:
    from desk_models import Bet, Change, FromDesk, State

BY_ID = {"markets", "providers", "bets"}
NEVER_AGAIN = {4400, 4401, 4429}  # not understood, token not valid, too much said
SILENCE_SECONDS = 10.5  # two heartbeats, of which one comes each 5 s, are missing


def merged(state: Any, change: Any) -> Any:
    """The state after the change: merged by id under BY_ID, replaced elsewhere."""
    after = {**state, **change}
    for key in BY_ID & change.keys() & state.keys():
        members = state[key]
        after[key] = {**members, **{pk: merged(members.get(pk, {}), member) for pk, member in change[key].items()}}
    return after


def changed(state: "State", change: "Change") -> "State":
    """The state after the change, which says besides from which revision it leads here."""
    parts = {key: value for key, value in change.items() if key not in ("since", "conflated")}
    return cast("State", merged(state, parts))


class Follower:
    """The states of what is followed, by fixture id, while they are current.

    `on_message` is called with each message once it is taken in.
    """

    def __init__(
        self, url: str, token: str, on_message: "Callable[[FromDesk], None]" = lambda message: None, **wanted: Any
    ) -> None:
        self.url = url
        self.token = token
        self.on_message = on_message
        self.wanted = wanted
        self.known: dict[int, State] = {}
        self.view = ""
        self.is_current = False
        self.suspended: set[int] = set()
        self.away = 0.0
        self.reason = ""

    @property
    def states(self) -> "dict[int, State]":
        """What may be used: nothing unless it is current. What is `known` serves to be sent only what changed since."""
        return self.known if self.is_current else {}

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
            try:
                await self.read(socket)
            finally:
                self.is_current = False  # before the closing handshake, for which a dead connection takes its time

    async def read(self, socket: ClientConnection) -> None:
        """Take what comes. TimeoutError where nothing does."""
        await say(socket, op="subscribe", **self.wanted, **self.since())
        while True:
            async with asyncio.timeout(SILENCE_SECONDS):
                message: FromDesk = json.loads(await socket.recv())
            self.take(message)
            if "n" in message:
                await say(socket, op="ack", n=message["n"])
            self.on_message(message)

    def since(self) -> dict[str, Any]:
        """What there is from before, to be told only what changed."""
        if not self.view:
            return {}
        fixtures = {pk: state["revision"] for pk, state in self.known.items()}
        vouching = {pk: state["vouching"] for pk, state in self.known.items() if "vouching" in state}
        return {"since": {"view": self.view, "fixtures": fixtures, "vouching": vouching}}

    def take(self, message: "FromDesk") -> None:
        """Take one message in."""
        if message["type"] == "snapshot":
            self.known.update((state["id"], state) for state in message["fixtures"])
        elif message["type"] == "changes":
            for change in message["changes"]:
                self.known[change["id"]] = changed(self.known[change["id"]], change)
        elif message["type"] == "gone" or message["type"] == "unreadable":
            for pk in message["fixtures"]:
                self.known.pop(pk, None)
        elif message["type"] == "snapshot_required":
            for pk in message["fixtures"] or list(self.known):
                self.known.pop(pk, None)
        elif message["type"] == "selection":
            self.view, self.is_current = message["view"], False
        elif message["type"] == "current":
            self.is_current = True
        elif message["type"] == "heartbeat":
            self.is_current = message["current"]
        elif message["type"] == "feed":
            self.suspended = {source["id"] for source in message["sources"] if source["suspended"]}
        elif message["type"] == "error":
            self.reason = message["words"]
        elif message["type"] == "restart":
            self.away = message["in_seconds"]

    def may_be_traded(self, bet: "Bet") -> bool:
        """Whether a bet's price counts: it is open, its source is up, and we are current."""
        return self.is_current and bet["open"] and bet["source"] not in self.suspended


async def say(socket: ClientConnection, **message: Any) -> None:
    """Where the desk has closed already, what it said before is still to be read."""
    with suppress(ConnectionClosed):
        await socket.send(json.dumps(message))


def line(message: "FromDesk") -> str:
    """A message in a line, for a person."""
    if message["type"] == "changes":
        parts = [
            f"{change['id']} at {change['revision']}: {', '.join(parts_of(change))}" for change in message["changes"]
        ]
        return "\n".join(parts)
    return json.dumps(
        {key: value for key, value in message.items() if key != "fixtures" or message["type"] != "snapshot"}
    )


def parts_of(change: "Change") -> list[str]:
    return [key for key in change if key not in ("id", "revision", "since", "conflated", "at", "vouching")]


def main() -> None:
    parser = argparse.ArgumentParser(description="Follow a Livescore Desk. The token is read from DESK_TOKEN.")
    parser.add_argument("url", help="as in wss://desk.example.com/ws/v1/stream")
    for name in ("fixtures", "leagues", "sports", "markets"):
        parser.add_argument(f"--{name}", type=int, nargs="+", metavar="ID")
    parser.add_argument("--contents", choices=("all", "scores", "prices"), default="all")
    options = vars(parser.parse_args())
    token = os.environ.get("DESK_TOKEN") or parser.error("set DESK_TOKEN to your token")
    wanted = {name: value for name, value in options.items() if name != "url" and value is not None}
    follower = Follower(options["url"], str(token), lambda message: print(line(message), flush=True), **wanted)
    try:
        asyncio.run(follower.run())
    except ConnectionClosed as closed:
        parser.exit(1, f"The desk ended the connection: {follower.reason or closed}\n")
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
