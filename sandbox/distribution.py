"""From the supplier to its packages: what is sent to whom, after what faults do to it."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from datetime import datetime

from .faults import Faults
from .outgoing import Outgoing
from .packages import Package, Packages
from .spoiled import Spoiler
from .supplier import Supplier, milliseconds

#: The one package there is when none is given; its credentials are no secret.
USUAL_USER, USUAL_PASSWORD = "demo", "demo"
RATE_SECONDS = 10


class Distribution:
    """`packages` are the customers'; without any there is one, active, with the supplier's own package id."""

    def __init__(
        self, supplier: Supplier, packages: Iterable[Package] = (), faults: Faults | None = None, seed: int = 1
    ) -> None:
        self.supplier = supplier
        usual = Package(id=supplier.package, user=USUAL_USER, password=USUAL_PASSWORD)
        self.packages = Packages(list(packages) or [usual])
        self.faults = faults or Faults()
        self.spoiler = Spoiler(self.faults, seed)
        self.asked: deque[Package] = deque()
        self.recent: deque[tuple[int, int]] = deque()
        self.waiting: Counter[int] = Counter()

    def messages(self, to: datetime) -> Iterator[tuple[Package, Outgoing]]:
        """Everything sent until `to`, to each active package; and what packages asked for in between."""
        for outgoing in self.spoiler.spoil(self.spontaneous(to), milliseconds(to)):
            for package in self.packages.active():
                self.note(package, outgoing.at)
                yield package, outgoing
        yield from self.triggered()

    def spontaneous(self, to: datetime) -> Iterator[Outgoing]:
        messages = self.faults.take("burst")
        if messages:
            yield from self.supplier.burst(int(messages))
        yield from self.supplier.advance(to)

    def triggered(self) -> Iterator[tuple[Package, Outgoing]]:
        """All fixtures that have not started, to the packages that asked for them."""
        while self.asked:
            package = self.asked.popleft()
            for outgoing in self.supplier.upcoming() if package.active else ():
                self.note(package, outgoing.at)
                yield package, outgoing

    def trigger(self, package: Package) -> None:
        """Send the package all fixtures that have not started, when time next advances. Safe from other threads."""
        self.asked.append(package)

    def note(self, package: Package, at: int) -> None:
        self.recent.append((package.id, at))
        while self.recent[0][1] < at - RATE_SECONDS * 1000:
            self.recent.popleft()

    def rate(self, package: Package) -> float:
        """Messages a second, over the last ten."""
        return sum(each == package.id for each, _ in list(self.recent)) / RATE_SECONDS
