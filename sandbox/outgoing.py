"""A message on its way out, and the queues it may go to."""

from dataclasses import dataclass, field
from enum import StrEnum

from feed.codes import FixtureStatus


class Feed(StrEnum):
    """LSports' virtual hosts: one connection and one queue, `_{package id}_`, in each."""

    IN_PLAY = "StmInPlay"
    PRE_MATCH = "StmPreMatch"
    FIXTURES = "Fixtures"
    INCIDENTS = "Incidents"


BOTH = (Feed.IN_PLAY, Feed.PRE_MATCH)
#: Statuses of a match while pre-match packages serve its odds; from then on in-play packages do.
BEFORE_PLAY = frozenset({FixtureStatus.NOT_STARTED, FixtureStatus.POSTPONED, FixtureStatus.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """`at` is when it is sent, in milliseconds since 1970; it goes to every one of `feeds`."""

    at: int
    feeds: tuple[Feed, ...]
    type: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    fixture_id: int | None = None
