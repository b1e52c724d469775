"""The dense board: many fixtures on a screen, one line each, and no number cut, whatever the sport's longest score."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from feed.codes import SPORTS, SportId, period_in_brief
from feed.codes.livescore import COVERAGE_LOST, DESCRIPTIONS, ENDINGS, FINAL_PERIODS
from feed.models import Bet, Fixture, League, Market, Participant, Period, Provider, Scoreboard, Sport
from tests.rows import make_source
from tests.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

AXE = Path(__file__).resolve().parent.parent / "node_modules" / "axe-core" / "axe.min.js"
RULES = "axe.run(document, {runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']}})"
#: Of each sport its longest score: the total, then each period of play by its number; a game under way is 60.
LONGEST: dict[SportId, tuple[str, str, dict[int, tuple[str, str]]]] = {
    SportId.FOOTBALL: ("10", "11", {10: ("5", "6"), 20: ("5", "5")}),
    SportId.BASKETBALL: ("119", "104", {**dict.fromkeys(range(1, 5), ("31", "28")), 40: ("18", "12")}),
    SportId.TENNIS: ("2", "2", {**dict.fromkeys(range(1, 6), ("7", "6")), 60: ("40", "A")}),
    SportId.BASEBALL: ("17", "16", dict.fromkeys(range(1, 13), ("11", "10"))),
    SportId.VOLLEYBALL: ("2", "2", dict.fromkeys(range(1, 6), ("25", "23"))),
    SportId.ICE_HOCKEY: ("11", "10", {1: ("4", "5"), 2: ("3", "3"), 3: ("3", "2"), 40: ("1", "0")}),
    SportId.AMERICAN_FOOTBALL: ("45", "42", dict.fromkeys(range(1, 5), ("21", "14"))),
    SportId.TABLE_TENNIS: ("3", "3", dict.fromkeys(range(1, 8), ("13", "11"))),
    SportId.AUSTRALIAN_RULES: ("119", "108", dict.fromkeys(range(1, 5), ("31", "28"))),
    SportId.CRICKET: ("425", "388", {10: ("425", "388")}),
}
PER_SPORT = 8
#: The last of each sport has a short name.
SHORT = range(1000 + PER_SPORT - 1, 1000 + PER_SPORT * len(LONGEST), PER_SPORT)
MARKETS = ((1, "1X2", ""), (2, "Under/Over", "215.5"), (3, "Asian Handicap", "-12.5"))
#: Text of numbers and phases that is not wholly within its cell, or is covered by the cell beside it.
CUT = """() => {
  const NUMBERS = ".px__price, b, .part, .clock, time, .age, .c-line, .phase";
  const found = [];
  const check = (cell, node) => {
    const own = node.parentElement.closest(NUMBERS);
    if (!own || node.parentElement.closest(".hidden")) return;
    const isSeen = node.parentElement.checkVisibility() && getComputedStyle(node.parentElement).clipPath === "none";
    if (!isSeen || (!own.matches(".phase") && !/[0-9A]/.test(node.nodeValue)) || !node.nodeValue.trim()) return;
    const range = document.createRange();
    range.selectNodeContents(node);
    const [text, box] = [range.getBoundingClientRect(), cell.getBoundingClientRect()];
    const [left, right] = [text.left - box.left, box.right - text.right];
    const isOut = Math.min(left, right) < -0.5 || text.top < box.top - 2 || text.bottom > box.bottom + 2;
    if (isOut) found.push(`${cell.closest("tr").id} ${cell.className} ${node.nodeValue}: ${left}, ${right}`);
  };
  for (const cell of document.querySelectorAll(".row :is(.c-score, .px, .c-line, .c-age, .c-when)")) {
    if (!cell.checkVisibility()) continue;
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) check(cell, node);
  }
  return found;
}"""
#: How many rows are wholly in the window with all prices of three markets visible.
WHOLE = """() => [...document.querySelectorAll(".row")].filter((row) => {
  const box = row.getBoundingClientRect();
  const prices = [...row.querySelectorAll(".px:not(.px--absent)")].filter((cell) => cell.checkVisibility());
  return box.top >= 0 && box.bottom <= innerHeight && box.right <= innerWidth && prices.length >= 6;
}).length"""

#: What a scoreboard may say; what says how a match ended is not said of one in play.
STATED = [None if code in ENDINGS or code == COVERAGE_LOST else code for code in DESCRIPTIONS]


def longest_period(sport: SportId) -> int:
    """The period of the sport's play that even in brief has the longest name."""
    periods = SPORTS[sport].periods.keys() - FINAL_PERIODS
    return max(sorted(periods), key=lambda code: len(period_in_brief(sport, code)))


