"""Bookmakers' reactions to goals: who closes first, who moves first, how long it takes, by the times of receipt."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from feed.models import Bet, Fixture, Sport
from feed.pages.prices.reactions import Goal, Reaction, reactions_to, read_reactions
from tests.journal_rows import all_prices, note_price, note_score
from tests.rows import NOW, make_bet, make_fixture, make_market, make_source, make_trader

pytestmark = pytest.mark.django_db
GOAL = Goal(7, NOW, "1:0")


@pytest.fixture
def books() -> dict[int, Bet]:
    make_source()
    market = make_market(make_fixture())
    return {book: make_bet(market, "1", "2.0", book) for book in (8, 9, 10)}


def react(bet: Bet, *steps: tuple[float, str, int], goal: float = 0) -> None:
    for seconds, price, status in steps:
        note_price(bet, price, NOW + timedelta(seconds=goal + seconds), status)


def scored(seconds: float = 0, home: str = "1", fixture_id: int = 7) -> None:
    note_score(fixture_id, NOW + timedelta(seconds=seconds - 30), scores={"1": str(int(home) - 1), "2": "0"})
    note_score(fixture_id, NOW + timedelta(seconds=seconds), scores={"1": home, "2": "0"})


def test_who_closes_and_who_moves_and_after_how_long(books: dict[int, Bet]):
    react(books[8], (-40, "2.0", 1), (-2, "2.0", 2), (12, "1.4", 1))
    react(books[9], (-40, "2.0", 1), (3, "2.0", 2), (60, "1.5", 1))
    react(books[10], (-40, "2.0", 1), (5, "1.45", 1))
    assert reactions_to(GOAL, all_prices()) == [Reaction(8, -2, 12), Reaction(9, 3, 60), Reaction(10, None, 5)]


def test_what_opens_at_the_price_it_had_has_not_moved(books: dict[int, Bet]):
    react(books[8], (-40, "2.0", 1), (1, "2.0", 2), (9, "2.0", 1))
    assert reactions_to(GOAL, all_prices()) == [Reaction(8, 1, None)]


def test_what_is_long_before_or_after_is_no_reaction(books: dict[int, Bet]):
    react(books[8], (-300, "2.0", 2), (400, "1.4", 1))
    assert reactions_to(GOAL, all_prices()) == []


def test_over_all_goals_the_quickest_comes_first_with_its_medians(books: dict[int, Bet]):
    for goal, late in ((0, 0), (600, 4)):
        scored(goal, str(1 + goal // 600))
        react(books[8], (-40, "2.0", 1), (1 + late, "2.0", 2), (20, "1.4", 1), goal=goal)
        react(books[9], (-40, "2.0", 1), (4, "2.0", 2), (10, "1.5", 1), goal=goal)
    rows, goals, _ = read_reactions(NOW - timedelta(minutes=1))
    assert [(row.name, row.goals, row.closed_first, row.moved_first) for row in rows] == [
        ("Book 8", 2, 1, 0),
        ("Book 9", 2, 1, 2),
    ]
    assert [(row.closed, row.moved) for row in rows] == [(3.0, 20.0), (4.0, 10.0)]
    assert [(row.goal.score, row.title) for row in goals] == [
        (score, "Northfield v Southport") for score in ("2:0", "1:0")
    ]


def test_a_basket_is_no_goal(books: dict[int, Bet]):
    scored(home="88")
    react(books[8], (1, "2.0", 2))
    assert read_reactions(NOW - timedelta(minutes=1))[:2] == ([], [])


@pytest.mark.parametrize(("sport", "goals"), [(6046, 1), (35232, 1), (35709, 0), (154914, 0), (54094, 0)])
def test_where_much_is_scored_no_bookmaker_closes_for_it(books: dict[int, Bet], sport: int, goals: int):
    Sport.objects.get_or_create(id=sport, defaults={"name": "Another"})
    Fixture.objects.update(sport_id=sport)
    scored()
    react(books[8], (-40, "2.0", 1), (1, "2.0", 2), (20, "1.4", 1))
    assert len(read_reactions(NOW - timedelta(minutes=1)).goals) == goals


def test_the_page_has_both_tables(client: Client, books: dict[int, Bet]):
    client.force_login(make_trader())
    assert "No goal in that time" in client.get("/reactions/").content.decode()
    shift = (timezone.now() - NOW).total_seconds() - 200
    scored(shift)
    react(books[8], (-40, "2.0", 1), (1, "2.0", 2), (20.5, "1.4", 1), goal=shift)
    page = client.get("/reactions/?minutes=180").content.decode()
    for part in ("Book 8", "1:0", "Northfield v Southport", "20.5"):
        assert part in page
