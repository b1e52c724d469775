"""Favourites on the board: a row that is pinned moves at once, to where the server's next order has it."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from random import Random
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from feed.models import Fixture, League, Sport
from tests.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
SPORTS, LEAGUES, STATUSES = {6046: "Football", 54094: "Tennis"}, {71: "Alpha Cup", 70: "Zenith Cup"}, (1, 2, 3)
#: Sections by id, each with its number and its leagues: the head, the number, the rows.
ORDER = """() => [...document.querySelectorAll("#board > .section")].map((section) => [
  section.id,
  section.querySelector("h2").textContent.trim(),
  [...section.querySelectorAll(".league")].map((league) => [
    league.querySelector(".league__name").textContent.trim(),
    league.dataset.rows,
    [...league.querySelectorAll(".row")].map((row) => row.id),
  ]),
])"""
#: Pin or unpin, and how the board looks before anything can have come from the server.
PRESS = f"(id) => {{ document.querySelector(`#${{id}} .star`).click(); return ({ORDER})(); }}"


@pytest.fixture
def board(page: Page, served: Served) -> Iterator[Page]:
    """Three matches in each of two leagues of two sports in each section, on a board of their own.

    They go again: other files' boards paint only their first 40 rows at once.
    """
    moment = timezone.now()
    word = f"Pinnable{moment.timestamp():.0f}"
    with served.rows():
        for pk, name in SPORTS.items():
            Sport.objects.get_or_create(id=pk, defaults={"name": name})
        for pk, name in LEAGUES.items():
            League.objects.get_or_create(id=pk, defaults={"name": name})
    for number, (sport_id, league_id, status, turn) in enumerate(product(SPORTS, LEAGUES, STATUSES, range(3))):
        start_at = moment + timedelta(minutes=(number * 7) % 10 - turn % 2)
        served.match(sport_id=sport_id, league_id=league_id, status=status, name=word, start_at=start_at)
    served.sign_in(page)
    served.open(page, f"/?q={word}")
    yield page
    with served.rows():
        Fixture.objects.filter(name=word).delete()


def press(board: Page, row: str) -> tuple[Any, Any]:
    """Press a row's star: the order at once, and when the server's has come."""
    at_once = board.evaluate(PRESS, row)
    board.wait_for_selector('#board:not([data-version=""])')
    return at_once, board.evaluate(ORDER)


def test_each_row_moves_at_once_to_where_the_server_has_it_and_back(board: Page):
    before = board.evaluate(ORDER)
    rows = [row for _, _, leagues in before for _, _, its_rows in leagues for row in its_rows]
    for order in (Random(1).sample(rows, 12), Random(2).sample(rows, 12)):
        for row in order:
            at_once, from_server = press(board, row)
            assert at_once == from_server
            assert at_once != before
        for row in Random(3).sample(order, len(order)):
            at_once, from_server = press(board, row)
            assert at_once == from_server
    assert at_once == before


def test_stars_pressed_while_the_desk_is_slow_are_all_kept(board: Page):
    """Each answer tells all pins: one that overtook another would not know of it."""
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    board.route("**/favourites/*/", hold_the_first)
    rows = [str(row.get_attribute("id")) for row in board.locator(".section--upcoming .row").all()[:3]]
    for row in rows:
        board.evaluate(PRESS, row)
    board.wait_for_selector('#board:not([data-version=""])')
    numbers = [row.removeprefix("row-") for row in rows]
    with board.expect_response(f"**/favourites/{numbers[-1]}/") as answer:
        held[0].continue_()
    assert answer.value.json()["pins"].split(",") == numbers
    board.wait_for_selector('#board:not([data-version=""])')
    assert {row.get_attribute("id") for row in board.locator(".section--favourites .row").all()} == set(rows)


def test_two_rows_that_the_desk_does_not_pin_both_go_back(board: Page):
    before = board.evaluate(ORDER)
    board.route("**/favourites/*/", lambda route: route.fulfill(status=500, body=""))
    rows = [str(row.get_attribute("id")) for row in board.locator(".section--in_play .row").all()[:2]]
    for row in rows:
        board.evaluate(PRESS, row)
    for row in rows:
        expect(board.locator(f".section--in_play #{row}")).to_be_attached(timeout=20_000)
    board.wait_for_selector('#board:not([data-version=""])')
    assert board.evaluate(ORDER) == before


def test_the_first_favourite_makes_its_section_and_the_last_one_takes_it_along(board: Page):
    row = str(board.locator(".section--upcoming .row").first.get_attribute("id"))
    at_once, _ = press(board, row)
    assert at_once[0][:2] == ["section-favourites", "Favourites 1"]
    at_once, _ = press(board, row)
    assert at_once[0][0] == "section-in_play"


def test_the_last_row_of_a_section_comes_back_to_it_from_the_server(page: Page, served: Served):
    word = f"Alone{timezone.now().timestamp():.0f}"
    row = f"row-{served.match(name=word).pk}"
    served.sign_in(page)
    served.open(page, f"/?q={word}")
    at_once, from_server = press(page, row)
    assert [section[0] for section in at_once] == ["section-favourites"]
    assert at_once == from_server
    _, from_server = press(page, row)
    assert [section[0] for section in from_server] == ["section-in_play"]


def test_the_star_keeps_the_focus_when_its_row_moves(board: Page):
    row = str(board.locator(".section--finished .row").first.get_attribute("id"))
    star = board.locator(f"#{row} .star")
    star.focus()
    board.keyboard.press("Enter")
    expect(board.locator(f".section--favourites #{row}")).to_be_attached()
    expect(star).to_be_focused()


def test_a_row_that_the_desk_does_not_pin_goes_back(board: Page):
    before = board.evaluate(ORDER)
    board.route("**/favourites/*/", lambda route: route.fulfill(status=500, body=""))
    row = str(board.locator(".section--in_play .row").first.get_attribute("id"))
    assert board.evaluate(PRESS, row) != before
    expect(board.locator(f".section--in_play #{row}")).to_be_attached(timeout=20_000)
    board.wait_for_selector('#board:not([data-version=""])')
    assert board.evaluate(ORDER) == before
