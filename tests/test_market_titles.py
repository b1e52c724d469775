"""What a reader sees as a market's name."""

import pytest

from feed.pages.labels import description_label, market_title


@pytest.mark.parametrize(
    ("market_id", "name", "title"),
    [
        (52, "12", "Winner"),
        (226, "12 Including Overtime", "Winner Including Overtime"),
        (1, "1X2", "1X2"),
        (5000, "120 Minutes", "120 Minutes"),
    ],
)
def test_the_winner_of_a_match_without_a_draw_is_called_that(market_id: int, name: str, title: str):
    assert market_title(market_id, name) == title


@pytest.mark.parametrize(
    ("sport_id", "description", "words"),
    [
        (154914, 49, "Break after 4th inning"),
        (6046, 46, "Break after 1st half"),
        (48242, 47, "Break after 2nd quarter"),
        (None, 49, "Break after 4th period"),
        (154914, 1, "Half-time"),
    ],
)
def test_a_break_is_named_after_what_the_sport_calls_its_periods(sport_id: int | None, description: int, words: str):
    assert description_label(description, sport_id) == words
