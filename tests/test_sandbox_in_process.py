"""The simulated supplier as a transport in this process."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from feed.transport import Delivery, Transport
from sandbox.distribution import Distribution
from sandbox.faults import Faults
from sandbox.in_process import InProcess
from sandbox.packages import Package
from sandbox.supplier import Supplier

START = datetime(2026, 1, 10, 15, tzinfo=UTC)


class Clock:
    """Time that goes only when it is told to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def make_transport(clock: Clock, *faults: str) -> InProcess:
    return InProcess(Supplier(fixtures=12, start=START), faults=Faults(*faults), clock=clock)


def waiting(deliveries: Iterator[Delivery | None]) -> list[Delivery]:
    """What is yielded until None is."""
    return [
        delivery for delivery in takewhile(lambda delivery: delivery is not None, deliveries) if delivery is not None
    ]


def test_it_is_a_transport() -> None:
    transport: Transport = make_transport(Clock())
    assert transport.trouble == ""


def test_it_yields_what_has_come_by_now_and_then_none() -> None:
    clock = Clock()
    deliveries = iter(make_transport(clock))
    first = waiting(deliveries)
    assert [delivery.headers["MessageType"] for delivery in first] == ["32", "31"]
    clock.pass_seconds(5)
    second = waiting(deliveries)
    assert len(second) > 50
    assert waiting(deliveries) == []
    assert [delivery.tag for delivery in first + second] == list(range(1, len(first + second) + 1))
    assert {delivery.queue for delivery in second} == {"_102030_"}
    assert {delivery.received_at for delivery in second} == {clock.now}


def test_it_ends_at_once_when_it_is_closed_from_another_thread() -> None:
    transport = InProcess(Supplier(fixtures=12, start=datetime.now(UTC)))
    ended = threading.Event()

    def read() -> None:
        for _ in transport:
            pass
        ended.set()

    threading.Thread(target=read, daemon=True).start()
    begun = time.monotonic()
    transport.close()
    assert ended.wait(2)
    assert time.monotonic() - begun < 1


def test_it_ends_in_the_middle_of_what_waits() -> None:
    clock = Clock()
    transport = make_transport(clock)
    clock.pass_seconds(20)
    deliveries = iter(transport)
    next(deliveries)
    transport.close()
    assert list(deliveries) == []


def test_a_cut_connection_says_so_and_then_gives_back_what_was_not_acknowledged() -> None:
    clock = Clock()
    transport = make_transport(clock)
    deliveries = iter(transport)
    clock.pass_seconds(2)
    before = waiting(deliveries)
    transport.ack(before[9])
    transport.distribution.faults.start("cut:10")
    clock.pass_seconds(5)
    assert waiting(deliveries) == []
    assert transport.trouble == "The connection was cut (a simulated fault)."
    clock.pass_seconds(11)
    after = waiting(deliveries)
    assert transport.trouble == ""
    again = [delivery for delivery in after if delivery.redelivered]
    assert [delivery.body for delivery in again] == [delivery.body for delivery in before[10:]]
    assert len(after) > len(again), "what was sent meanwhile had waited"
    assert [delivery.tag for delivery in after] == sorted(delivery.tag for delivery in after)


def test_what_is_purged_does_not_come_again() -> None:
    clock = Clock()
    transport = make_transport(clock)
    deliveries = iter(transport)
    clock.pass_seconds(2)
    waiting(deliveries)
    transport.distribution.faults.start("cut:1")
    clock.pass_seconds(0.5)
    assert waiting(deliveries) == []
    transport.distribution.faults.start("purge")
    clock.pass_seconds(2)
    assert not [delivery for delivery in waiting(deliveries) if delivery.redelivered]


def test_an_inactive_package_gets_nothing_until_it_is_activated() -> None:
    clock = Clock()
    package = Package(id=102030, user="u", password="p", active=False)
    transport = InProcess(Distribution(Supplier(fixtures=12, start=START), [package]), clock=clock)
    deliveries = iter(transport)
    clock.pass_seconds(10)
    assert waiting(deliveries) == []
    package.active = True
    clock.pass_seconds(10)
    assert waiting(deliveries)


def test_only_its_own_packages_messages_arrive() -> None:
    clock = Clock()
    packages = [Package(id=package_id, user="u", password="p") for package_id in (102030, 7)]
    transport = InProcess(Distribution(Supplier(fixtures=12, start=START), packages), clock=clock)
    clock.pass_seconds(3)
    bodies = [delivery.body for delivery in waiting(iter(transport))]
    assert len(bodies) == len(set(bodies))
