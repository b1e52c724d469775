"""A line that waits for a few places. Addresses take turns: one that sends much waits behind its own requests."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable

Turn = asyncio.Future[None]


class WaitingLine:
    """At most `places` are inside, at most `share(address)` of them from one; at most `most_waiting` of each wait.

    It belongs to one event loop. Every `enter` that returned True needs one `leave`.
    """

    def __init__(self, places: int, share: Callable[[str], int], most_waiting: int) -> None:
        self.places = places
        self.share = share
        self.most_waiting = most_waiting
        self.inside: Counter[str] = Counter()
        self.waiting: OrderedDict[str, deque[Turn]] = OrderedDict()

    async def enter(self, address: str, seconds: float) -> bool:
        """Wait for a place. False if too many of this address wait already, or its turn has not come in time."""
        if self.is_free_for(address) and address not in self.waiting:
            self.inside[address] += 1
            return True
        turns = self.waiting.setdefault(address, deque())
        if len(turns) >= self.most_waiting:
            return False
        turn: Turn = asyncio.get_running_loop().create_future()
        turns.append(turn)
        try:
            async with asyncio.timeout(seconds):
                await asyncio.shield(turn)
        except TimeoutError:
            return self.give_up(address, turn)
        except asyncio.CancelledError:
            if self.give_up(address, turn):
                self.leave(address)
            raise
        return True

    def leave(self, address: str) -> None:
        """Give the place to the next address that waits."""
        self.inside[address] -= 1
        if not self.inside[address]:
            del self.inside[address]
        for waiter in list(self.waiting):
            if self.is_free_for(waiter):
                self.admit(waiter)
                return

    def is_free_for(self, address: str) -> bool:
        return self.inside.total() < self.places and self.inside[address] < self.share(address)

    def admit(self, address: str) -> None:
        """Let the first of this address in, and put the address behind all others."""
        turns = self.waiting[address]
        turns.popleft().set_result(None)
        self.inside[address] += 1
        if turns:
            self.waiting.move_to_end(address)
        else:
            del self.waiting[address]

    def give_up(self, address: str, turn: Turn) -> bool:
        """Leave the line; True if the turn came at this very moment."""
        if turn.done():
            return True
        turns = self.waiting[address]
        turns.remove(turn)
        if not turns:
            del self.waiting[address]
        return False
