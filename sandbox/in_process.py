"""The supplier in this very process: a transport that needs no broker (`manage.py demo`)."""

from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from threading import Event

from feed.transport import Delivery

from .distribution import Distribution
from .faults import Faults
from .supplier import Supplier

#: The longest that the transport stays silent before it reports that nothing is waiting.
IDLE_SECONDS = 0.05


def _now() -> datetime:
    return datetime.now(UTC)


class InProcess:
    """A transport whose deliveries are the supplier's messages to one package, at the time they are made.

    Time runs from the supplier's start. What was delivered and not acknowledged when a connection is cut (a fault)
    comes again, marked as redelivered, as from a queue; unless it was purged, another fault.
    """

    def __init__(
        self,
        source: Supplier | Distribution,
        *,
        faults: Faults | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.distribution = Distribution(source, faults=faults) if isinstance(source, Supplier) else source
        self.package = self.distribution.supplier.package
        self.clock = clock
        self.closed = Event()
        self.tag = 0
        self.unacknowledged: deque[Delivery] = deque()
        self.again: list[Delivery] = []
        self.cut_until: datetime | None = None

    @property
    def trouble(self) -> str:
        return "The connection was cut (a simulated fault)." if self.cut_until is not None else ""

    def __iter__(self) -> Iterator[Delivery | None]:
        while not self.closed.is_set():
            yield from self.arrived(self.clock())
            if not self.closed.is_set():
                yield None
                self.closed.wait(IDLE_SECONDS)

    def arrived(self, now: datetime) -> Iterator[Delivery]:
        if self.is_cut(now):
            return
        if self.distribution.faults.take("purge"):
            self.again.clear()
        again, self.again = self.again, []
        for lost in again:
            yield self.deliver(lost.body, lost.headers, redelivered=True)
        for package, outgoing in self.distribution.messages(now):
            if self.closed.is_set():
                return
            if package.id == self.package:
                yield self.deliver(outgoing.body, outgoing.headers)

    def deliver(self, body: bytes, headers: dict[str, str], *, redelivered: bool = False) -> Delivery:
        self.tag += 1
        delivery = Delivery(
            body=body,
            received_at=self.clock(),
            tag=self.tag,
            headers=headers,
            queue=f"_{self.package}_",
            redelivered=redelivered,
        )
        self.unacknowledged.append(delivery)
        return delivery

    def is_cut(self, now: datetime) -> bool:
        seconds = self.distribution.faults.take("cut")
        if seconds:
            self.cut_until = now + timedelta(seconds=seconds)
            self.again += self.unacknowledged
            self.unacknowledged.clear()
        if self.cut_until is not None and now >= self.cut_until:
            self.cut_until = None
        return self.cut_until is not None

    def ack(self, last: Delivery) -> None:
        while self.unacknowledged and self.unacknowledged[0].tag <= last.tag:
            self.unacknowledged.popleft()

    def close(self) -> None:
        self.closed.set()
