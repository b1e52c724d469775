"""Deltas, which are for programs what fragments are for pages: states, changes of states, sources."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import Error
from django.db.models import Q
from django.utils.functional import cached_property

from feed.database.moment import one_moment
from feed.live.parts.versions import RowCaches
from feed.live.payload import FAILED, Delta, Times, Update
from feed.live.topic import Topic
from feed.models import Bet
from feed.pages.feed_line import feed_line, for_everybody
from feed.pages.reading import IN_ORDER, Reading, by_market
from feed.vouching.sources import Vouching, read_vouching

from .sources import sources_message
from .state import Contents, fixture_change, fixture_state, revision_of
from .topics import SelectionTopic, SourcesTopic, StateTopic

#: The version of a fixture that is not there.
GONE = "gone"


class StateReading(Reading):
    """Reads only the bets above the revision in `since` (by fixture id; -1: all bets).

    Also bets that may have opened or closed without a change of their own: all of the fixtures in `reopened`, which is
    set before bets are read, and those of a market whose status changed.
    """

    def __init__(self, since: Mapping[int, int], market_ids: Collection[int] | None) -> None:
        super().__init__(tuple(since), market_ids)
        self.since = since
        self.reopened: Collection[int] = ()

    @cached_property
    def bets(self) -> dict[tuple[int, int], list[Bet]]:
        rows = Bet.objects.filter(reduce(or_, map(self.newer, self.since), Q())).order_by(*IN_ORDER)
        if self.market_ids is not None:
            rows = rows.filter(market_id__in=self.market_ids)
        return by_market(rows if self.since else ())

    def newer(self, fixture_id: int) -> Q:
        """The bets of a fixture that are to be sent."""
        since, own = self.since[fixture_id], Q(fixture_id=fixture_id)
        if since < 0 or fixture_id in self.reopened:
            return own
        markets = self.markets.get(fixture_id, {}).values()
        restated = [market.market_id for market in markets if market.status_revision > since]
        return own & (Q(revision__gt=since) | Q(market_id__in=restated) if restated else Q(revision__gt=since))


def read_deltas(
    have: Mapping[Topic, Collection[str]], now: datetime, caches: RowCaches | None = None
) -> dict[Topic, Update]:
    """What to send of the topics in `have`: those that somebody has at a version which is no longer the present one.

    All is read as of one moment, so that a state at a revision is what REST has at it.
    """
    with one_moment():
        return deltas_of(have, now, caches)


def deltas_of(have: Mapping[Topic, Collection[str]], now: datetime, caches: RowCaches | None) -> dict[Topic, Update]:
    updates: dict[Topic, Update] = {}
    of_states: dict[Contents, dict[StateTopic, Collection[str]]] = {}
    vouching = read_vouching(now)
    if caches is not None:
        caches.turns_at = vouching.turns_at(now)
    for topic, versions in have.items():
        if isinstance(topic, StateTopic):
            of_states.setdefault(topic.contents, {})[topic] = versions
        elif isinstance(topic, SelectionTopic):
            ids = topic.ids(now)
            updates |= differing(topic, digest(ids), versions, ids)
        elif isinstance(topic, SourcesTopic):
            shown = for_everybody(vouching)
            updates |= differing(topic, feed_line(shown).version, versions, sources_message(vouching))
    for contents, topics in of_states.items():
        updates |= read_states(contents, topics, vouching)
    return updates


def differing(topic: Topic, version: str, versions: Collection[str], message: Any) -> dict[Topic, Update]:
    """The topic, if somebody has another version; all are sent the same."""
    if {version}.issuperset(versions):
        return {}
    return {topic: Update(version, dict.fromkeys(versions, Delta(topic, version, message)))}


def digest(ids: Iterable[int]) -> str:
    return hashlib.blake2s(",".join(map(str, ids)).encode(), digest_size=8).hexdigest()


def read_states(
    contents: Contents, have: Mapping[StateTopic, Collection[str]], vouching: Vouching
) -> dict[Topic, Update]:
    """The states that differ, with a change from each version that somebody has."""
    before = Reading([topic.fixture_id for topic in have], contents.markets)
    now = {topic: version_of(before, topic, vouching) for topic in have}
    stale = {topic: versions for topic, versions in have.items() if not {now[topic]}.issuperset(versions)}
    since = {
        topic.fixture_id: min(usable(version, now[topic]) for version in versions) for topic, versions in stale.items()
    }
    reading = StateReading(since, contents.markets if contents.prices else ())
    current = {topic: version_of(reading, topic, vouching) for topic in stale}
    reading.reopened = {topic.fixture_id for topic in stale if not holds_alike(current[topic], stale[topic])}
    updates: dict[Topic, Update] = {}
    for topic, versions in stale.items():
        version = current[topic]
        try:
            deltas = {had: delta(reading, topic, version, had, vouching) for had in versions if had != version}
        except Error:
            raise
        except Exception as error:
            version, deltas = FAILED, dict.fromkeys(versions, unreadable(topic, error))
        updates[topic] = Update(version, deltas)
    return updates


def version_of(reading: Reading, topic: StateTopic, vouching: Vouching) -> str:
    """The revision, and where prices are followed a signature of what holds them: "42 2-1.0"."""
    if topic.fixture_id not in reading.fixtures:
        return GONE
    revision = str(revision_of(reading, topic.fixture_id, topic.contents))
    if not topic.contents.prices:
        return revision
    return f"{revision} {vouching.signature_for(reading.fixtures[topic.fixture_id])}"


def usable(have: str, now: str) -> int:
    """The revision that somebody has, -1 for none. One above ours is not of this database, and of no use."""
    revision = revision_in(have)
    return revision if revision <= revision_in(now) else -1


def revision_in(version: str) -> int:
    """The revision of a version, -1 where it has none."""
    word = version.partition(" ")[0]
    return int(word) if word.isdecimal() else -1


def holds_alike(version: str, versions: Collection[str]) -> bool:
    """Whether what holds the prices is the same in all versions; one from an earlier connection does not say."""
    return {version.partition(" ")[2]}.issuperset(had.partition(" ")[2] for had in versions)


def delta(reading: StateReading, topic: StateTopic, version: str, have: str, vouching: Vouching) -> Delta:
    """What brings somebody from the version `have` to `version`."""
    if version == GONE:
        return Delta(topic, version, {"type": "gone", "fixture": topic.fixture_id})
    fixture = reading.fixtures[topic.fixture_id]
    times = Times(fixture.sent_at, fixture.received_at, fixture.stored_at)
    since = usable(have, version)
    if since < 0:
        state = fixture_state(reading, topic.fixture_id, vouching, topic.contents)
        return Delta(topic, version, {"type": "snapshot", "is_requested": have in ("", FAILED), "state": state}, times)
    is_reopened = topic.fixture_id in reading.reopened
    change = fixture_change(reading, topic.fixture_id, since, vouching, topic.contents, is_reopened=is_reopened)
    message = {"since": since, "conflated": revision_in(version) - since > 1, **change}
    return Delta(topic, version, {"type": "change", "change": message}, times)


def unreadable(topic: StateTopic, failure: Exception) -> Delta:
    """What is sent of a state that cannot be made; once it can be, it is sent as a snapshot."""
    return Delta(topic, FAILED, {"type": "unreadable", "fixture": topic.fixture_id}, failure=failure)
