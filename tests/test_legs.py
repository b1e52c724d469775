"""The four clocks: how long each leg of a change took, and which part is slow."""

import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.live.hub.watcher import Unacked
from feed.live.latency import WINDOW_SECONDS, Clocks, in_bucket, way_of
from feed.live.legs import BOUNDS, Leg, added_windows, quantile
from feed.live.payload import Times
from feed.models import WebProcess
from feed.operations.health_page import health_page, milliseconds_text
from feed.vouching.sources import read_vouching
from tests.rows import NOW, make_source


def ms(number: float) -> timedelta:
    return timedelta(milliseconds=number)


def displayed(clocks: Clocks, to_us: float = 100, display: float = 30, waited: float = 0, network: float = 10) -> None:
    """A change that took so long; the acknowledgement left later, and came over the network that the frame came by."""
    sent = time.monotonic()
    way = way_of(Times(NOW, NOW + ms(to_us), NOW + ms(to_us + 20)), NOW + ms(to_us + 20 + 50))
    assert way is not None
    clocks.note_displayed(Unacked(100, sent, (way,)), display, waited, sent + (display + waited + network) / 1000)


def p50(clocks: Clocks, leg: Leg) -> float:
    value = quantile(clocks.window()[leg], 0.5)
    assert value is not None
    return value


@pytest.mark.parametrize("waited", [0, 400])
def test_each_leg_is_measured_and_half_of_the_network_is_the_way_there(waited: float):
    clocks = Clocks()
    displayed(clocks, waited=waited)
    for leg, milliseconds in (
        (Leg.TO_US, 100),
        (Leg.STORING, 20),
        (Leg.PUSHING, 50),
        (Leg.DISPLAY, 35),
        (Leg.WHOLE, 205),
    ):
        assert p50(clocks, leg) == pytest.approx(milliseconds, rel=0.26)


def test_what_a_recording_says_of_when_it_was_sent_is_not_counted():
    clocks = Clocks()
    displayed(clocks, to_us=3_600_000)
    assert (sum(clocks.window()[Leg.TO_US]), sum(clocks.window()[Leg.STORING])) == (0, 1)


@pytest.mark.parametrize("nonsense", [-5, 1e9, float("nan")])
def test_a_page_that_tells_nonsense_of_its_display_is_not_believed(nonsense: float):
    clocks = Clocks()
    displayed(clocks, display=nonsense)
    assert sum(clocks.window()[Leg.DISPLAY]) == 0


def test_what_is_older_than_the_window_is_forgotten_there_but_not_in_the_totals(monkeypatch: pytest.MonkeyPatch):
    clocks = Clocks()
    displayed(clocks)
    later = time.monotonic() + WINDOW_SECONDS + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert (sum(clocks.window()[Leg.WHOLE]), sum(clocks.totals[Leg.WHOLE])) == (0, 1)


@given(st.lists(st.floats(0.7, 100_000), min_size=1, max_size=200), st.floats(0.01, 1))
def test_a_quantile_is_true_to_a_quarter(values: list[float], share: float):
    clocks = Clocks()
    for value in values:
        clocks.note([in_bucket(Leg.WHOLE, value)], time.monotonic())
    exact = sorted(values)[max(0, -(-int(share * len(values) * 1e9) // 10**9) - 1)]
    found = quantile(clocks.window()[Leg.WHOLE], share)
    assert found is not None
    assert exact / 1.26 <= found <= exact * 1.26


def test_there_is_no_quantile_of_nothing():
    assert quantile([0] * len(BOUNDS), 0.5) is None


def test_processes_are_added_up_and_what_is_no_window_counts_as_nothing():
    clocks = Clocks()
    displayed(clocks)
    together = added_windows([clocks.window(), clocks.window(), {}, {"whole": [1, 2]}])
    assert sum(together[Leg.WHOLE]) == 2


@pytest.mark.parametrize(("value", "text"), [(None, "–"), (84.4, "84 ms"), (1240, "1.2 s")])
def test_times_are_written_for_people(value: float | None, text: str):
    assert milliseconds_text(value) == text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slow", "who"),
    [
        ({"to_us": 9000}, "LSports, or the connection to it"),
        ({"display": 9000}, "the browsers, or the connection to them"),
        ({}, "promptly"),
    ],
)
def test_the_health_page_says_who_is_slow(slow: dict[str, float], who: str):
    make_source()
    clocks = Clocks()
    displayed(clocks, **slow)
    WebProcess.objects.create(id="one", started_at=NOW, seen_at=NOW, pages=3, programs=1, clocks=clocks.window())
    WebProcess.objects.create(id="gone", started_at=NOW, seen_at=NOW - timedelta(minutes=1), pages=9)
    page = health_page(read_vouching(NOW), NOW)
    assert who in page.verdict
    assert (page.pages, page.programs, page.is_well) == (3, 1, not slow)


@pytest.mark.django_db
def test_the_health_page_says_first_what_ails_the_feed():
    make_source(state="down", state_reason="The broker refused the password.")
    page = health_page(read_vouching(NOW), NOW)
    assert page.verdict.startswith("in-play: The broker refused the password.")
    assert not page.is_well
