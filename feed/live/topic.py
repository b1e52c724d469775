"""What the hub needs to know of a topic, be it a page's or a program's."""

from collections.abc import Collection
from typing import Protocol


class Topic(Protocol):
    """One thing that can be watched and changes as a whole. It is hashable; equal topics share their content.

    `fixture_id` is 0 for what is not of one fixture. `pace` is the least time between two frames of it, in seconds.
    `cost` is what a poll of it costs, in units of a board row (about 30 us); `first_cost` what it costs for those who
    have nothing of it yet. `follows_everything`: of no fixture, and each change of any may change it.
    """

    @property
    def fixture_id(self) -> int: ...

    @property
    def pace(self) -> float: ...

    @property
    def cost(self) -> int: ...

    @property
    def first_cost(self) -> int: ...

    @property
    def follows_everything(self) -> bool: ...

    def may_show(self, aspects: Collection[str], markets: Collection[int], moved: bool) -> bool:
        """Whether a change of these aspects and markets of its fixture (without a fixture: of any) may change it."""
