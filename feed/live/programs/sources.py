"""The state of the feed, for programs: without the names of brokers, packages and people that reasons contain."""

from typing import Any

from feed.pages.feed_line import feed_line, for_everybody
from feed.vouching.sources import Vouching

from .rows import iso


def sources_message(vouching: Vouching) -> dict[str, Any]:
    """The feed as a whole, and each source; a price is suspended where its source does not vouch for it."""
    shown = for_everybody(vouching)
    line = feed_line(shown)
    return {
        "type": "feed",
        "state": line.state,
        "words": line.text,
        "since": iso(line.since),
        "sources": [
            {
                "id": row.source.pk,
                "name": row.source.name,
                "kind": row.source.kind,
                "state": row.health.state,
                "words": row.health.reason,
                "since": iso(row.health.since),
                "suspended": not row.is_up,
            }
            for row in shown.sources
        ],
    }
