"""The supplier in this very process: a transport that needs no broker (`manage.py demo`)."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from threading import Event

from feed.transport import Delivery

from .supplier import Supplier

#: How long nothing may wait before the loop is told so.
IDLE_SECONDS = 0.05


def _now() -> datetime:
    return datetime.now(UTC)


class InProcess:
    """A transport whose deliveries are the supplier's messages, at the time they are made.

    Time runs from the supplier's start. Nothing is acknowledged to anybody, so an unacknowledged message is lost: the
    demo begins anew with each start.
    """

    trouble = ""

    def __init__(self, supplier: Supplier, *, clock: Callable[[], datetime] = _now) -> None:
        self.supplier = supplier
        self.clock = clock
        self.closed = Event()
        self.tag = 0

    def __iter__(self) -> Iterator[Delivery | None]:
        while not self.closed.is_set():
            for outgoing in self.supplier.advance(self.clock()):
                self.tag += 1
                yield Delivery(
                    body=outgoing.body,
                    received_at=self.clock(),
                    tag=self.tag,
                    headers=outgoing.headers,
                    queue=f"_{self.supplier.package}_",
                )
                if self.closed.is_set():
                    return
            yield None
            self.closed.wait(IDLE_SECONDS)

    def ack(self, last: Delivery) -> None:
        """There is nobody to tell."""

    def close(self) -> None:
        self.closed.set()
