"""How prices went: paths, thinning, marks, the small picture."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from feed.journal.scores import Scores
from feed.models import Incident
from feed.pages.prices.history import Path, Point, as_columns, card_marks, filled, score_marks, spark
from tests.rows import NOW


def path(*points: tuple[float, str | None]) -> Path:
    return Path(
        8,
        "Book 8",
        tuple(
            Point(NOW + timedelta(seconds=at), Decimal(price) if price else None, 1 if price else 2)
            for at, price in points
        ),
    )


def test_a_price_stands_until_the_next_and_a_suspension_is_a_gap():
    moments = [NOW + timedelta(seconds=at) for at in (0, 1, 2, 3)]
    assert filled(path((1, "2.0"), (2, None)), moments) == [None, 2.0, None, None]


@given(st.lists(st.decimals(min_value="1.01", max_value="50", places=2), min_size=1, max_size=400))
def test_thinning_keeps_the_first_the_last_the_least_and_the_greatest(prices: list[Decimal]):
    columns = as_columns([path(*((at, str(price)) for at, price in enumerate(prices)))], 20)
    drawn = columns["series"][0]["prices"]
    assert len(columns["times"]) <= 20 * 3 + 5
    assert (drawn[0], drawn[-1]) == (float(prices[0]), float(prices[-1]))
    assert (min(drawn), max(drawn)) == (float(min(prices)), float(max(prices)))


def scores(home: str, seconds: float = 0) -> Scores:
    """A scoreboard of the first half, so many seconds into it."""
    at = NOW + timedelta(seconds=seconds)
    return Scores(0, 7, at, at, 2, None, 10, int(seconds), {"1": home, "2": "0"})


def test_changes_of_the_score_are_marked():
    history = [scores(home) for home in ("0", "0", "1")]
    assert [mark.label for mark in score_marks(history)] == ["1–0"]


def test_a_red_card_is_marked_when_the_clock_showed_its_minute():
    history = [scores("0", at) for at in (0, 60, 120)]
    card = Incident(type=7, seconds=50, period=10)
    assert [mark.at for mark in card_marks(history, [card])] == [NOW + timedelta(seconds=60)]


def test_the_small_picture_steps_and_breaks_where_the_price_was_suspended():
    line = spark(path((0, "2.0"), (30, None), (45, "3.0"), (60, "3.0")).points)
    assert line == "M0.0 15.0H30.0M45.0 1.0H60.0L60.0 1.0H60.0"


def test_no_price_is_no_picture():
    assert spark(path((0, None)).points) == ""
