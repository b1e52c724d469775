"""The counting of a rolling restart, on recorded samples: what is old, what a watcher had to read, what is missing."""

import pytest

from bench.rolling_run import ages, differing, named
from bench.rolling_watch import Line, Program, longest_gap, not_up
from exam.count import Window
from exam.sample import View, spans_of
from tests.test_exam_count import BET, Feed

WINDOW = Window(10, 60)


def oldest(feed: Feed, *views: tuple[float, str | None]) -> float:
    spans = list(spans_of([View(at, BET, text) for at, text in views], until=80))
    return round(max((age for age, _ in ages(spans, feed.truth(), WINDOW)), default=0.0), 3)


def test_a_price_is_as_old_as_the_word_that_is_not_painted_yet() -> None:
    feed = Feed().says(1, "2.00").says(20, "2.10").says(21, "2.20")
    assert oldest(feed, (1.2, "2.00"), (20.3, "2.10"), (21.4, "2.20")) == 0.4
    assert oldest(feed, (1.2, "2.00"), (24.5, "2.20")) == 4.5


def test_a_page_that_never_paints_it_is_as_old_as_the_restart_ends() -> None:
    assert oldest(Feed().says(1, "2.00").says(20, "2.10"), (1.2, "2.00")) == 40


def test_an_old_price_that_is_painted_anew_has_its_whole_age() -> None:
    feed = Feed().says(1, "2.00").says(20, "2.10")
    assert oldest(feed, (1.2, "2.00"), (20.1, "2.10"), (30, "2.00"), (31, "2.10")) == 11


def test_a_price_that_looks_open_though_it_was_suspended_is_old() -> None:
    assert oldest(Feed().says(1, "2.00").says(20, "2.00", status=2), (1.2, "2.00"), (23, "")) == 3


def test_what_is_late_on_its_way_from_the_supplier_is_no_age_of_the_page() -> None:
    feed = Feed().says(1, "2.00").says(20, "2.10", arrives=5)
    assert oldest(feed, (1.2, "2.00"), (25.3, "2.10")) == 0.3


def test_what_was_old_before_the_restart_is_not_counted() -> None:
    feed = Feed().says(1, "2.00").says(4, "2.10")
    assert oldest(feed, (1.2, "2.00"), (9, "2.10")) == 0


def test_a_cell_of_the_board_is_the_bet_of_its_fixture_and_bookmaker() -> None:
    truth = Feed().says(1, "2.00").truth()
    assert list(named([(2.0, "7/8/70", "2.00"), (2.0, "7/9/70", "3.00")], truth)) == [View(2.0, BET, "2.00")]


def test_a_bet_that_the_program_lacks_or_has_at_another_price_is_otherwise() -> None:
    truth, ids = Feed().says(1, "2.00").says(20, "2.10").truth(), (7, 1, 8, 70)
    bets: list[dict[tuple[int, ...], tuple[int, str | None]]] = [
        {},
        {ids: (1, "2.00")},
        {ids: (2, "2.10")},
        {ids: (1, None)},
        {ids: (1, "2.1")},
    ]
    assert [differing(Program([], [], [], held), truth) for held in bets] == [1, 1, 1, 1, 0]


def test_every_state_but_up_is_counted_with_its_seconds_in_the_restart() -> None:
    lines = [Line(0, "up"), Line(12, "down"), Line(13.5, "up"), Line(59, "late")]
    assert not_up(lines, *WINDOW) == [("down", 1.5), ("late", 1)]
    assert not_up([Line(0, "recovering"), Line(11, "up")], *WINDOW) == [("recovering", 1)]
    assert not_up([Line(0, "up")], *WINDOW) == []


def test_who_read_nothing_has_not_read_that_all_was_well() -> None:
    with pytest.raises(AssertionError):
        not_up([], *WINDOW)


def test_the_longest_gap_reaches_to_the_edges() -> None:
    assert longest_gap([5, 20, 22, 59], *WINDOW) == 37
    assert longest_gap([], *WINDOW) == 50
    assert longest_gap(range(100), *WINDOW) == 1
