"""What the doctor finds, and how its checks are run."""

from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum

import msgspec


class Grade(IntEnum):
    """How bad it is."""

    OK = 0
    WARNING = 1
    FAULT = 2


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at: what it is, and what to do about it where something is to be done."""

    grade: Grade
    about: str
    text: str
    remedy: str = ""


Check = Callable[[], Iterator[Finding]]


def ok(about: str, text: str) -> Finding:
    return Finding(Grade.OK, about, text)


def warning(about: str, text: str, remedy: str) -> Finding:
    return Finding(Grade.WARNING, about, text, remedy)


def fault(about: str, text: str, remedy: str) -> Finding:
    return Finding(Grade.FAULT, about, text, remedy)


def examine(checks: Sequence[Check]) -> Iterator[Finding]:
    """Every finding of every check. A check that raises is itself a fault, and the others still run."""
    for check in checks:
        try:
            yield from check()
        except Exception as error:
            about = check.__name__.replace("_", " ")
            yield fault(about, f"could not be looked at: {error!r}", "If all above is well, tell the developers.")
