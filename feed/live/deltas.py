"""What programs are told: states, changes of states, sources. As fragments are to pages, so are deltas to programs."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db import Error
from django.db.models import Q

from feed.models import Bet
from feed.pages.feed_line import feed_line
from feed.pages.reading import IN_ORDER, Reading, by_market
from feed.pages.vouching import Vouching, read_vouching
from feed.state import Contents, fixture_change, fixture_state, iso, revision_of

from .fragment import FAILED, Delta, Found, Times
from .stream_topics import SelectionTopic, SourcesTopic, StateTopic

#: The version of a fixture that is not there.
GONE = "gone"


class StateReading(Reading):
    """Of `since` (fixture id -> revision) the bets at a higher revision alone, where that is not -1."""

    def __init__(self, since: Mapping[int, int], market_ids: Collection[int] | None) -> None:
        super().__init__(tuple(since), market_ids)
        self.since = since

    @cached_property
    def bets(self) -> dict[tuple[int, int], list[Bet]]:
        newer = (Q(fixture_id=pk, revision__gt=revision) for pk, revision in self.since.items())
        rows = Bet.objects.filter(reduce(or_, newer, Q())).order_by(*IN_ORDER)
        if self.market_ids is not None:
            rows = rows.filter(market_id__in=self.market_ids)
        return by_market(rows if self.since else ())


def read_deltas(have: Mapping[Any, Collection[str]], now: datetime) -> dict[Any, Found]:
    """What to tell of the topics in `have`, which somebody has at another version than it is now."""
    found: dict[Any, Found] = {}
    of_states: dict[Contents, dict[StateTopic, Collection[str]]] = {}
    for topic, versions in have.items():
        if isinstance(topic, StateTopic):
            of_states.setdefault(topic.contents, {})[topic] = versions
        elif isinstance(topic, SelectionTopic):
            ids = topic.ids(now)
            found |= differing(topic, digest(ids), versions, ids)
        elif isinstance(topic, SourcesTopic):
            vouching = read_vouching(now)
            found |= differing(topic, feed_line(vouching).version, versions, sources_message(vouching))
    for contents, topics in of_states.items():
        found |= read_states(contents, topics)
    return found


def differing(topic: Any, version: str, versions: Collection[str], message: Any) -> dict[Any, Found]:
    """The topic, if somebody has it otherwise, whatever they have."""
    if {version}.issuperset(versions):
        return {}
    return {topic: Found(version, dict.fromkeys(versions, Delta(topic, version, message)))}


def digest(ids: Iterable[int]) -> str:
    return hashlib.blake2s(",".join(map(str, ids)).encode(), digest_size=8).hexdigest()


def read_states(contents: Contents, have: Mapping[StateTopic, Collection[str]]) -> dict[Any, Found]:
    """The states that differ, with a change from each version that somebody has."""
    before = Reading([topic.fixture_id for topic in have], contents.markets)
    now = {topic: version_of(before, topic) for topic in have}
    differ = {topic: versions for topic, versions in have.items() if not {now[topic]}.issuperset(versions)}
    since = {
        topic.fixture_id: min(usable(version, now[topic]) for version in versions) for topic, versions in differ.items()
    }
    reading = StateReading(since, contents.markets if contents.prices else ())
    found: dict[Any, Found] = {}
    for topic, versions in differ.items():
        version = version_of(reading, topic)
        try:
            told = {each: delta(reading, topic, version, each) for each in versions if each != version}
        except Error:
            raise
        except Exception as error:
            version, told = FAILED, dict.fromkeys(versions, unreadable(topic, error))
        found[topic] = Found(version, told)
    return found


def version_of(reading: Reading, topic: StateTopic) -> str:
    if topic.fixture_id not in reading.fixtures:
        return GONE
    return str(revision_of(reading, topic.fixture_id, topic.contents))


def usable(have: str, now: str) -> int:
    """The revision that somebody has, -1 for none. One above ours was not given by this database, and is of no use."""
    revision = int(have) if have.isdecimal() else -1
    return revision if now.isdecimal() and revision <= int(now) else -1


def delta(reading: Reading, topic: StateTopic, version: str, have: str) -> Delta:
    """What brings somebody from the version `have` to `version`."""
    if version == GONE:
        return Delta(topic, version, {"type": "gone", "fixture": topic.fixture_id})
    fixture = reading.fixtures[topic.fixture_id]
    times = Times(fixture.sent_at, fixture.received_at, fixture.stored_at)
    since = usable(have, version)
    if since < 0:
        state = fixture_state(reading, topic.fixture_id, topic.contents)
        return Delta(topic, version, {"type": "snapshot", "is_asked": have in ("", FAILED), "state": state}, times)
    change = fixture_change(reading, topic.fixture_id, since, topic.contents)
    told = {"since": since, "conflated": int(version) - since > 1, **change}
    return Delta(topic, version, {"type": "change", "change": told}, times)


def unreadable(topic: StateTopic, failure: Exception) -> Delta:
    """What is told of a state that cannot be made; once it can be, it comes as a snapshot."""
    return Delta(topic, FAILED, {"type": "unreadable", "fixture": topic.fixture_id}, failure=failure)


def sources_message(vouching: Vouching) -> dict[str, Any]:
    """The feed as a whole, and each source; a price is suspended where its source does not vouch for it."""
    line = feed_line(vouching)
    return {
        "type": "feed",
        "state": line.state,
        "words": line.text,
        "since": iso(line.since),
        "sources": [
            {
                "id": each.source.pk,
                "name": each.source.name,
                "kind": each.source.kind,
                "state": each.health.state,
                "words": each.health.reason,
                "since": iso(each.health.since),
                "suspended": not each.is_up,
            }
            for each in vouching.sources
        ],
    }
