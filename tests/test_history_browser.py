"""The history of prices in a browser: a chart with steps, shades, marks and new points, zoom and pan; a table and a
file."""

import csv
from datetime import time, timedelta
from decimal import Decimal
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from feed.models import Incident
from tests.journal_rows import note_score
from tests.rows import make_bet, make_market
from tests.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
#: Keeps what is drawn on canvases: texts, the sizes of filled rectangles with their colours, each path's points.
RECORDER = """
window.drawn = { texts: [], rects: [], paths: [] };
const context = CanvasRenderingContext2D.prototype;
const { fillText, fillRect, stroke } = context;
context.fillText = function (text, ...rest) { drawn.texts.push(text); return fillText.call(this, text, ...rest); };
context.fillRect = function (...box) { drawn.rects.push([this.fillStyle, box[2]]); return fillRect.apply(this, box); };
const lineTo = Path2D.prototype.lineTo;
Path2D.prototype.lineTo = function (x, y) { (this.points ??= []).push([x, y]); return lineTo.call(this, x, y); };
context.stroke = function (path) {
  if (path?.points) drawn.paths.push([this.strokeStyle, path.points]);
  return path ? stroke.call(this, path) : stroke.call(this);
};
"""


class Charted:
    """An outcome at two bookmakers with a quarter of an hour behind it: one of them was suspended for a while."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.fixture = served.match()
        self.now = timezone.now()
        with served.rows():
            market = make_market(self.fixture, revision=1)
            self.first = make_bet(market, "1", "2.6", 8)
            self.second = make_bet(market, "1", "2.3", 31)
        for minutes, price, status in ((15, "2.0", 1), (10, "2.4", 1), (8, "2.4", 2), (6, "2.2", 1), (1, "2.6", 1)):
            served.tick(self.first, price, self.now - timedelta(minutes=minutes), status)
        for minutes, price in ((14, "2.1"), (3, "2.3")):
            served.tick(self.second, price, self.now - timedelta(minutes=minutes))
        self.score(12, 0, "0")
        self.score(8, 240, "1")
        with served.rows():
            Incident.objects.create(
                fixture=self.fixture, parent="period", parent_type=10, ordinal=1, period=10, type=7, seconds=200
            )
        self.path = f"/fixtures/{self.fixture.pk}/history/?market=1&outcome=1"

    def score(self, minutes: int, clock: int, home: str) -> None:
        at = self.now - timedelta(minutes=minutes)
        own: dict[str, Any] = {"status": 2, "current_period": 10, "time": clock, "scores": {"1": home, "2": "0"}}
        with self.served.rows():
            note_score(self.fixture.pk, at, **own)


@pytest.fixture
def charted(served: Served, page: Page) -> Charted:
    page.add_init_script(RECORDER)
    made = Charted(served)
    served.sign_in(page, zone="UTC")
    return made


def drawn(page: Page, what: str) -> Any:
    return page.evaluate("(what) => window.drawn[what]", what)


def open_chart(charted: Charted, page: Page) -> list[str]:
    complaints = charted.served.open(page, charted.path)
    page.wait_for_function("() => window.drawn.paths.length >= 2")
    return complaints


def test_each_bookmaker_has_a_line_in_steps(page: Page, charted: Charted):
    complaints = open_chart(charted, page)
    lines = {colour: points for colour, points in drawn(page, "paths") if len(points) > 2}
    assert len(lines) == 2
    for points in lines.values():
        for (x, y), (next_x, next_y) in pairwise(points):
            assert x == next_x or y == next_y
    expect(page.locator(".u-legend .u-label").filter(has_text="Book 8")).to_have_count(1)
    expect(page.locator(".u-legend .u-label").filter(has_text="Book 31")).to_have_count(1)
    assert complaints == []


def test_the_time_when_one_was_suspended_is_shaded(page: Page, charted: Charted):
    open_chart(charted, page)
    width = page.locator("#chart .u-over").bounding_box()
    assert width is not None
    shaded = {round(size) for colour, size in drawn(page, "rects") if colour.startswith("rgba(") and size > 1}
    assert shaded
    assert max(shaded) == pytest.approx(width["width"] * 2 / 15, rel=0.2)


def test_goals_and_red_cards_are_marked_on_the_axis_of_time(page: Page, charted: Charted):
    open_chart(charted, page)
    assert {"1–0", "Red card"} <= set(drawn(page, "texts"))


def test_a_new_price_is_drawn_without_a_reload(page: Page, charted: Charted):
    open_chart(charted, page)
    page.evaluate("() => { window.sameDocument = true; window.drawn.paths = []; }")
    charted.served.tick(charted.second, "1.9", timezone.now())
    with page.expect_response("**/history.json?**", timeout=20_000) as answer:
        charted.served.change(charted.second, price=Decimal("1.9"), moves=1)
    series = {line["name"]: line["prices"][-1] for line in answer.value.json()["series"]}
    assert series["Book 31"] == 1.9
    page.wait_for_function("() => window.drawn.paths.length >= 2")
    assert page.evaluate("() => window.sameDocument")


def test_the_buttons_zoom_and_move_and_show_the_whole_again(page: Page, charted: Charted):
    open_chart(charted, page)
    span = page.locator("#chart-span")
    whole = seconds(span.inner_text())
    page.get_by_role("button", name="Zoom in").click()
    near = seconds(span.inner_text())
    assert near[1] - near[0] == pytest.approx((whole[1] - whole[0]) / 2, abs=2)
    page.get_by_role("button", name="Earlier").click()
    earlier = seconds(span.inner_text())
    assert near[0] - earlier[0] == pytest.approx((near[1] - near[0]) / 2, abs=2)
    page.get_by_role("button", name="Later").click()
    assert seconds(span.inner_text()) == pytest.approx(near, abs=1)
    page.get_by_role("button", name="Zoom out").click()
    assert seconds(span.inner_text()) == pytest.approx(whole, abs=2)
    page.get_by_role("button", name="Zoom in").click()
    page.get_by_role("button", name="Full range").click()
    page.wait_for_function(
        "(before) => document.getElementById('chart-span').innerText.startsWith(before)", arg=clock(whole[0])
    )


def seconds(span: str) -> tuple[int, int]:
    """ "20:00:00 – 20:15:00" as seconds of the day."""
    begin, end = (time.fromisoformat(word) for word in span.split(" – "))
    first, last = (moment.hour * 3600 + moment.minute * 60 + moment.second for moment in (begin, end))
    return first, last if last >= first else last + 86_400


def clock(second: int) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


def test_dragging_zooms_and_dragging_with_shift_moves(page: Page, charted: Charted):
    open_chart(charted, page)
    span = page.locator("#chart-span")
    whole = seconds(span.inner_text())
    drag(page, 0.25, 0.75)
    near = seconds(span.inner_text())
    assert near[1] - near[0] == pytest.approx((whole[1] - whole[0]) / 2, rel=0.1)
    page.keyboard.down("Shift")
    drag(page, 0.25, 0.5)
    page.keyboard.up("Shift")
    moved = seconds(span.inner_text())
    assert near[0] - moved[0] == pytest.approx((near[1] - near[0]) / 4, rel=0.2)


def drag(page: Page, begin: float, end: float) -> None:
    """Over the plot, from one part of its width to another."""
    plot = page.locator("#chart .u-over").bounding_box()
    assert plot is not None
    for place, button in ((begin, page.mouse.down), (end, page.mouse.up)):
        page.mouse.move(plot["x"] + plot["width"] * place, plot["y"] + plot["height"] / 2, steps=5)
        button()


def test_the_table_and_the_file_have_every_change(page: Page, charted: Charted, tmp_path: Path):
    open_chart(charted, page)
    rows = page.locator(".changes tbody tr")
    expect(rows).to_have_count(7)
    assert "Suspended" in rows.nth(3).inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    download.value.save_as(tmp_path / "prices.csv")
    saved = list(csv.DictReader(StringIO((tmp_path / "prices.csv").read_text())))
    assert [(row["bookmaker"], row["price"]) for row in saved] == [
        *(("Book 8", price) for price in ("2", "2.4", "", "2.2", "2.6")),
        *(("Book 31", price) for price in ("2.1", "2.3")),
    ]
