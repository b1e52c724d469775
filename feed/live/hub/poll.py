"""One poll of the database for all that is due: what pages watch, and what programs follow."""

from collections.abc import Collection, Mapping
from datetime import datetime

from feed.live.parts.fragments import read_fragments
from feed.live.parts.part import PageTopic
from feed.live.parts.versions import RowCaches
from feed.live.payload import Update
from feed.live.programs.deltas import read_deltas
from feed.live.topic import Topic


def poll(have: Mapping[Topic, Collection[str]], now: datetime, caches: RowCaches | None = None) -> dict[Topic, Update]:
    """What differs of the topics in `have` from a version that somebody has; `caches` is from earlier polls."""
    of_pages = {topic: versions for topic, versions in have.items() if isinstance(topic, PageTopic)}
    of_programs = {topic: versions for topic, versions in have.items() if not isinstance(topic, PageTopic)}
    updates: dict[Topic, Update] = {}
    if of_pages:
        updates |= read_fragments(of_pages, now, caches)
    if of_programs:
        updates |= read_deltas(of_programs, now, caches)
    return updates
