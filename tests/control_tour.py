"""A trader who uses every control of the pages: a way round for `Watched`, step by step, on a desk that is live.

`most` bounds how many of equal controls (sports, choices of a list) are used; 0 is all of them.
"""

from collections.abc import Iterator

from playwright.sync_api import Locator

from tests.watched_page import Watched

#: Long enough for several frames to come.
REST_SECONDS = 1.5
LISTS = ("odds", "zone", "theme", "colours", "density", "motion", "spoken")
PLACES = {"f": "**/", "l": "**/?show=in_play", "n": "**/attention/", "m": "**/movers/", "h": "**/health/"}
#: Controls that are not a trader's own, or leave the desk.
ELSEWHERE = frozenset({"a /admin/", "a /api/vN/fixtures/N/", "button link"})


def tour(watched: Watched, address: str) -> Iterator[str]:
    """Use all controls. Yields the name of each part when it is done."""
    for part in PARTS:
        part(watched, address, 0)
        yield part.__name__


def some(found: Locator, most: int) -> range:
    """The places of the first `most` of what was found; of all for 0."""
    count = found.count()
    return range(min(count, most) if most else count)


def keys(watched: Watched, address: str, most: int) -> None:
    page = watched.page
    watched.open(address)
    page.keyboard.press("Tab")
    watched.mark(page.locator(".skip"))
    page.keyboard.press("Enter")
    for key in ("j", "j", "k", "p", "p", "?", "Escape", "/"):
        page.keyboard.press(key)
        watched.rest(0.3)
    page.evaluate("document.activeElement.blur()")
    for key, place in PLACES.items():
        page.keyboard.press("g")
        with page.expect_navigation(url=place, timeout=30_000):
            page.keyboard.press(key)
        watched.arrived()
    watched.open(address)
    for key in ("s", "s", "o", "j+Enter"):
        *before, last = key.split("+")
        for earlier in before:
            page.keyboard.press(earlier)
        with page.expect_navigation(timeout=30_000):
            page.keyboard.press(last)
        watched.arrived()


def heads(watched: Watched, address: str, most: int) -> None:
    """What stands on top of each page."""
    watched.open(address)
    for place in range(watched.page.locator(".top nav a").count()):
        link = watched.page.locator(".top nav a").nth(place)
        if "/admin/" not in str(link.get_attribute("href")):
            watched.follow(link)
    watched.open(address)
    watched.follow(".feed a") if watched.page.locator(".feed a").count() else None
    watched.follow(".brand")
    watched.click("#help-open")
    watched.note_controls()
    watched.click("#help button")
    watched.page.keyboard.press("Tab")


def tabs(watched: Watched, address: str, most: int) -> None:
    watched.open(address)
    for place in range(5):
        watched.follow(watched.page.locator(".tabs a").nth(place))
        watched.rest(REST_SECONDS if place == 0 else 0.2)
    for place in some(watched.page.locator(".sports a"), most):
        watched.follow(watched.page.locator(".sports a").nth(place))


def filters(watched: Watched, address: str, most: int) -> None:
    watched.open(address)
    watched.fill("#search", "a")
    with watched.page.expect_navigation():
        watched.page.keyboard.press("Enter")
    watched.arrived()
    for name in ("location", "league", "provider", "market")[: most or 4]:
        open_filters(watched)
        watched.choose(f"#filters select[name={name}]", 1)
        watched.follow("#filters .tool--main")
        open_filters(watched)
        watched.follow("#filters a")


def open_filters(watched: Watched) -> None:
    watched.click("#filters summary")
    watched.page.wait_for_selector("#filters select")
    watched.note_controls()


def views(watched: Watched, address: str, most: int) -> None:
    watched.open(f"{address}/?show=in_play")
    for button in ("Save", "Delete this view"):
        open_filters(watched)
        watched.fill("#filters input[name=name]", "Mine")
        watched.follow(watched.page.locator("#filters").get_by_role("button", name=button, exact=True))
        if button == "Save":
            watched.follow(".views a")


def in_page(watched: Watched, address: str, most: int) -> None:
    """What happens without another page: pause, movers, favourites, scrolling, pointing."""
    page = watched.page
    watched.open(address)
    watched.click("#pause")
    watched.rest(REST_SECONDS)
    watched.click("#pause")
    watched.click("#drawer summary")
    watched.rest(REST_SECONDS)
    watched.note_controls()
    watched.click("#drawer summary")
    row = page.locator(".row").nth(3).get_attribute("id")
    for _ in ("on", "off"):
        watched.click(f"#{row} .star")
        watched.rest(REST_SECONDS)
    page.mouse.move(0, 0)
    watched.mark(page.locator(".row .c-fixture a").nth(2)).focus()
    watched.rest(REST_SECONDS)
    for _ in range(most or 10):
        page.mouse.wheel(0, 3000)
        watched.rest(0.3)
    page.keyboard.press("Home")
    page.mouse.wheel(0, -1_000_000)
    page.locator(".row [data-tip]").first.hover()
    watched.rest(REST_SECONDS)


