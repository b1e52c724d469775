"""How much somebody may do at once, and each second from then on."""

import time
from collections.abc import Hashable


class Allowance:
    """Each owner may spend `most` at once, and regains `per_second` until it is `most` again.

    `left` is what each owner may still do, and when that was counted.
    """

    def __init__(self, most: float, per_second: float) -> None:
        self.most = most
        self.per_second = per_second
        self.left: dict[Hashable, tuple[float, float]] = {}

    def of(self, owner: Hashable) -> float:
        """What the owner may do now; below 0 after more was taken than there was."""
        now = time.monotonic()
        left, noted = self.left.get(owner, (self.most, now))
        return min(self.most, left + (now - noted) * self.per_second)

    def take(self, owner: Hashable, amount: float, least: float = float("-inf")) -> bool:
        """Take `amount`, down to `least`; whether there was enough."""
        left = self.of(owner) - amount
        self.left[owner] = max(left, least), time.monotonic()
        return left >= 0

    def forget_full(self) -> None:
        """Forget owners who may do all of it again."""
        self.left = {owner: left for owner, left in self.left.items() if self.of(owner) < self.most}
