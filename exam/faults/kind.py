"""What a kind of fault is."""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from exam.count import Excuse
from exam.rig import Rig

Form = TypeVar("Form")
#: Enters a fault, says which times of notice it has, and mends it when it is left. It chooses by the seed's chances.
Act = Callable[[Rig, Random], AbstractContextManager["Happening"]]


@dataclass(frozen=True, slots=True)
class Happening:
    """What exactly is done, and the times of notice that the desk states for it."""

    what: str
    excuses: tuple[Excuse, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault, and between how many and how many seconds it lasts."""

    name: str
    act: Act
    seconds: tuple[float, float]


def form_of(rig: Rig, forms: Sequence[Form]) -> Form:
    """The one of a fault's forms whose turn it is: as many seeds on end as there are forms try them all."""
    return forms[rig.seed % len(forms)]


def notice(seconds: float) -> tuple[Excuse, ...]:
    """The excuse that the fault is news, for `seconds` from now on."""
    return (Excuse(time.time(), seconds),)