def fixture(watched: Watched, address: str, most: int) -> None:
    page = watched.page
    watched.open(f"{address}/?show=in_play&sport=6046")
    watched.follow(".row .c-fixture a")
    for place in some(page.locator(".group__head a"), most):
        watched.click(page.locator(".group__head a").nth(place))
        watched.rest(0.5)
    if page.locator("#group-main[aria-expanded=false]").count():
        watched.click("#group-main")
        page.wait_for_selector("#group-main[aria-expanded=true]")
    watched.rest(REST_SECONDS)
    watched.note_controls()
    for _ in ("on", "off"):
        watched.follow("[data-pin]")
        watched.click(".crumbs [data-favourite]")
        if page.locator("#group-pinned").count():
            for is_open in ("false", "true"):
                watched.click("#group-pinned")
                page.wait_for_selector(f"#group-pinned[aria-expanded={is_open}]")
    watched.fill("#search", "total")
    page.wait_for_selector("#group-found")
    watched.rest(REST_SECONDS)
    watched.fill("#search", "")
    watched.fill("#note", "Watch the wind")
    watched.follow(".note-form button")
    watched.mark(page.locator(".grid th[scope=row] a").first).focus()
    watched.rest(REST_SECONDS)
    for link in page.locator(".crumbs a").all()[1:]:
        watched.mark(link)
    watched.follow(page.locator(".crumbs a").nth(1))


def history(watched: Watched, address: str, most: int) -> None:
    page = watched.page
    watched.open(f"{address}/?show=in_play&sport=6046")
    watched.follow(".row .c-fixture a")
    watched.follow(".market__head a")
    page.wait_for_selector("#chart canvas")
    box = page.locator("#chart .u-over").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    for shift in ("", "Shift"):
        if shift:
            page.keyboard.down(shift)
        page.mouse.move(box["x"] + box["width"] * 0.4, middle)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.7, middle, steps=5)
        page.mouse.up()
        if shift:
            page.keyboard.up(shift)
        watched.rest(0.5)
    page.mouse.dblclick(box["x"] + box["width"] / 2, middle)
    for place in range(page.locator("[data-part]").count()):
        watched.click(page.locator("[data-part]").nth(place))
    watched.click("#chart-whole")
    with page.expect_download():
        watched.click("a.market__tool[href*='.csv']")
    for _ in ("closed", "open"):
        watched.click(".changes summary")
    watched.choose("select[name=market]", 1)
    watched.follow("form.bar button")
    watched.choose("select[name=of]", 1)
    watched.follow("form.bar button")
    watched.rest(REST_SECONDS)
    watched.follow(page.locator(".crumbs a").nth(1))


def movers(watched: Watched, address: str, most: int) -> None:
    watched.open(f"{address}/movers/")
    for place in some(watched.page.locator(".sports a"), most):
        watched.follow(watched.page.locator(".sports a").nth(place))
    watched.fill("input[name=suspended]", "10")
    watched.follow("form.bar button")
    watched.rest(6)
    for table in watched.page.locator(".movers section").all():
        if table.locator("tbody a").count():
            watched.mark(table.locator("tbody a").first)
    watched.follow(".movers tbody a")


def alerts(watched: Watched, address: str, most: int) -> None:
    page = watched.page
    watched.open(f"{address}/alerts/")
    watched.fill("[name=name]", "A goal")
    for place in some(page.locator("#id_kind option"), most):
        watched.choose("#id_kind", place)
    watched.fill("[name=amount]", "1.5")
    watched.fill("[name=seconds]", "60")
    watched.fill("[name=bookmakers]", "1")
    watched.fill("[name=repeat_seconds]", "60")
    for name in ("fixture_id", "market_id", "outcome"):
        watched.fill(f"[name={name}]", "")
    for name in ("only_favourites", "has_sound"):
        watched.click(f"[name={name}]")
    watched.follow("[name=try]")
    watched.follow("[name=save]")
    watched.follow(".rule button:not([name])")
    watched.follow(".rule [name=remove]")


def competitions(watched: Watched, address: str, most: int) -> None:
    watched.open(f"{address}/competitions/")
    nodes = watched.page.locator(".tree__node > summary:visible")
    for place in range(most or 6):
        if place < nodes.count():
            watched.click(nodes.nth(place))
    watched.open(f"{address}/competitions/")
    watched.follow(".tree__fixtures a:visible")


def preferences(watched: Watched, address: str, most: int) -> None:
    """Each list's choices in turn, each box on and off, and how the board looks then; all is as before at the end."""
    page = watched.page
    watched.open(f"{address}/preferences/")
    rounds = max(page.locator(f"#id_{name} option").count() for name in LISTS if name != "zone")
    for turn in [*range(1, min(most, rounds) if most else rounds), 0]:
        for name in LISTS:
            watched.choose(f"#id_{name}", turn)
        for box in page.locator("form.sheet input[type=checkbox]:not([name^=hide_])").all():
            set_to(watched, box, turn % 2 == 1 or "shortcuts" in str(box.get_attribute("name")))
        set_to(watched, page.locator("[name^=hide_]").first, turn % 2 == 1)
        watched.fill(page.locator("[name^=place_]").last, "1" if turn % 2 else "")
        watched.choose("[name=stay]", turn % 2)
        watched.follow("form.sheet .tool--main")
        watched.open(address)
        watched.rest(REST_SECONDS)
        watched.open(f"{address}/preferences/")


def set_to(watched: Watched, box: Locator, checked: bool) -> None:
    watched.mark(box).set_checked(checked)


PARTS = (keys, heads, tabs, filters, views, in_page, fixture, history, movers, alerts, competitions, preferences)
