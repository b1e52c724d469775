"""How long a transport gathers messages before it says that nothing waits, so that the loop stores what it has.

A transaction costs as much for one message as for five. After a quiet moment a message is stored at once; what comes
within 10 ms after a pause is stored together.
"""

import time

#: The least time from one pause to the next.
GATHER_SECONDS = 0.01
#: How long more messages are awaited after several at once, so that a burst makes few large batches.
BURST_SECONDS = 0.003


class Gathering:
    """When a transport last said that nothing waits."""

    def __init__(self) -> None:
        self.paused_at = 0.0

    def seconds(self, at_once: int = 1) -> float:
        """Seconds to wait for more messages after `at_once` together; 0 for a lone one after a quiet moment."""
        rest = self.paused_at + GATHER_SECONDS - time.monotonic()
        return max(rest, BURST_SECONDS if at_once > 1 else 0.0)

    def pause(self) -> None:
        self.paused_at = time.monotonic()
