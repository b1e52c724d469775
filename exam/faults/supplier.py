"""Faults of the supplier, and of what it sends on the way: from when on they can be known, the witness says."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from exam.rig import Rig

from .kind import Happening, form_of

#: How much longer every other silence lasts.
LONGER_SECONDS = 20.0
#: LSports refuses the same request within this time.
SAME_REQUEST_SECONDS = 5.5
#: A desk that has not switched a package on again within this time, twice its silence of 15 s and two of
#: its looks at the packages, does not do it.
ON_AGAIN_SECONDS = 50.0


@contextmanager
def silence(rig: Rig, rng: Random) -> Iterator[Happening]:
    """Nothing is sent, not even heartbeats; what happens meanwhile is never sent. A long one goes on to DOWN."""
    with rig.faulty("silence"):
        longer = form_of(rig, (0.0, LONGER_SECONDS))
        rig.rest(longer)
        yield Happening("the supplier sends nothing" + (" for long" if longer else ""))


@contextmanager
def lag(rig: Rig, rng: Random) -> Iterator[Happening]:
    """Everything comes late."""
    seconds = rng.randint(5, 12)
    with rig.faulty(f"delay:{seconds}"):
        yield Happening(f"messages come {seconds} s late")


@contextmanager
def loss(rig: Rig, rng: Random) -> Iterator[Happening]:
    """A share of the messages never comes."""
    share = form_of(rig, (0.05, 0.1, 0.3))
    with rig.faulty(f"lost:{share}"):
        yield Happening(f"{share:.0%} of the messages get lost")


@contextmanager
def disorder(rig: Rig, rng: Random) -> Iterator[Happening]:
    """Messages come twice, and change places."""
    twice, moved = rng.choice((0.1, 0.3)), rng.choice((0.1, 0.3))
    with rig.faulty(f"duplicates:{twice}", f"reordering:{moved}"):
        yield Happening(f"{twice:.0%} of the messages come twice, {moved:.0%} change places")


@contextmanager
def off(rig: Rig, rng: Random) -> Iterator[Happening]:
    """LSports, or a person, switches the package off; the desk itself, or that person, switches it on again."""
    with form_of(rig, (off_by_lsports, off_by_person))(rig) as happening:
        yield happening


@contextmanager
def off_by_lsports(rig: Rig) -> Iterator[Happening]:
    """It ends when the desk has it switched on again: before that nothing comes that could heal anything."""
    rig.fault("off")
    yield Happening("LSports switches the package off")
    ends = time.monotonic() + ON_AGAIN_SECONDS
    while not rig.is_distributed() and time.monotonic() < ends:
        rig.rest(0.2)


@contextmanager
def off_by_person(rig: Rig) -> Iterator[Happening]:
    switch(rig, "deactivate", "--yes")
    yield Happening("a person switches the package off")
    switch(rig, "activate")


def switch(rig: Rig, action: str, *options: str) -> None:
    """Both of the package's products, as fast as LSports allows the same request. It is done with the second."""
    rig.made.run("package", action, str(rig.package), "--product", "trade_in_play", *options)
    rig.rest(SAME_REQUEST_SECONDS)
    rig.made.run("package", action, str(rig.package), "--product", "trade_pre_match", *options)
