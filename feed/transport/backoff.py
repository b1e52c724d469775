"""How long to wait before the next try: longer each time, capped, and spread so that many do not come back at once."""

import random


def full_jitter(failures: int, *, first: float = 1.0, most: float = 30.0) -> float:
    """Seconds to wait after `failures` in a row: from 0 to `first`, which doubles each time, up to `most`."""
    return random.uniform(0, min(most, first * 2 ** min(failures - 1, 30)))  # noqa: S311 - spreads, guards nothing
