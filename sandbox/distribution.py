"""From the supplier to its packages: what is sent to whom, after what faults do to it."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from .dialects import Counting
from .faults import Faults
from .outgoing import Outgoing
from .packages import Package, Packages
from .spoiled import Spoiler
from .supplier import Supplier, milliseconds

#: The one package there is when none is given; its credentials are no secret.
USUAL_USER, USUAL_PASSWORD = "demo", "demo"
RATE_SECONDS = 10


class Distribution:
    """`packages` are the customers'; without any there is one, active, with the supplier's own package id.

    `witness` is called with every message before faults touch it: with what is true. `back_at` is when a supplier that
    restarts is back, in milliseconds since 1970.
    """

    def __init__(
        self,
        supplier: Supplier,
        packages: Iterable[Package] = (),
        faults: Faults | None = None,
        seed: int = 1,
        witness: Callable[[Outgoing], None] | None = None,
    ) -> None:
        self.supplier = supplier
        usual = Package(id=supplier.package, user=USUAL_USER, password=USUAL_PASSWORD)
        self.packages = Packages(list(packages) or [usual])
        self.faults = faults or Faults()
        self.spoiler = Spoiler(self.faults, seed)
        self.requested: deque[Package] = deque()
        #: What customers asked for that changes what is sent; done when time next advances. Safe from other threads.
        self.wishes: deque[Callable[[], Iterator[Outgoing]]] = deque()
        self.recent: deque[tuple[int, int]] = deque()
        self.waiting: Counter[int] = Counter()
        self.witness = witness
        self.back_at: int | None = None

    def messages(self, to: datetime) -> Iterator[tuple[Package, Outgoing]]:
        """Everything sent until `to`, to each active package; and what packages asked for in between."""
        self.switch()
        for outgoing in self.spoiler.spoil(self.spontaneous(to), milliseconds(to)):
            for package in self.packages.active():
                if package.takes(outgoing.feeds) and outgoing.fixture_id not in package.cancelled:
                    self.note(package, outgoing.at)
                    yield package, outgoing
        yield from self.triggered()

    def switch(self) -> None:
        """Do what faults ask of the supplier as a whole."""
        if self.faults.take("off"):
            for package in self.packages.active():
                self.packages.switch(package, False)
        if seconds := self.faults.take("restart"):
            self.back_at = self.supplier.now + int(seconds * 1000)
        counting = Counting(int(self.faults.number("counting")))
        for dialect in self.supplier.dialects:
            dialect.post.counting = counting

    def spontaneous(self, to: datetime) -> Iterator[Outgoing]:
        messages = self.faults.take("burst")
        if messages:
            yield from self.supplier.burst(int(messages))
        while self.wishes:
            yield from self.wishes.popleft()()
        for outgoing in self.supplier.advance(to):
            if self.witness is not None:
                self.witness(outgoing)
            if self.back_at is None:
                yield outgoing
        if self.back_at is not None and self.back_at <= milliseconds(to):
            self.back_at = None
            yield from self.supplier.begin_anew()

    def triggered(self) -> Iterator[tuple[Package, Outgoing]]:
        """All fixtures that have not started, to the packages that asked for them."""
        while self.requested:
            package = self.requested.popleft()
            for outgoing in self.supplier.upcoming() if package.active else ():
                self.note(package, outgoing.at)
                yield package, outgoing

    def trigger(self, package: Package) -> None:
        """Send the package all fixtures that have not started, when time next advances. Safe from other threads."""
        self.requested.append(package)

    def note(self, package: Package, at: int) -> None:
        self.recent.append((package.id, at))
        while self.recent[0][1] < at - RATE_SECONDS * 1000:
            self.recent.popleft()

    def rate(self, package: Package) -> float:
        """Messages a second, over the last ten."""
        return sum(package_id == package.id for package_id, _ in list(self.recent)) / RATE_SECONDS
