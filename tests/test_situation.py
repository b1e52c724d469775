"""feed/pages/fixture/situation.py: the livescore extra data in words."""

import pytest

from feed.models import Scoreboard
from feed.pages.fixture.situation import situation_of


def situation(**extra: object) -> str:
    return situation_of(Scoreboard(extra_data={name.replace("_", " "): value for name, value in extra.items()}))


def test_a_baseball_count_reads_as_its_followers_read_it():
    words = situation(Bases="1/1/0", Turn="2", Outs="2", Strikes="2", Balls="1")
    assert words == "Balls 1 · Strikes 2 · Outs 2 · On base 1st, 2nd"


def test_empty_bases_are_said():
    assert situation(Bases="0/0/0") == "Bases empty"


@pytest.mark.parametrize("bases", ["1/1", "full", "2/0/0"])
def test_bases_written_otherwise_stand_as_they_came(bases: str):
    assert situation(Bases=bases) == f"On base {bases}"


def test_a_second_serve_on_clay_is_told():
    assert situation(CourtSurfaceType="Clay", Serve_Number="2") == "2nd serve · Surface Clay"


def test_the_serve_itself_is_left_to_the_mark_beside_the_name():
    assert situation(Turn="1") == ""


def test_a_name_that_is_not_known_is_told_after_those_that_are():
    assert situation(Down="3", Balls="0") == "Balls 0 · Down 3"


def test_what_has_no_value_is_not_told():
    assert situation(Balls="", Ladder="") == ""


def test_a_fixture_without_a_scoreboard_has_no_situation():
    assert situation_of(None) == ""
