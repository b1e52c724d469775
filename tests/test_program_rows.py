"""What programs are shown of a fixture beside its score and prices, whichever way LSports wrote it."""

import pytest

from feed.live.programs.labels import label, line_up, shirt, sub_period
from feed.live.programs.rows import venue_json
from tests.api_documents import schema_validator


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ({"id": 3, "name": "Final"}, {"id": 3, "name": "Final"}),
        ({"name": "Final"}, {"id": None, "name": "Final"}),
        (3, {"id": 3, "name": None}),
        ("Final", {"id": None, "name": "Final"}),
        (None, None),
        ("", None),
    ],
)
def test_a_label_is_told_alike_however_it_was_written(written: object, shown: object):
    assert label(written) == shown


def test_a_shirt_of_one_text_is_its_primary_colour():
    assert shirt("ff0000") == {"primary": "ff0000", "number": None, "outline": None}


@pytest.mark.parametrize(
    ("written", "shown"), [("1", "Outdoors"), ("Outdoors", "Outdoors"), ("7", "Environment 7"), (None, None)]
)
def test_a_venues_numbers_have_names(written: str | None, shown: str | None):
    venue = venue_json({"name": "North Ground", "environment": written})
    assert venue is not None
    assert venue["environment"] == shown
    schema_validator("Venue").validate(venue)


def test_a_line_up_has_its_players_with_their_places():
    player = {
        "player_id": 501,
        "shirt_number": "9",
        "position": "Forward",
        "state": {"id": 2},
        "player": {"name": "Lenz"},
    }
    (shown,) = line_up([player])
    assert (shown["player_id"], shown["name"], shown["position"]["name"], shown["state"]["id"]) == (
        "501",
        "Lenz",
        "Forward",
        2,
    )
    schema_validator("LineUpPlayer").validate(shown)


def test_a_game_of_a_set_is_told_with_its_incidents():
    incident = {
        "incident_type": 27,
        "results": [{"position": 1, "value": "15"}, {"position": 2}],
        "players": [{"id": "5"}],
    }
    game = sub_period({"type": 60, "is_finished": False, "is_confirmed": False, "scores": {}, "incidents": [incident]})
    assert game["incidents"][0]["scores"] == {"1": "15"}
    schema_validator("SubPeriod").validate(game)
