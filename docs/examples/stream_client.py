"""Follow a desk's stream and keep its states, through cuts and restarts; by polling where websockets do not pass.

Needs `pip install websockets`.

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
from datetime import UTC, datetime
from http.client import HTTPException
from time import monotonic
from typing import TYPE_CHECKING, Any, cast
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

if TYPE_CHECKING:
    from desk_models import Bet, Change, FromDesk, State

BY_ID = {"markets", "providers", "bets"}
NEVER_AGAIN = {4400, 4401, 4429}  # not understood, token not valid, too much said
SILENCE_SECONDS = 9.0  # a heartbeat, of which one comes each 5 s, is missing, and the next is late
FIRST_SECONDS = 4.0  # a websocket that passes brings something by then
LASTING_SECONDS = 30.0  # one that breaks sooner, twice in a row, was cut by something in between
POLL_SECONDS = 2.0
FIRST_TRY_SECONDS, LAST_TRY_SECONDS = 2.0, 300.0  # from one try of a websocket to the next, twice as long each time
BUSY, NO = {429, 503}, {400, 401, 403}  # answers to a poll: later; never


class Refused(Exception):
    """The desk does not let us poll."""


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
        self.began = 0.0  # when the websocket brought something for the first time
        self.breaks = 0
        self.cursor = ""
        self.is_polling = False
        self.answered = 0.0  # when a poll brought something
        self.try_after = FIRST_TRY_SECONDS

    @property
    def states(self) -> "dict[int, State]":
        """What may be used: nothing unless it is current. What is `known` serves to be sent only what changed since."""
        return self.known if self.is_current else {}

    async def run(self) -> None:
        """Runs for ever. Raises ConnectionClosed or Refused where reconnecting would not help."""
        while True:
            self.began, is_silent = 0.0, False
            try:
                await self.follow()
            except (OSError, InvalidHandshake) as error:
                is_silent = isinstance(error, TimeoutError)  # or nobody answers there just now, or not the desk
            except ConnectionClosed as closed:
                if closed.rcvd is not None and closed.rcvd.code in NEVER_AGAIN:
                    raise
            self.is_current = False
            if not self.away and self.was_cut(is_silent):
                await self.poll(try_after=0.0 if is_silent and self.began else self.try_after)
            await asyncio.sleep(self.away or random.uniform(0.2, 1.0))
            self.away = 0.0

    def was_cut(self, is_silent: bool) -> bool:
        """Whether websockets do not pass: the last brought nothing (any more), or two in a row broke within seconds."""
        has_lasted = self.began and monotonic() - self.began >= LASTING_SECONDS
        self.breaks = 0 if has_lasted else self.breaks + 1
        if has_lasted:
            self.try_after = FIRST_TRY_SECONDS
        return is_silent or not self.began or self.breaks > 1

    async def poll(self, try_after: float) -> None:
        """Ask for changes again and again, until a websocket passes, which is tried beside it, or nobody answers."""
        passing = asyncio.create_task(self.until_one_passes(try_after))
        try:
            while not passing.done():
                answer = await asyncio.to_thread(self.ask)
                self.is_polling = True
                self.take_polled(answer)
                await asyncio.wait({passing}, timeout=0 if answer.get("more") else POLL_SECONDS)
        except (OSError, ValueError, HTTPException):
            pass  # nobody answers there just now, or not the desk
        finally:
            if not self.is_polling:
                self.breaks = 0  # it was not websockets alone
            self.is_current = self.is_polling = False
            passing.cancel()
            await asyncio.wait({passing})

    async def until_one_passes(self, try_after: float) -> None:
        await asyncio.sleep(try_after)
        while not await self.passes():
            await asyncio.sleep(self.try_after)
            self.try_after = min(LAST_TRY_SECONDS, 2 * self.try_after)

    async def passes(self) -> bool:
        """Whether a websocket brings the desk's first words."""
        with suppress(OSError, InvalidHandshake, ConnectionClosed):
            async with self.connection() as socket, asyncio.timeout(FIRST_SECONDS):
                return bool(await socket.recv())
        return False

    def connection(self) -> connect:
        headers = {"Authorization": f"Bearer {self.token}"}
        return connect(self.url, additional_headers=headers, max_size=None, open_timeout=FIRST_SECONDS)

    def ask(self) -> dict[str, Any]:
        """One poll: what changed since the last. Empty where the desk is busy."""
        wanted: dict[str, Any] = {"contents": self.wanted.get("contents", "all"), "limit": 100}
        if self.wanted.get("markets"):
            wanted["markets"] = ",".join(map(str, self.wanted["markets"]))
        if self.cursor:
            wanted["since"] = self.cursor
        address = f"http{self.url.removeprefix('ws').rpartition('/ws/')[0]}/api/v1/changes/?{urlencode(wanted)}"
        request = Request(address, headers={"Authorization": f"Bearer {self.token}"})  # noqa: S310 - the desk's own
        try:
            with urlopen(request, timeout=5) as answer:  # noqa: S310
                return cast("dict[str, Any]", json.load(answer))
        except HTTPError as error:
            if error.code in NO:
                raise Refused(f"{error.code} {error.reason}") from error
            if error.code in BUSY:
                return {}
            raise

    def take_polled(self, answer: dict[str, Any]) -> None:
        """Take in what a poll brought, as messages of the stream would."""
        if not answer:
            self.is_current = self.is_current and monotonic() - self.answered < SILENCE_SECONDS
            return
        self.answered = monotonic()
        self.cursor = answer["since"]
        if answer["all"]:
            self.known, self.is_current = {}, False
        states = [state for state in answer["fixtures"] if self.wants(state)]
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        messages: list[Any] = [answer["feed"], {"type": "snapshot", "pushed_at": now, "fixtures": states, "n": 0}]
        for message in messages + ([] if answer["more"] else [{"type": "current", "view": self.view}]):
            self.take(message)
            self.on_message(message)

    def wants(self, state: "State") -> bool:
        """Whether a state is of what is followed: a poll tells of all that the token opens."""
        named = [(self.wanted.get("fixtures"), state["id"])]
        for name in ("league", "sport"):
            part = cast(Any, state)[name]
            named.append((self.wanted.get(f"{name}s"), part and part["id"]))
        matches = [pk in chosen for chosen, pk in named if chosen]
        return any(matches) or not matches

    async def follow(self) -> None:
        """One connection, until it ends."""
        async with self.connection() as socket:
            try:
                await self.read(socket)
            finally:
                self.is_current = False  # before the closing handshake, for which a dead connection takes its time

    async def read(self, socket: ClientConnection) -> None:
        """Take what comes. TimeoutError where nothing does."""
        await say(socket, op="subscribe", **self.wanted, **self.since())
        while True:
            async with asyncio.timeout(SILENCE_SECONDS if self.began else FIRST_SECONDS):
                message: FromDesk = json.loads(await socket.recv())
            self.began = self.began or monotonic()
            self.take(message)
            if "n" in message:
                await say(socket, op="ack", n=message["n"])
            self.on_message(message)

    def since(self) -> dict[str, Any]:
        """What is known from before, so that only what changed since is sent."""
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
    if message["type"] == "snapshot":
        return json.dumps(
            {"type": "snapshot", "fixtures": {state["id"]: state["revision"] for state in message["fixtures"]}}
        )
    return json.dumps(message)


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
    except (ConnectionClosed, Refused) as closed:
        parser.exit(1, f"The desk ended the connection: {follower.reason or closed}\n")
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
