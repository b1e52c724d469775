"""The consumer's process of the live benchmarks: messages at their times through the real loop, store and announcer.

It also stands in for whoever sends to groups on the reference's side, and signs a trader in.
"""

import asyncio
import itertools
import random
import re
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

import msgspec

from feed.changes import Change
from feed.live.announce import Announcer
from feed.transport import Delivery
from feed.transport.gathering import Gathering

from . import desk_side
from .worker import serve

LOOK_SECONDS = 0.25
HEARTBEAT_SECONDS = 5.0
OUTCOMES = ("1", "X", "2")
VERSION = re.compile(r'data-version="[^"]*"')
BOOKMAKERS = {8: "Bookmaker Eight", 145: "Bookmaker Two"}

chosen = random.Random(6)
goals: dict[int, int] = defaultdict(int)
numbers: defaultdict[tuple[int | None, ...], Iterator[int]] = defaultdict(lambda: itertools.count(1))


class Planned(NamedTuple):
    """A message that is to come at a moment of the steady clock; its body is made then."""

    at: float
    fixture_id: int
    body: Callable[[int, datetime], bytes]


class Played:
    """A transport that delivers what is planned, each message at its moment, and heartbeats beside them."""

    trouble = ""

    def __init__(self) -> None:
        self.plan: SimpleQueue[Planned] = SimpleQueue()
        self.taken: list[tuple[int, float]] = []
        self.acked: list[tuple[int, float]] = []
        self.delivered = self.announced = 0
        self.latest = 0.0

    def __iter__(self) -> Iterator[Delivery | None]:
        silent_since = 0.0
        gathering = Gathering()
        while True:
            if self.plan.empty():
                gathering.pause()
                yield None
                self.announced = self.delivered  # the loop has done all it does with what it had
            try:
                planned = self.plan.get(timeout=LOOK_SECONDS)
            except Empty:
                if time.monotonic() - silent_since > HEARTBEAT_SECONDS:
                    silent_since = time.monotonic()
                    yield delivery(message(32, {}, datetime.now(UTC)))
                continue
            if planned.at > time.monotonic() + gathering.seconds():
                time.sleep(gathering.seconds())
                gathering.pause()
                yield None
            if time.monotonic() < planned.at:
                time.sleep(max(0.0, planned.at - time.monotonic()))
            self.latest = max(self.latest, time.monotonic() - planned.at)
            now = datetime.now(UTC)
            self.taken.append((planned.fixture_id, now.timestamp() * 1000))
            self.delivered += 1
            silent_since = time.monotonic()
            yield delivery(planned.body(planned.fixture_id, now))

    def ack(self, last: Delivery) -> None:
        self.acked, self.taken = self.taken, []

    def close(self) -> None:
        pass


def delivery(body: bytes) -> Delivery:
    return Delivery(body=body, received_at=datetime.now(UTC))


class Noting(Announcer):
    """Announces, and notes which revision a message's change has and when that message was received."""

    def __init__(self, played: Played) -> None:
        super().__init__()
        self.played = played
        self.newest: dict[int, int] = {}
        self.received: list[tuple[int, int, float]] = []

    def changed(self, changes: Sequence[Change]) -> None:
        super().changed(changes)
        received = defaultdict(list)
        for fixture_id, at in self.played.acked:
            received[fixture_id].append(at)
        for change in changes:
            self.newest[change.fixture_id] = change.revision
            self.received += [(change.fixture_id, change.revision, at) for at in received[change.fixture_id]]


def message(kind: int, body: Any, at: datetime) -> bytes:
    number = next(numbers[numbered_by(kind, body)])
    header = {"Type": kind, "MsgSeq": number, "MsgGuid": "g", "ServerTimestamp": int(at.timestamp() * 1000)}
    return msgspec.json.encode({"Header": header, "Body": body})


def numbered_by(kind: int, body: Any) -> tuple[int | None, ...]:
    """What has numbers of its own: a fixture's messages of a type, those of prices by market."""
    event = (body.get("Events") or [{}])[0]
    market = (event.get("Markets") or [{}])[0]
    return kind, event.get("FixtureId"), market.get("Id")


def of_fixture(kind: int, fixture_id: int, at: datetime, **parts: Any) -> bytes:
    return message(kind, {"Events": [{"FixtureId": fixture_id, **parts}]}, at)


def description(fixture_id: int, at: datetime) -> bytes:
    """A football match in play, whose clubs have names as long as clubs' names are."""
    sides = (
        f"Association Football Club of Northfield Town {fixture_id}",
        f"Southport and District Wanderers {fixture_id}",
    )
    fixture = {
        "Sport": {"Id": 6046, "Name": "Football"},
        "Location": {"Id": 243, "Name": "England"},
        "League": {"Id": 67, "Name": "First League"},
        "StartDate": at.isoformat(),
        "LastUpdate": at.isoformat(),
        "Status": 2,
        "Participants": [
            {"Id": fixture_id * 10 + place, "Name": name, "Position": str(place)} for place, name in enumerate(sides, 1)
        ],
    }
    return of_fixture(1, fixture_id, at, Fixture=fixture)


def score(fixture_id: int, at: datetime) -> bytes:
    """A goal: the home side has one more each time."""
    goals[fixture_id] += 1
    scoreboard = {
        "Status": 2,
        "CurrentPeriod": 10,
        "Time": str(goals[fixture_id]),
        "Results": [{"Position": "1", "Value": str(goals[fixture_id])}, {"Position": "2", "Value": "0"}],
    }
    return of_fixture(2, fixture_id, at, Livescore={"Scoreboard": scoreboard, "Periods": [], "Statistics": []})


