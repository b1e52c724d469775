"""The checks: each yields the faults that it finds at one moment."""

from collections.abc import Callable, Iterator
from datetime import datetime

from alarms.fault import Fault

Check = Callable[[datetime], Iterator[Fault]]
