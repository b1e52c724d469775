"""Who was shown this: of a fixture or a market at a moment, which versions, to whom, and who painted them."""

from collections import Counter
from datetime import datetime

import msgspec

from feed.viewings.reading import ShownTopic, shown_of, spans_at
from feed.viewings.viewers import Viewer

from .names import known_names, viewers_by_hash


class Reader(msgspec.Struct, omit_defaults=True):
    """Somebody to whom a version was shown. `name` is "" where it was forgotten, or the socket was nobody's."""

    name: str
    kind: str
    socket: str
    since: datetime | None = None
    painted_at: datetime | None = None
    came_with_page: bool = False
    is_hidden: bool = False


class Version(msgspec.Struct):
    """A topic at a version, and all who had it."""

    topic: str
    version: str
    digest: str
    readers: list[Reader]

    @property
    def painted(self) -> int:
        return sum(reader.painted_at is not None for reader in self.readers)


class Audience(msgspec.Struct):
    """The answer. `viewers` are people and tokens; of those that are `unknown` nobody can tell the names any more.

    `processes` are the web processes that wrote what they showed then. With none, no page and no program
    was open, or it is not kept.
    """

    fixture: int
    market: int | None
    at: datetime
    processes: int
    sockets: int
    viewers: int
    unknown: int
    lost: int
    versions: list[Version]


def audience(fixture_id: int, market_id: int | None, moment: datetime) -> Audience:
    """Raises ValueError for a damaged span."""
    found = shown_of(fixture_id, market_id, moment)
    known, names = viewers_by_hash(), known_names()
    versions: dict[tuple[str, str], Version] = {}
    for who, shown in found:
        name = name_of(known.get(who), names)
        for topic in shown.topics.values():
            version = versions.setdefault(
                (topic.topic, topic.version), Version(topic.topic, topic.version, topic.digest, [])
            )
            version.digest = version.digest or topic.digest
            version.readers.append(reader(name, shown.kind, f"{shown.process}/{shown.number}", topic))
    whose = Counter(who for who, _ in found)
    lost = sum({shown.process: shown.lost for _, shown in found}.values())
    ordered = sorted(versions.values(), key=lambda version: (version.topic, -len(version.readers)))
    unknown = sum(who not in known for who in whose)
    processes = spans_at(moment).count()
    return Audience(fixture_id, market_id, moment, processes, len(found), len(whose), unknown, lost, ordered)


def name_of(viewer: Viewer | None, names: dict[Viewer, str]) -> str:
    return names.get(viewer, "") if viewer is not None else ""


def reader(name: str, kind: str, socket: str, topic: ShownTopic) -> Reader:
    return Reader(name, kind, socket, topic.since, topic.painted_at, topic.came_with_page, topic.is_hidden)
