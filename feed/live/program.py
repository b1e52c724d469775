"""A program that follows the stream, as the hub sees it: what it asked for, and the messages it is told."""

import hashlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from feed.models import SubscriberToken
from feed.state import Contents, contents_named, iso

from .fragment import Delta
from .hub import Hub
from .stream_messages import Subscribe, as_text
from .stream_topics import Scope, SelectionTopic, SourcesTopic, StateTopic
from .watcher import Watcher, Way

#: Fixtures in one message: a state may have hundreds of bets.
STATES_IN_MESSAGE = 10
CHANGES_IN_MESSAGE = 200
SOURCES = SourcesTopic()


class Program(Watcher):
    """One connection of a program. Messages that must be acknowledged bear a number `n`, from 1 on without a gap."""

    def __init__(
        self,
        hub: Hub,
        token: SubscriberToken,
        epoch: str,
        send: Callable[[str], Awaitable[None]],
        close: Callable[[int, str], Awaitable[None]],
    ) -> None:
        super().__init__(send, close)
        self.hub = hub
        self.token = token
        self.epoch = epoch
        self.sent = 0
        self.contents = Contents()
        self.view = ""
        self.selection: SelectionTopic | None = None
        self.since: Mapping[int, int] = {}

    def subscribe(self, said: Subscribe) -> None:
        """Follow what is asked for instead of what was followed. ValueError where the token does not open it."""
        contents = contents_named(said.contents, self.token.contents, said.markets)
        if contents is None:
            raise ValueError(f"the token opens {self.token.get_contents_display()}, not {said.contents}")
        self.contents = contents
        self.view = view_of(self.epoch, self.contents)
        self.since = said.since.fixtures if said.since else {}
        if said.since and said.since.view != self.view:
            self.since = {}
            self.require_snapshot("other_view", "These revisions are of other contents or of another database", [])
        kept = {
            topic: version
            for topic, version in self.versions.items()
            if isinstance(topic, SourcesTopic) or (isinstance(topic, StateTopic) and topic.contents == self.contents)
        }
        self.selection = SelectionTopic(
            scope_of(self.token),
            tuple(sorted(set(said.fixtures))),
            tuple(sorted(set(said.leagues))),
            tuple(sorted(set(said.sports))),
            self.token.most_fixtures,
        )
        self.hub.watch(self, kept)
        self.hub.watch(self, {SOURCES: "", **kept, self.selection: ""})

    def take(self, fragments: list[Delta]) -> list[Delta]:
        """A new selection changes what is followed; what is followed no more is not told."""
        for delta in fragments:
            if delta.topic == self.selection:
                self.select(delta.topic, delta.message)
        return [each for each in fragments if isinstance(each.topic, StateTopic | SourcesTopic) if self.follows(each)]

    def follows(self, delta: Delta) -> bool:
        return delta.topic in self.versions

    def select(self, selection: SelectionTopic, ids: Sequence[int]) -> None:
        """Follow these fixtures; from what is known to be had, if it is."""
        chosen = ids[: selection.most]
        followed = {topic.fixture_id for topic in self.versions if isinstance(topic, StateTopic)}
        states = {}
        for pk in chosen:
            topic = StateTopic(pk, self.contents)
            states[topic] = self.versions.get(topic) or str(self.since.get(pk, ""))
        if gone := sorted((followed | self.since.keys()) - set(chosen)):
            self.write_frame(as_text({"type": "gone", "fixtures": gone}))
        self.since = {}
        told = {"fixtures": len(chosen), "left_out": len(ids) > len(chosen)}
        self.write(as_text({"type": "selection", "view": self.view, **told}))
        others = {topic: self.versions[topic] for topic in (SOURCES, selection)}
        self.hub.watch(self, {**others, **states})
        if not self.unread:
            self.write(self.current(0, 0))

    def require_snapshot(self, reason: str, words: str, fixtures: Sequence[int]) -> None:
        """Say that what it has is of no use; snapshots follow."""
        self.write(as_text(snapshot_required(reason, words, fixtures)))

    def write_frame(self, text: str, ways: tuple[Way, ...] = ()) -> None:
        self.sent += 1
        super().write_frame(f'{text[:-1]},"n":{self.sent}}}', ways)

    @staticmethod
    def frames(fragments: Sequence[Delta], pushed_at: datetime) -> list[str]:
        return [as_text(message) for message in messages([each.message for each in fragments], pushed_at)]

    def current(self, now_ms: int, read_ms: int) -> str:
        return as_text({"type": "current", "view": self.view})

    def beat(self, now_ms: int, read_ms: int) -> str:
        times = {"now": moment(now_ms), "read_at": moment(read_ms)}
        return as_text({"type": "heartbeat", **times, "current": not self.unread and not self.behind})

    def farewell(self, code: int, words: str) -> str:
        return as_text(error(code, words))

    def restart(self, seconds: float) -> str:
        return as_text({"type": "restart", "in_seconds": seconds})


def scope_of(token: SubscriberToken) -> Scope:
    return Scope(tuple(token.sports), tuple(token.leagues))


def view_of(epoch: str, contents: Contents) -> str:
    """Names what revisions are of: this database, these contents. Revisions of another view cannot be resumed from."""
    return hashlib.blake2s(f"{epoch} {contents}".encode(), digest_size=8).hexdigest()


def messages(told: Sequence[dict[str, Any]], pushed_at: datetime) -> Iterator[dict[str, Any]]:
    """What the hub found, as messages: snapshots and changes of many fixtures together."""
    pushed = {"pushed_at": iso(pushed_at)}
    snapshots = [each["state"] for each in told if each["type"] == "snapshot"]
    if unasked := [each["state"]["id"] for each in told if each["type"] == "snapshot" and not each["is_asked"]]:
        yield snapshot_required("ahead", "These revisions are higher than ours", unasked)
    for start in range(0, len(snapshots), STATES_IN_MESSAGE):
        yield {"type": "snapshot", **pushed, "fixtures": snapshots[start : start + STATES_IN_MESSAGE]}
    changes = [each["change"] for each in told if each["type"] == "change"]
    for start in range(0, len(changes), CHANGES_IN_MESSAGE):
        yield {"type": "changes", **pushed, "changes": changes[start : start + CHANGES_IN_MESSAGE]}
    for kind in ("gone", "unreadable"):
        if fixtures := [each["fixture"] for each in told if each["type"] == kind]:
            yield {"type": kind, "fixtures": fixtures}
    yield from (each for each in told if each["type"] == "feed")


def snapshot_required(reason: str, words: str, fixtures: Sequence[int]) -> dict[str, Any]:
    return {"type": "snapshot_required", "reason": reason, "words": words, "fixtures": fixtures}


def error(code: int, words: str) -> dict[str, Any]:
    """Why a connection is about to be closed, and with which code."""
    return {"type": "error", "code": code, "words": words}


def moment(milliseconds: int) -> str | None:
    return iso(datetime.fromtimestamp(milliseconds / 1000, UTC))
