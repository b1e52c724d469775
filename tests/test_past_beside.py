"""Two moments of a fixture side by side: what differs is marked and said in words."""

# ruff: noqa: F811 - tests ask for the fixtures that are imported

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from feed.past.moments import moment_text

from .received import FIXTURE
from .test_past_pages import address, html, moments, no_pasts, trader  # noqa: F401 - fixtures

pytestmark = pytest.mark.usefixtures("either_database")


def beside(client: Client, first: datetime, last: datetime) -> str:
    return html(client, address(first, f"/fixtures/{FIXTURE}/beside/{moment_text(last)}/"))


def differences(page: str) -> dict[str, str]:
    """What is marked, by its head, in words."""
    rows = re.findall(r'<tr class="beside__differs">(.*?)</tr>', page, re.DOTALL)
    return {
        re.findall(r'<th scope="row">(.*?)</th>', row)[0]: re.findall(r"<td>(.*?)</td>", row, re.DOTALL)[-1].strip()
        for row in rows
    }


def test_what_differs_is_marked_and_said_in_words(trader: Client, moments: list[datetime]):
    page = beside(trader, moments[0], moments[-1])
    assert differences(page) == {
        "Score": "0 : 0, then 1 : 0",
        "1": "Longer: 1.50, then 9.50",
    }
    back = beside(trader, moments[-1], moments[0])
    assert differences(back)["1"] == "Shorter: 9.50, then 1.50"


def test_a_suspension_is_a_difference_and_a_market_that_did_not_change_is_left_out(
    trader: Client, moments: list[datetime]
):
    suspended = differences(beside(trader, moments[0], moments[1]))
    assert suspended.keys() == {"1"}
    assert suspended["1"].startswith("was: open; then: ")
    goal = beside(trader, moments[1], moments[2])
    assert differences(goal).keys() == {"Score"}
    assert "No price differs." in goal
    assert "1X2" not in goal


def test_between_a_moment_and_itself_nothing_differs(trader: Client, moments: list[datetime]):
    assert differences(beside(trader, moments[1], moments[1])) == {}


def test_the_form_and_the_link_lead_there_the_earlier_first(trader: Client, moments: list[datetime]):
    way = address(moments[2]) + "beside/"
    there = trader.get(way, {"day": f"{moments[0]:%Y-%m-%d}", "time": f"{moments[0]:%H:%M:%S.%f}"})["Location"]
    assert there == address(moments[0], f"/fixtures/{FIXTURE}/beside/{moment_text(moments[2])}/")
    assert trader.get(way)["Location"].startswith(f"{address(moments[2])}beside/{timezone.now():%Y-%m-%dT%H:%M}")
    assert trader.get(way, {"day": "x", "time": "y"}).status_code == 404
    assert f'href="{way}"' in html(trader, address(moments[2]))


def test_it_is_marked_as_the_past_and_leads_to_both_and_to_the_present(trader: Client, moments: list[datetime]):
    page = beside(trader, moments[0], moments[1])
    for mark in ("data-past", "As it was. Not live", f'href="{address(moments[0])}"', f'href="{address(moments[1])}"'):
        assert mark in page
    assert f'class="past__live" href="/fixtures/{FIXTURE}/"' in page
    assert "data-socket" not in page and 'id="player"' not in page  # noqa: PT018


def test_what_was_not_there_yet_or_is_not_over_has_no_two_moments(trader: Client, moments: list[datetime]):
    before, later = moments[0] - timedelta(hours=1), timezone.now() + timedelta(hours=1)
    for first, last in ((before, moments[0]), (moments[0], later)):
        path = address(first, f"/fixtures/{FIXTURE}/beside/{moment_text(last)}/")
        assert trader.get(path).status_code == 404
