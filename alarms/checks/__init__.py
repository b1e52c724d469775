"""What is looked at: each check yields the faults of one moment."""

from collections.abc import Callable, Iterator
from datetime import datetime

from alarms.fault import Fault

Check = Callable[[datetime], Iterator[Fault]]
