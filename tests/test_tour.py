"""The demo's tour on the pages: a panel that says what happens, and its buttons. Without `--tour` there is none."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page

from exam.processes import Desk, collected_static, free_port
from livescore_site.tour import STEPS, Shown
from sandbox.distribution import Distribution
from sandbox.supplier import Supplier
from sandbox.tour import STEPS as PLAYED
from sandbox.tour import Tour
from tests.packages import make_user

START = datetime(2026, 11, 28, 15, tzinfo=UTC)


@pytest.fixture
def trader(db: None) -> Client:
    client = Client()
    client.force_login(make_user("trader"))
    return client


@pytest.fixture
def tour(monkeypatch: pytest.MonkeyPatch) -> Tour:
    made = Tour(Distribution(Supplier(fixtures=12, start=START)))
    monkeypatch.setattr(Shown, "tour", made)
    return made


def play(tour: Tour, seconds: float) -> None:
    list(tour.distribution.messages(START + timedelta(seconds=seconds)))


def text(client: Client, address: str = "/tour/") -> str:
    return client.get(address).content.decode()


def test_without_a_tour_there_is_no_panel_and_no_address(trader: Client):
    assert 'id="tour"' not in text(trader, "/movers/")
    assert trader.get("/tour/").status_code == 404
    assert trader.post("/tour/", {"wish": "start"}).status_code == 404


def test_every_step_has_words():
    assert list(STEPS) == [step.name for step in PLAYED]


def test_pages_offer_it_until_it_is_started(trader: Client, tour: Tour):
    page = text(trader, "/movers/")
    assert "A tour of the desk" in page
    assert "Start the tour" in page
    play(tour, 1)
    assert tour.at is None


def test_it_says_what_happens_to_which_match_and_links_to_it(trader: Client, tour: Tour):
    play(tour, 2)
    assert trader.post("/tour/", {"wish": "start"}, headers={"HX-Request": "true"}).status_code == 200
    play(tour, 3)
    assert "Step 1 of 6" in text(trader)
    assert "14 s left" in text(trader)
    play(tour, 20)
    assert tour.at is not None
    panel = text(trader)
    assert f"{tour.at.match}: the home side has scored." in panel
    assert f'href="/fixtures/{tour.at.fixture_id}/"' in panel


def test_the_next_step_and_the_end_are_a_button_away(trader: Client, tour: Tour):
    titles = []
    trader.post("/tour/", {"wish": "start"})
    for second in range(1, 2 + len(STEPS)):
        play(tour, second)
        titles.append(text(trader).partition('aria-live="polite">')[2].partition("<")[0])
        trader.post("/tour/", {"wish": "skip"})
    assert titles == [*(words.title for words in STEPS.values()), "That was the tour"]
    trader.post("/tour/", {"wish": "start"})
    play(tour, 10)
    trader.post("/tour/", {"wish": "stop"})
    play(tour, 11)
    assert "A tour of the desk" in text(trader)


def test_without_scripts_a_button_leads_back_to_its_page(trader: Client, tour: Tour):
    answer = trader.post("/tour/", {"wish": "start"}, headers={"Referer": "http://testserver/movers/"})
    assert answer["Location"] == "http://testserver/movers/"
    answer = trader.post("/tour/", {"wish": "start"}, headers={"Referer": "http://elsewhere.example/"})
    assert answer["Location"] == "/"
    assert trader.post("/tour/", {"wish": "dance"}).status_code == 400


@pytest.fixture
def address() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="desk-tour-") as folder:
        desk, port = Desk(Path(folder)), free_port()
        (desk.folder / "static").symlink_to(collected_static())
        process = desk.start("manage.py", "demo", "--tour", "--fixtures", "14", "--port", str(port))
        yield desk.wait_for(process, f"http://127.0.0.1:{port}")
        desk.close()


@pytest.mark.browser
def test_by_keys_a_newcomer_gets_to_a_goal_whose_prices_are_suspended(page: Page, address: str):
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.wait_for_selector("#socket[data-state=live]")
    page.wait_for_selector(".row .px--open")
    page.focus("#tour button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#tour-title:text-is('All is well')")
    page.focus("#tour button[value=skip]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#tour-title:text-is('A goal')")
    page.wait_for_function("document.activeElement?.value === 'skip'")
    page.click("#tour .tour__links a")
    page.wait_for_selector(".scoreboard")
    page.wait_for_selector(".px--suspended")
    assert page.locator("#tour-title").inner_text() == "A goal"
    assert errors == []
