"""One look at the database for all that is due: what pages watch, and what programs follow."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from .deltas import read_deltas
from .fragment import Found
from .fragments import read_fragments
from .sight import KeptRows
from .topics import Topic


def look(have: Mapping[Any, Collection[str]], now: datetime, kept: KeptRows | None = None) -> dict[Any, Found]:
    """What differs of the topics in `have` from a version that somebody has; `kept` is from earlier looks."""
    of_pages = {topic: versions for topic, versions in have.items() if isinstance(topic, Topic)}
    of_programs = {topic: versions for topic, versions in have.items() if not isinstance(topic, Topic)}
    found: dict[Any, Found] = {}
    if of_pages:
        found |= read_fragments(of_pages, now, kept)
    if of_programs:
        found |= read_deltas(of_programs, now)
    return found
