"""The course of a fixture from its announcement to the last word on it, around the sport's own play."""

from collections.abc import Iterator

from feed.codes import FixtureStatus

from .match import Match

ABOUT_TO_START_SECONDS = 900.0


def course(match: Match, wait_for_start: float) -> Iterator[float]:
    """Yields the seconds until the next happening; `wait_for_start` is how many there are until the start."""
    early = max(0.0, wait_for_start - ABOUT_TO_START_SECONDS)
    yield early
    match.set_status(FixtureStatus.ABOUT_TO_START)
    yield wait_for_start - early
    match.set_status(FixtureStatus.IN_PROGRESS)
    yield from match.play()
    yield 90.0
    match.confirm()
