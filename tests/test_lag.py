"""When a feed is late, and when a clock is wrong instead; neither flaps."""

import random

import pytest

from feed.models import FeedSource
from feed.pages.feed_line import feed_age, feed_line
from feed.vouching.lag import AGAIN_SECONDS, LEAST_SECONDS, Age, Ages, Lag
from feed.vouching.source_health import Health
from feed.vouching.sources import SourceHealth, Vouching

LIMIT = 3.0


def fed(lag: Lag, begin: float, end: float, by: float) -> Lag:
    """A heartbeat each 5 s, each so old."""
    now = begin
    while now < end:
        lag.note(by, now, is_heartbeat=True)
        now += 5.0
    return lag


def test_a_delay_makes_the_feed_late_with_the_first_heartbeat_and_its_end_on_time_with_the_next():
    lag = fed(Lag(LIMIT), 0, 60, 0.2)
    assert not lag.is_late
    lag.note(12.2, 72, is_heartbeat=True)
    assert lag.is_late
    lag.note(0.2, 77, is_heartbeat=True)
    assert not lag.is_late


def test_one_old_message_on_a_quiet_feed_makes_nothing_late():
    lag = fed(Lag(LIMIT), 0, 60, 0.2)
    lag.note(3600, 59.5)
    assert not lag.is_late


@pytest.mark.parametrize("delay", [3.1, 4.0, 5.0, 12.0])
def test_the_first_message_that_was_sent_after_a_fresh_one_and_comes_late_makes_the_feed_late(delay: float):
    lag = fed(Lag(LIMIT), 0, 60, 0.2)
    lag.note(0.2, 61)
    lag.note(61.5 - 60.5, 61.5)
    lag.note(delay, 61.4 + delay)
    assert lag.is_late


def test_messages_that_were_sent_before_a_fresh_one_are_strays():
    lag = fed(Lag(LIMIT), 0, 60, 0.2)
    for now in (60.2, 60.4, 60.6, 60.8):
        lag.note(now - 50, now)
        assert not lag.is_late


def test_a_queue_that_is_worked_off_is_late_until_what_comes_is_fresh():
    lag = Lag(LIMIT)
    for now in range(30):
        lag.note(600 - 20 * now, now)
        assert lag.is_late
    lag.note(0.5, 30)
    assert not lag.is_late


def test_what_is_never_fresh_is_late_for_ten_minutes_and_then_a_wrong_clock():
    lag = fed(Lag(LIMIT), 0, LEAST_SECONDS - 1, 40)
    assert lag.is_late
    assert lag.clocks_differ_by(LEAST_SECONDS - 1) is None
    fed(lag, LEAST_SECONDS, LEAST_SECONDS + 30, 40)
    assert not lag.is_late
    assert lag.clocks_differ_by(LEAST_SECONDS + 30) == 40


@pytest.mark.parametrize("step", [3600.0, 40.0, -3600.0])
def test_a_clock_that_is_set_is_told_as_a_wrong_clock_at_once_and_makes_nothing_late(step: float):
    lag = fed(Lag(LIMIT), 0, LEAST_SECONDS, 0.2)
    fed(lag, LEAST_SECONDS, LEAST_SECONDS + 60, 0.2 + step)
    assert not lag.is_late
    assert lag.clocks_differ_by(LEAST_SECONDS + 60) == pytest.approx(0.2 + step)


def test_a_clock_that_is_set_right_again_makes_nothing_late():
    lag = fed(Lag(LIMIT), 0, 700, -3600)
    fed(lag, 700, 760, 0.2)
    assert not lag.is_late
    assert lag.clocks_differ_by(760) is None


@pytest.mark.parametrize("seed", range(20))
def test_a_lag_about_the_limit_does_not_flap(seed: int):
    lag, rng, changes, before = fed(Lag(LIMIT), 0, 60, 0.2), random.Random(seed), [], False
    for step in range(2000):
        lag.note(rng.choice((0.2, 2.9, 3.3, 5.0)), 60 + step / 2, is_heartbeat=rng.random() < 0.1)
        if lag.is_late != before:
            changes.append(60 + step / 2)
            before = lag.is_late
    assert len(changes) <= 2 + 2 * 1000 / AGAIN_SECONDS


def test_ages_are_the_95th_percentile_of_the_last_minute_with_the_part_of_lsports():
    ages = Ages()
    ages.note([(30.0, 29.0)] * 50, 0)
    assert ages.age(30) == Age(30_000, 29_000)
    ages.note([(0.5, 0.3)] * 90 + [(2.0, 1.5)] * 10, 90)
    assert ages.age(95) == Age(2_000, 1_500)
    assert ages.age(200) is None


def vouching(**fields: object) -> Vouching:
    source = FeedSource(name="in-play", kind="queue", state="up", **fields)
    return Vouching((SourceHealth(source, Health(FeedSource.State.UP, None, str(fields.pop("state_reason", "")))),))


def test_the_line_says_how_old_what_comes_is_and_whose_part_that_is():
    age = feed_age(vouching(age_ms=1400, supplier_age_ms=1100))
    assert age.text == "1.4 s"
    assert "1.1 s to us, 0.3 s here" in age.parts
    assert feed_age(vouching()).text == ""


def test_a_wrong_clock_is_said_instead_of_an_age():
    wrong = vouching(age_ms=40_000, supplier_age_ms=40_000, state_reason="LSports' clock is 40 s behind ours.")
    assert feed_age(wrong).text == ""
    assert feed_line(wrong).text == "Feed live; in-play: LSports' clock is 40 s behind ours"
