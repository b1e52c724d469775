"""How many requests each token may send, and what it is told of that (draft-ietf-httpapi-ratelimit-headers)."""

import math
import time
from typing import NamedTuple

MINUTE = 60.0
#: Where the `Rate` of a token without requests left is noted in its request's scope.
SPENT = "desk.spent"


class Rate(NamedTuple):
    """How many requests remain: `left` of `most` a minute, for the next `seconds`. -1: this one was too many."""

    most: int
    left: int
    seconds: int

    @property
    def refusal(self) -> str:
        return f"This token allows {self.most} requests a minute. Better follow the stream."

    @property
    def headers(self) -> dict[str, str]:
        policy = f'"requests";q={self.most};w={MINUTE:.0f}'
        headers = {"RateLimit-Policy": policy, "RateLimit": f'"requests";r={max(0, self.left)};t={self.seconds}'}
        return headers | ({"Retry-After": str(self.seconds)} if self.left < 0 else {})


class Requests:
    """Requests of each token in this process, in whole minutes."""

    def __init__(self) -> None:
        self.counts: dict[int, tuple[float, int]] = {}

    def count(self, token_id: int, most: int) -> Rate:
        """Count one more."""
        now = time.monotonic()
        begun, count = self.counts.get(token_id, (now, 0))
        if now - begun >= MINUTE:
            begun, count = now, 0
        self.counts[token_id] = (begun, count + 1)
        return Rate(most, max(-1, most - count - 1), math.ceil(begun + MINUTE - now))
