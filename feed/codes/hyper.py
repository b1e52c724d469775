"""Hyper Livescore's words for kinds and statuses of incidents, each in several spellings.

Source: docs/protocol.md, Hyper incidents.
"""

from enum import StrEnum


class HyperKind(StrEnum):
    """What sort of happening an incident is."""

    SCORE = "Score"
    PERIOD = "Period"
    STATISTIC = "Statistic"
    PLAYER_STATISTIC = "Player Statistic"
    VAR = "VAR"
    TIMER = "Timer"
    POSSESSION = "Possession"
    STATUS_DESCRIPTION = "Status Description"
    FIXTURE_STATUS = "Fixture Status"


class HyperStatus(StrEnum):
    """`EMPTY` and `CANCELLED` of scores and statistics, `STARTED` and `FINISHED` of periods."""

    EMPTY = "Empty"
    CANCELLED = "Cancelled"
    STARTED = "Started"
    FINISHED = "Finished"


def folded(text: str) -> str:
    """Letters and digits alone, in lower case: "Player Statistic", "playerStatistic", "PLAYER_STATISTIC" are one."""
    return "".join(filter(str.isalnum, text)).casefold()


KINDS = {folded(kind): kind for kind in HyperKind} | {"scorechange": HyperKind.SCORE}
STATUSES = {folded(status): status for status in HyperStatus} | {"canceled": HyperStatus.CANCELLED}


def hyper_kind(text: str) -> HyperKind | None:
    """The kind that a message means; None: one that nobody knows yet."""
    return KINDS.get(folded(text))


def hyper_status(text: str) -> HyperStatus | None:
    """The status that a message means; None: one that nobody knows yet."""
    return STATUSES.get(folded(text))
