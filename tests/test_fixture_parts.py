"""The parts of a fixture's page: periods, what happened, counts, markets in groups, the grid of prices."""

import pytest
from lxml import html

from feed.codes import SportId
from feed.live.parts.fixture.incidents import INCIDENTS
from feed.live.parts.fixture.periods import PERIODS
from feed.live.parts.fixture.statistics import STATISTICS
from feed.live.parts.fragments import TopicHtml
from feed.live.parts.markets.market import MARKET
from feed.live.parts.markets.markets import MARKETS
from feed.live.parts.part import PagePart
from feed.models import Fixture, Incident, Period, PlayerStatistic, Statistic
from tests.rows import NOW, make_bet, make_fixture, make_market, make_scoreboard, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def fixture() -> Fixture:
    make_source()
    fixture = make_fixture()
    make_scoreboard(fixture)
    return fixture


def rendered(part: PagePart, market_id: int = 0, query: str = "") -> html.HtmlElement:
    """The fragment as an element."""
    topic = part.topic(7, market_id, query)
    return html.fragment_fromstring(TopicHtml([topic], NOW, inline=40).fragment(topic).html)


def text(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def having(element: html.HtmlElement, *classes: str) -> list[html.HtmlElement]:
    """The elements in it that have all of the classes."""
    return [inner for inner in element.iter("*") if {*classes} <= {*(inner.get("class") or "").split()}]


def incident(fixture: Fixture, ordinal: int, **fields: object) -> None:
    own = {"parent": "period", "parent_type": 10, "ordinal": ordinal, "period": 10, "position": 1}
    Incident.objects.create(fixture=fixture, **{**own, **fields})


def test_each_period_has_its_own_score_and_one_that_is_not_confirmed_says_so(fixture: Fixture):
    Period.objects.create(fixture=fixture, type=10, is_finished=True, is_confirmed=False, scores={"1": "1", "2": "0"})
    Period.objects.create(fixture=fixture, type=20, scores={"1": "0", "2": "2"})
    shown = text(rendered(PERIODS))
    assert "1st half not confirmed" in shown
    assert "Northfield 1 0 Southport 0 2" in shown


def test_what_happened_stands_in_a_list_newest_first_and_on_an_axis_of_time(fixture: Fixture):
    incident(fixture, 1, type=9, seconds=600, player_name="Lenz", scores={"1": "1", "2": "0"})
    incident(fixture, 2, type=6, seconds=2700, position=2, scores={"1": "0", "2": "1"})
    listed = rendered(INCIDENTS)
    assert [text(item) for item in listed.iter("li")] == ["46' Yellow card Southport", "11' Goal Lenz 1–0"]
    assert [line.get("x1") for mark in having(listed, "mark") for line in mark.iter("line")] == ["111", "500"]


@pytest.fixture
def quarters(fixture: Fixture) -> Fixture:
    """American football: two quarters of 15 minutes, each counted down; the scores grow."""
    Fixture.objects.update(sport_id=SportId.AMERICAN_FOOTBALL)
    scores = [(1, 0, 720, "3", "0"), (1, 1, 300, "3", "6"), (1, 2, 300, "3", "7"), (2, 0, 840, "10", "7")]
    for period, ordinal, seconds, home, away in scores:
        own = {"parent_type": period, "period": period, "type": 27, "seconds": seconds}
        incident(fixture, ordinal, **own, scores={"1": home, "2": away})
    incident(fixture, 3, parent_type=1, period=1, type=12, seconds=600)
    return fixture


def test_where_the_clock_runs_down_fewer_seconds_are_later(quarters: Fixture):
    listed = [text(item) for item in rendered(INCIDENTS).iter("li")]
    assert [line.split()[0] for line in listed] == ["14:00", "5:00", "5:00", "10:00", "12:00"]
    assert listed[0] == "14:00 Score 2nd quarter Northfield 10–7"
    assert ["3–7" in listed[1], "3–6" in listed[2]] == [True, True]


def test_where_the_clock_runs_down_each_period_is_a_part_of_the_axis(quarters: Fixture):
    """The longest time that was told is 14:00: so long is a quarter here."""
    listed = rendered(INCIDENTS)
    marks = [line.get("x1") for mark in having(listed, "mark") for line in mark.iter("line")]
    assert marks == ["71", "143", "321", "321", "500"]
    assert text(having(listed, "timeline__ends")[0]) == "1st quarter 2nd quarter"


def test_a_score_that_is_no_number_says_nothing_of_the_clock(quarters: Fixture):
    for ordinal, score in enumerate(("9" * 5000, "love", ""), start=1):
        incident(quarters, ordinal, parent_type=2, period=2, type=27, seconds=900, scores={"1": score})
    assert text(having(rendered(INCIDENTS), "timeline__ends")[0]) == "1st quarter 2nd quarter"


def test_where_the_clock_counts_up_over_periods_it_is_one_axis_of_an_hour(fixture: Fixture):
    Fixture.objects.update(sport_id=SportId.ICE_HOCKEY)
    for period, seconds, home in ((1, 600, "1"), (2, 1800, "2")):
        incident(fixture, 0, parent_type=period, period=period, type=9, seconds=seconds, scores={"1": home, "2": "0"})
    listed = rendered(INCIDENTS)
    assert [text(item).split()[0] for item in listed.iter("li")] == ["30:00", "10:00"]
    assert [line.get("x1") for mark in having(listed, "mark") for line in mark.iter("line")] == ["167", "500"]
    assert text(having(listed, "timeline__ends")[0]) == "0' 60'"


def test_what_was_taken_back_and_what_is_not_confirmed_are_marked(fixture: Fixture):
    incident(fixture, 1, type=9, seconds=600, is_cancelled=True)
    incident(fixture, 2, type=7, seconds=700, confidence=0.5)
    listed = rendered(INCIDENTS)
    assert "cancelled" in text(having(listed, "incident--cancelled")[0])
    assert "unconfirmed" in text(having(listed, "incident--red")[0])
    assert having(listed, "mark--cancelled", "mark--goal")
    assert having(listed, "mark--unconfirmed", "mark--red")


def test_counts_are_pairs_of_bars_that_share_the_width(fixture: Fixture):
    Statistic.objects.create(fixture=fixture, type=1, values={"1": "3", "2": "1"})
    counts = {"2": {"name": "Shots", "value": 4}}
    PlayerStatistic.objects.create(fixture=fixture, player_id=5, player_name="Lenz", values=counts)
    shown = rendered(STATISTICS)
    assert "3 Corners 1" in text(shown)
    assert [having(shown, f"bar--{side}")[0].get("width") for side in ("home", "away")] == ["75", "25"]
    assert "Lenz Shots 4" in text(shown)


GROUPS = {
    1: ("1X2", "main"),
    19: ("Total Goals Range", "goals"),
    95: ("Corners Handicap", "handicap"),
    41: ("1st Period Winner", "halves"),
    163: ("Anytime Goalscorer", "players"),
    11: ("Total Corners", "other"),
}


def test_markets_stand_in_groups_and_what_is_closed_is_not_there(fixture: Fixture):
    for market_id, (name, _) in GROUPS.items():
        make_bet(make_market(fixture, market_id, name, revision=1), "1", "1.9")
    closed = rendered(MARKETS)
    heads = [link.get("id").removeprefix("group-") for head in having(closed, "group__head") for link in head.iter("a")]
    assert heads == [group for _, group in GROUPS.values()]
    assert [market.get("id") for market in having(closed, "market")] == ["market-7-1"]
    opened = rendered(MARKETS, query="open=" + ",".join(heads))
    assert len(having(opened, "market")) == len(GROUPS)


def test_what_a_search_finds_is_opened_whatever_its_group(fixture: Fixture):
    for market_id, (name, _) in GROUPS.items():
        make_bet(make_market(fixture, market_id, name, revision=1), "1", "1.9")
    found = rendered(MARKETS, query="find=corner")
    heads = [text(head) for market in having(found, "market") for head in market.iter("h3")]
    assert heads == ["Total Corners", "Corners Handicap"]


def test_the_grid_has_the_lines_in_order_the_best_marked_the_margin_and_the_fair_price(fixture: Fixture):
    market = make_market(fixture, 2, "Under/Over", main_line="2.5", revision=1)
    for line, provider, over, under in (
        ("2.5", 8, "1.90", "1.90"),
        ("2.5", 31, "1.95", "1.90"),
        ("10.5", 8, "9.00", "1.02"),
        ("1.5", 8, "1.30", "3.40"),
    ):
        for name, price in (("Over", over), ("Under", under)):
            make_bet(market, name, price, provider, line=line, base_line=line)
    grid = rendered(MARKET, 2)
    rows = [text(row.find("th")) for row in having(grid, "grid__row")]
    assert rows == [
        "Over 2.5 , main line", "Under 2.5 , main line", "Over 1.5", "Under 1.5", "Over 10.5", "Under 10.5",
    ]  # fmt: skip
    first, second = having(grid, "grid__row")[:2]
    assert ["px--best" in cell.get("class") for cell in having(first, "px")] == [False, True]
    assert ["px--best" in cell.get("class") for cell in having(second, "px")] == [True, True]
    assert text(grid.find(".//tfoot/tr")) == "Margin 2.5 5.3% 3.9%"
    assert [text(cell) for cell in having(grid, "fair")[:2]] == ["2.01", "1.99"]


def test_open_lines_come_by_their_distance_from_the_main_line_over_first_and_closed_ones_are_folded(fixture: Fixture):
    market = make_market(fixture, 2, "Under/Over", main_line="2.5", revision=1)
    for line, status in (("0.5", 2), ("1.5", 1), ("2.5", 1), ("3.5", 1), ("9.5", 3), ("4.5", 1)):
        for order, name in enumerate(("Under", "Over")):
            make_bet(market, name, "1.9", 8, line=line, base_line=line, status=status, order=order)
    grid = rendered(MARKET, 2)
    rows = [text(row.find("th/a")).split(" ,")[0] for row in having(grid, "grid__row")]
    lines = ("2.5", "1.5", "3.5", "4.5", "0.5", "9.5")
    assert rows == [f"{name} {line}" for line in lines for name in ("Over", "Under")]
    folded = having(grid, "grid__dead")[0]
    assert (text(folded.find("summary")), len(having(folded, "grid__row"))) == ("2 closed lines", 4)


def test_where_several_may_win_there_is_no_margin_and_no_fair_price_and_no_name_twice(fixture: Fixture):
    market = make_market(fixture, 711, "Player To Score In Anytime", revision=1)
    for name, price in (("Alvarin K.", "3.0"), ("Lenz P.", "2.0"), ("Oram T.", "4.0")):
        make_bet(market, name, price, 8, player_name=name)
    grid = rendered(MARKET, 711)
    assert grid.find(".//tfoot") is None
    assert {text(cell) for cell in having(grid, "fair")} == {""}
    assert [text(row.find("th")) for row in having(grid, "grid__row")] == ["Alvarin K.", "Lenz P.", "Oram T."]


def test_the_fair_price_says_how_it_is_made_and_of_how_many_books(fixture: Fixture):
    market = make_market(fixture, revision=1)
    for provider in (8, 31):
        for name, price in (("1", "1.5"), ("X", "4.5"), ("2", "6.5")):
            make_bet(market, name, price, provider)
    head = having(rendered(MARKET, 1), "grid__fair")[0]
    assert head.get("title") == "Without margin by the power method: the median of 2 complete open books"


SETTLED = {1: "Lost", 2: "Won", 3: "Refund", 4: "Half lost", 5: "Half won", -1: "Cancelled"}


@pytest.mark.parametrize("settlement", SETTLED)
def test_a_settled_price_says_how(fixture: Fixture, settlement: int):
    make_bet(make_market(fixture, revision=1), "1", "1.9", status=3, settlement=settlement)
    cell = having(rendered(MARKET, 1), "px")[0]
    assert text(cell) == f"1.90 {SETTLED[settlement]}"
    assert "px--settled" in cell.get("class")
