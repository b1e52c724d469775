"""What was shown as JSON."""

from datetime import datetime
from typing import Any

import msgspec

from feed.viewings.reading import Shown

from .again import rendered_again


def written(shown: Shown, moment: datetime, is_again: bool, most: int | None = None) -> dict[str, Any]:
    """One socket; `is_again`: with whether the journal gives the same HTML, of `most` topics at most."""
    built: dict[str, Any] = msgspec.to_builtins(shown)
    built["topics"] = list(built["topics"].values())
    if is_again:
        again = rendered_again(shown, moment, most)
        for topic in built["topics"]:
            topic["again"] = again[topic["topic"]].again
    return built