def write_fixture(pk: int, sport: SportId, now: Any) -> None:
    """One fixture in play at the sport's longest score, with long names and three markets at long prices."""
    home, away, periods = LONGEST[sport]
    fixture = Fixture.objects.create(
        pk=pk, sport_id=sport, league_id=sport, status=2, start_at=now, received_at=now, revision=1, markets_revision=1
    )
    home_name = "Ox" if pk in SHORT else f"Northfield Rovers Athletic {pk}"
    names = (home_name, f"Saint Barrow Wanderers {pk}")
    sides = enumerate(names, 1)
    Participant.objects.bulk_create(
        Participant(fixture=fixture, participant_id=pk * 10 + n, name=name, position=n) for n, name in sides
    )
    Scoreboard.objects.create(
        fixture=fixture,
        status=2,
        current_period=longest_period(sport),
        description=STATED[pk % len(STATED)],
        time=5400,
        scores={"1": home, "2": away},
        sent_at=now,
        received_at=now,
    )
    Period.objects.bulk_create(
        Period(fixture=fixture, type=kind, scores={"1": one, "2": two}) for kind, (one, two) in periods.items()
    )
    for market_id, name, line in MARKETS:
        Market.objects.create(fixture=fixture, market_id=market_id, name=name, main_line=line, revision=1)
        outcomes = {1: ("1", "X", "2"), 2: ("Over", "Under"), 3: ("1", "2")}[market_id]
        Bet.objects.bulk_create(
            Bet(
                fixture=fixture, market_id=market_id, provider_id=8, bet_id=pk * 100 + market_id * 10 + n, name=outcome,
                line=line, base_line=line, status=1, price=Decimal("1001") if n == 0 else Decimal("1.015"),
                previous_price=Decimal("900"), moves=1, last_update=now, received_at=now, source_id=1,
            )
            for n, outcome in enumerate(outcomes)
        )  # fmt: skip


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Served]:
    """Ten sports with eight fixtures each, in a desk of its own."""
    made = Served(tmp_path_factory.mktemp("dense"), django_db_blocker)
    with made.rows():
        now = timezone.now()
        source = make_source(state_since=now, last_message_at=now)
        assert source.pk == 1
        Provider.objects.create(id=8, name="Bookmaker Eight")
        for place, sport in enumerate(LONGEST):
            Sport.objects.create(id=sport, name=f"{place} {sport.name.replace('_', ' ').capitalize()}")
            League.objects.create(id=sport, name="National Premier League")
            for number in range(PER_SPORT):
                write_fixture(1000 + place * PER_SPORT + number, sport, now)
    yield made
    made.desk.close()


def opened(page: Page, crowded: Served, width: int, height: int, density: str = "dense", **wishes: Any) -> None:
    crowded.sign_in(page, density=density, **wishes)
    page.set_viewport_size({"width": width, "height": height})
    crowded.open(page)


@pytest.mark.parametrize(("width", "height", "least"), [(1920, 1080, 40), (1366, 768, 18)])
def test_so_many_fixtures_with_three_markets_are_seen_at_once(
    page: Page, crowded: Served, width: int, height: int, least: int
):
    opened(page, crowded, width, height)
    assert page.evaluate(WHOLE) >= least


@pytest.mark.parametrize("density", ["dense", "compact", "normal", "roomy"])
@pytest.mark.parametrize("width", [1920, 1366, 390])
def test_no_number_and_no_phase_is_cut_in_any_of_ten_sports(page: Page, crowded: Served, density: str, width: int):
    opened(page, crowded, width, 6000, density)
    page.wait_for_function("() => document.querySelectorAll('.row[data-version=\"\"]').length === 0")
    assert page.locator(".row .px__price").count() > 80 * 6
    phase = page.locator("#row-1036 .phase")
    assert phase.locator(".phase__brief").inner_text() == "S1 chal."
    assert phase.get_attribute("title") == "1st set, Challenge started"
    cut = page.evaluate(CUT)
    assert not cut, "\n".join(cut)


def test_a_row_is_22_pixels_and_a_sport_without_a_draw_has_no_column_for_it(page: Page, crowded: Served):
    opened(page, crowded, 1920, 1080)
    heights = page.evaluate("[...new Set([...document.querySelectorAll('.row')].map((row) => row.offsetHeight))]")
    assert heights == [22]
    football, basketball = (page.locator(f"#row-{pk} .px:visible").count() for pk in (1000, 1000 + PER_SPORT))
    assert (football, basketball) == (7, 6)


def test_periods_that_do_not_fit_are_counted(page: Page, crowded: Served):
    opened(page, crowded, 1920, 1080)
    assert page.locator("#row-1024 .part--folded:visible").inner_text().split()[0] == "+9"
    opened(page, crowded, 1920, 1080, "normal")
    assert page.locator("#row-1024 .part--folded:visible").inner_text().split()[0] == "+7"


def test_ice_hockey_leaves_room_for_names_at_any_density(page: Page, crowded: Served):
    opened(page, crowded, 1440, 900, "normal")
    widths = page.locator("#row-1040 .side__name").evaluate_all("(names) => names.map((name) => name.clientWidth)")
    assert min(widths) >= 110


def test_both_names_are_to_be_told_and_a_short_one_leaves_its_room_to_the_other(page: Page, crowded: Served):
    opened(page, crowded, 1920, 1080)
    widths = "(rows) => rows.map((row) => [...row.querySelectorAll('.side__name')].map((name) => name.clientWidth))"
    found = page.locator(".row").evaluate_all(widths)
    assert min(away for _, away in found) >= 50
    assert [pk for pk in SHORT for short, long in [found[pk - 1000]] if long < 84 or short > 24] == []


def test_no_third_of_a_wide_window_is_empty(page: Page, crowded: Served):
    for density in ("dense", "normal"):
        opened(page, crowded, 2560, 1440, density)
        lefts = page.evaluate("[...new Set([...document.querySelectorAll('.league')].map((one) => one.offsetLeft))]")
        assert len(lefts) == (3 if density == "dense" else 2)


def test_axe_finds_nothing_on_the_dense_board(page: Page, crowded: Served):
    page.emulate_media(reduced_motion="reduce")
    opened(page, crowded, 1920, 1080, theme="dark")
    page.evaluate(AXE.read_text())
    found = page.evaluate(RULES)["violations"]
    assert not found, [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]][:3]) for violation in found
    ]