def prices(fixture_id: int, at: datetime) -> bytes:
    """All prices of the winner's market at one bookmaker change."""
    provider = chosen.choice(list(BOOKMAKERS))
    bets = [
        {
            "Id": 10**15 + fixture_id * 1000 + provider * 3 + place,
            "Name": name,
            "Status": 1,
            "LastUpdate": at.isoformat(),
        }
        | {"Price": f"{1 + chosen.randrange(1, 9000) / 1000:.3f}"}
        for place, name in enumerate(OUTCOMES)
    ]
    market = {"Id": 1, "Name": "1X2", "ProviderMarkets": [{"Id": provider, "Name": BOOKMAKERS[provider], "Bets": bets}]}
    return of_fixture(3, fixture_id, at, Markets=[market])


class Feed:
    """What the process is asked to do."""

    def __init__(self) -> None:
        from feed.ingest.loop import Ingest  # Django is set up only now

        self.played = Played()
        self.announcer = Noting(self.played)
        loop = Ingest(self.played, desk_side.source(), self.announcer)
        threading.Thread(target=loop.run, name="feed", daemon=True).start()

    def sign_in(self, name: str = "bench") -> str:
        """A trader's cookie."""
        from django.conf import settings
        from django.contrib.auth.models import Group, User
        from django.test import Client

        trader, _ = User.objects.get_or_create(username=name)
        trader.groups.set(Group.objects.filter(name="trader"))
        client = Client()
        client.force_login(trader, settings.AUTHENTICATION_BACKENDS[-1])
        return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"

    def fill(self, fixtures: int) -> None:
        """Fixtures in play, numbered from 1, each with a score and prices."""
        now = time.monotonic()
        makers = (description, score, *([prices] * 8))
        self.play([Planned(now, pk, make) for pk in range(1, fixtures + 1) for make in makers])

    def scores(self, fixtures: int, phases: int, seconds: float, steps: int) -> dict[str, Any]:
        """`steps` steps, `seconds` apart: a goal in every fixture whose turn it is, of `phases` turns."""
        begin = time.monotonic() + seconds
        return self.play(
            [Planned(begin + step * seconds, pk, score) for step in range(steps) for pk in turn(fixtures, phases, step)]
        )

    def mixed(self, fixtures: int, rate: float, seconds: float) -> dict[str, Any]:
        """`rate` messages a second on fixtures at random: four of five are prices, the fifth is a goal."""
        begin = time.monotonic() + LOOK_SECONDS
        return self.play(
            [
                Planned(begin + number / rate, chosen.randint(1, fixtures), prices if number % 5 else score)
                for number in range(int(rate * seconds))
            ]
        )

    def play(self, plan: Sequence[Planned]) -> dict[str, Any]:
        """Play it all. The answer: the newest revision of each fixture, and how late a message came at worst."""
        self.played.latest = 0.0
        self.announcer.received.clear()
        until = self.played.delivered + len(plan)
        for planned in plan:
            self.played.plan.put(planned)
        while self.played.announced < until:
            time.sleep(0.01)
        return {"newest": self.announcer.newest, "late_ms": self.played.latest * 1000}

    def received(self) -> list[tuple[int, int, float]]:
        """Fixture, revision and epoch ms of receipt for each message of the last play that changed something."""
        return self.announcer.received

    def groups(self, fixtures: int, phases: int, seconds: float, steps: int) -> dict[str, Any]:
        """Like `scores`, but by `group_send`: the frame of each fixture as the hub makes it, rendered beforehand."""
        return asyncio.run(send_to_groups(frames(fixtures), phases, seconds, steps))


def turn(fixtures: int, phases: int, step: int) -> range:
    """Whose turn it is."""
    return range(1 + step % phases, fixtures + 1, phases)


def frames(fixtures: int) -> dict[int, Any]:
    """Each fixture's frame, as a page is sent it."""
    from django.utils import timezone

    from feed.live.page import Page
    from feed.live.parts.fixture.scoreboard import SCOREBOARD
    from feed.live.parts.fragments import TopicHtml

    now = timezone.now()
    html = TopicHtml([SCOREBOARD.topic(pk) for pk in range(1, fixtures + 1)], now)
    return {topic.fixture_id: msgspec.json.decode(Page.frames([html.fragment(topic)], now)[0]) for topic in html.topics}


async def send_to_groups(made: dict[int, Any], phases: int, seconds: float, steps: int) -> dict[str, Any]:
    from channels.layers import get_channel_layer

    from .live_site import group

    layer = get_channel_layer()
    begin, late = time.monotonic() + seconds, 0.0
    for step in range(steps):
        await asyncio.sleep(max(0.0, begin + step * seconds - time.monotonic()))
        late = max(late, time.monotonic() - begin - step * seconds)
        now = int(time.time() * 1000)
        for pk in turn(len(made), phases, step):
            version = f'data-version="0.{step // phases + 1}.0.0"'
            frame = {"content": VERSION.sub(version, made[pk]["content"], count=1), "at": [now] * 4}
            await layer.group_send(group(pk), {"type": "frame", "text": msgspec.json.encode(frame).decode()})
    await layer.flush()
    return {"newest": {pk: len(range((pk - 1) % phases, steps, phases)) for pk in made}, "late_ms": late * 1000}


if __name__ == "__main__":
    desk_side.set_up(sys.argv[1])
    feed = Feed()
    serve({name: getattr(feed, name) for name in ("sign_in", "fill", "scores", "mixed", "received", "groups")})
