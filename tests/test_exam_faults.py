"""When the exam's faults of the package end: healing is counted from there."""

from random import Random
from typing import Any, cast

import pytest

from exam.faults import supplier
from exam.rig import Rig


class FakeRig:
    """`done` is what was done to it; the package is on again after `checks` of whether it is."""

    def __init__(self, *, seed: int = 0, checks: int = 0) -> None:
        self.seed = seed
        self.checks = checks
        self.package = 5
        self.made = self
        self.done: list[Any] = []

    def fault(self, text: str) -> None:
        self.done.append(text)

    def run(self, *command: str) -> None:
        self.done.append((command[1], command[4]))

    def rest(self, seconds: float) -> None:
        self.done.append(seconds)

    def is_distributed(self) -> bool:
        self.checks -= 1
        return self.checks < 0


def acted(rig: FakeRig) -> list[Any]:
    """What the end of the fault does."""
    with supplier.off(cast(Rig, rig), Random(1)):
        rig.done.clear()
    return rig.done


def test_what_lsports_switched_off_is_over_once_the_desk_has_it_on_again() -> None:
    assert acted(FakeRig(checks=3)) == [0.2] * 3


def test_a_desk_that_does_not_switch_it_on_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supplier, "ON_AGAIN_SECONDS", 0.0)
    assert acted(FakeRig(checks=9**9)) == []


def test_what_a_person_switched_off_is_over_with_the_second_product() -> None:
    done = acted(FakeRig(seed=1))
    assert done[-1] == ("activate", "trade_pre_match")
    assert len(done) == 3
