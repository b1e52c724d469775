"""What several commands are given: a moment, and LSports' number of a fixture or a market."""

import argparse
from datetime import UTC, datetime

#: The largest number that a database can hold.
MOST_ID = 2**63 - 1


def moment(text: str) -> datetime:
    """An ISO time; without a zone it is UTC."""
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2026-11-20T18:00:00") from None


def number_of(text: str) -> int:
    """LSports' number of something."""
    if not text.isascii() or not text.isdecimal() or not 0 < (number := int(text)) <= MOST_ID:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number that LSports gives")
    return number
