"""The simulated supplier's own numbers are those that the desk has names for."""

from enum import IntEnum

import pytest

from feed.codes import KNOWN, IncidentType
from sandbox.numbers import Description, Happening, Reason


@pytest.mark.parametrize(
    ("numbers", "kind"),
    [(Description, "description"), (Happening, "statistic"), (Reason, "suspension reason")],
    ids=["descriptions", "happenings", "reasons"],
)
def test_the_desk_has_a_name_for_every_number(numbers: type[IntEnum], kind: str) -> None:
    assert {member.name for member in numbers if member not in KNOWN[kind]} == set()


def test_what_the_desk_acts_on_has_the_same_number_on_both_sides() -> None:
    shared = IncidentType.__members__.keys() & Happening.__members__.keys()
    assert shared >= {"CORNERS", "YELLOW_CARD", "RED_CARD", "SCORE"}
    assert {name: Happening[name].value for name in shared} == {name: IncidentType[name].value for name in shared}
