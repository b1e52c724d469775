"""A program that follows the stream, as the hub sees it: its subscription, and the messages that it is sent."""

import hashlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from feed.live.hub.hub import Hub
from feed.live.hub.shown import Change
from feed.live.hub.watcher import STALE_SECONDS, Watcher, Way
from feed.live.payload import Delta, json_text
from feed.live.topic import Topic
from feed.models import SubscriberToken
from feed.viewings.spans import Event

from .messages import Subscribe
from .rows import iso
from .state import Contents, contents_named
from .topics import Scope, SelectionTopic, SourcesTopic, StateTopic

#: Fixtures in one message: a state may have hundreds of bets.
STATES_IN_MESSAGE = 10
CHANGES_IN_MESSAGE = 200
SOURCES = SourcesTopic()


class Program(Watcher):
    """One connection of a program. Messages that must be acknowledged have a number `n`, from 1 on without a gap."""

    kind = "program"

    def __init__(
        self,
        hub: Hub,
        token: SubscriberToken,
        database: str,
        send: Callable[[str], Awaitable[None]],
        close: Callable[[int, str], Awaitable[None]],
    ) -> None:
        super().__init__(send, close)
        self.hub = hub
        self.token = token
        self.owner = "token", token.pk
        self.database = database
        self.sent = 0
        self.contents = Contents()
        self.view = ""
        self.selection: SelectionTopic | None = None
        self.since: Mapping[int, str] = {}

    def subscribe(self, request: Subscribe) -> None:
        """Follow this instead of what was followed. ValueError where the token does not open it."""
        contents = contents_named(request.contents, self.token.contents, request.markets)
        if contents is None:
            raise ValueError(f"the token opens {self.token.get_contents_display()}, not {request.contents}")
        self.contents = contents
        self.view = view_of(self.database, self.contents)
        self.since = request.since.versions if request.since else {}
        if request.since and request.since.view != self.view:
            self.since = {}
            self.require_snapshot("other_view", "These revisions are of other contents or of another database", [])
        had: dict[Topic, str] = {
            topic: version
            for topic, version in self.versions.items()
            if isinstance(topic, SourcesTopic) or (isinstance(topic, StateTopic) and topic.contents == self.contents)
        }
        self.selection = SelectionTopic(
            scope_of(self.token),
            tuple(sorted(set(request.fixtures))),
            tuple(sorted(set(request.leagues))),
            tuple(sorted(set(request.sports))),
            self.token.most_fixtures,
        )
        self.hub.watch(self, had)
        self.hub.watch(self, {SOURCES: "", **had, self.selection: ""})

    def take(self, payloads: list[Delta]) -> list[Delta]:
        """A new selection changes what is followed; what is not followed any more is not sent."""
        for delta in payloads:
            if delta.topic == self.selection:
                self.select(delta.topic, delta.message)
        return [
            delta for delta in payloads if isinstance(delta.topic, StateTopic | SourcesTopic) if self.follows(delta)
        ]

    def follows(self, delta: Delta) -> bool:
        return delta.topic in self.versions

    def select(self, selection: SelectionTopic, ids: Sequence[int]) -> None:
        """Follow these fixtures, each from the revision that the program has of it, if it has one."""
        chosen = ids[: selection.most]
        followed = {topic.fixture_id for topic in self.versions if isinstance(topic, StateTopic)}
        states = {}
        for pk in chosen:
            topic = StateTopic(pk, self.contents)
            states[topic] = self.versions.get(topic) or self.since.get(pk, "")
        self.hub.budget.states.take(self.owner, sum(not version for version in states.values()))
        if gone := sorted((followed | self.since.keys()) - set(chosen)):
            self.write_frame(json_text({"type": "gone", "fixtures": gone}))
        self.since = {}
        numbers = {"fixtures": len(chosen), "left_out": len(ids) > len(chosen)}
        self.write(json_text({"type": "selection", "view": self.view, **numbers}))
        others = {topic: self.versions[topic] for topic in (SOURCES, selection)}
        self.hub.watch(self, {**others, **states})
        if not self.unread:
            self.write(self.current(0, 0))

    def require_snapshot(self, reason: str, words: str, fixtures: Sequence[int]) -> None:
        """Say that the revisions it has are of no use; snapshots follow."""
        self.write(json_text(snapshot_required(reason, words, fixtures)))

    def write_frame(
        self,
        text: str,
        ways: tuple[Way, ...] = (),
        changes: frozenset[Change] = frozenset(),
        event: Event | None = None,
    ) -> None:
        self.sent += 1
        super().write_frame(f'{text[:-1]},"n":{self.sent}}}', ways, changes, event)

    @staticmethod
    def frames(payloads: Sequence[Delta], pushed_at: datetime) -> list[str]:
        return [json_text(message) for message in messages([delta.message for delta in payloads], pushed_at)]

    def current(self, now_ms: int, read_ms: int) -> str:
        return json_text({"type": "current", "view": self.view})

    def beat(self, now_ms: int, read_ms: int) -> str:
        is_stale = now_ms - read_ms > STALE_SECONDS * 1000
        stale_since = moment(read_ms) if is_stale else None
        times = {"now": moment(now_ms), "read_at": moment(read_ms), "stale_since": stale_since}
        return json_text({"type": "heartbeat", **times, "current": self.is_current and not is_stale})

    def closing_message(self, code: int, words: str) -> str:
        return json_text(error(code, words))

    def restart(self, seconds: float) -> str:
        return json_text({"type": "restart", "in_seconds": seconds})


def scope_of(token: SubscriberToken) -> Scope:
    return Scope(tuple(token.sports), tuple(token.leagues))


def view_of(database: str, contents: Contents) -> str:
    """Identifies what revisions belong to: this database and these contents. A program cannot resume from another
    view's."""
    return hashlib.blake2s(f"{database} {contents}".encode(), digest_size=8).hexdigest()


def messages(contents: Sequence[dict[str, Any]], pushed_at: datetime) -> Iterator[dict[str, Any]]:
    """The contents of deltas as messages: snapshots and changes of many fixtures together."""
    pushed = {"pushed_at": iso(pushed_at)}
    states = [content for content in contents if content["type"] == "snapshot"]
    snapshots = [content["state"] for content in states]
    if ahead := [content["state"]["id"] for content in states if not content["is_requested"]]:
        yield snapshot_required("ahead", "These revisions are higher than ours", ahead)
    for start in range(0, len(snapshots), STATES_IN_MESSAGE):
        yield {"type": "snapshot", **pushed, "fixtures": snapshots[start : start + STATES_IN_MESSAGE]}
    changes = [content["change"] for content in contents if content["type"] == "change"]
    for start in range(0, len(changes), CHANGES_IN_MESSAGE):
        yield {"type": "changes", **pushed, "changes": changes[start : start + CHANGES_IN_MESSAGE]}
    for kind in ("gone", "unreadable"):
        if fixtures := [content["fixture"] for content in contents if content["type"] == kind]:
            yield {"type": kind, "fixtures": fixtures}
    yield from (content for content in contents if content["type"] == "feed")


def snapshot_required(reason: str, words: str, fixtures: Sequence[int]) -> dict[str, Any]:
    return {"type": "snapshot_required", "reason": reason, "words": words, "fixtures": fixtures}


def error(code: int, words: str) -> dict[str, Any]:
    """Why a connection is about to be closed, and with which code."""
    return {"type": "error", "code": code, "words": words}


def moment(milliseconds: int) -> str | None:
    return iso(datetime.fromtimestamp(milliseconds / 1000, UTC))
