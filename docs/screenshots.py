"""Takes the pictures in docs/screenshots: `make screenshots`. Of a demo of its own, dark and light, wide and narrow."""

import re
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from exam.processes import CHROMIUM, Desk, collected_static, free_port  # noqa: E402

OUT = ROOT / "docs" / "screenshots"
SIZES = {1440: 900, 390: 844}
PLAYED_SECONDS = 45
SETTLE_MS = 2500
LATE_MS = 20_000


def addresses(page: Page, base: str) -> dict[str, str]:
    """The pages by the name of their picture; a match in play and a race as this demo has them."""
    page.goto(f"{base}/?show=in_play&sport=6046")
    fixture = page.locator(".row .c-fixture a").first.get_attribute("href")
    page.goto(f"{base}/competitions/")
    race = page.locator(".tree__fixtures a").filter(has_not_text="Winner").first.get_attribute("href")
    return {
        "board": "/",
        "fixture": f"{fixture}",
        "history": f"{fixture}history/",
        "race-card": f"{race}",
        "movers": "/movers/",
        "attention": "/attention/",
        "shift": "/shift/",
        "health": "/health/",
        "shown": "/shown/",
        "admin": "/admin/",
    }


def sign_in_operator(page: Page, base: str) -> None:
    """The operations pages are shown to the demo's operator, not to the trader as whom every visitor is signed in."""
    page.context.clear_cookies()
    page.goto(f"{base}/sign_in/")
    page.get_by_role("button", name=re.compile("operator", re.I)).first.click()
    page.wait_for_url(f"{base}/")


def take(browser: Browser, base: str, pages: dict[str, str], scheme: str, width: int) -> None:
    """One picture of each page."""
    context = browser.new_context(
        viewport={"width": width, "height": SIZES[width]},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/London",
    )
    page = context.new_page()
    for name, path in pages.items():
        if name == "health":
            sign_in_operator(page, base)
        page.goto(base + path)
        if name not in ("shown", "admin"):
            with suppress(TimeoutError):  # a machine that stays too busy has a late feed, and its pictures say so
                page.get_by_text("Feed live").first.wait_for(timeout=LATE_MS)
        page.wait_for_timeout(SETTLE_MS)
        page.screenshot(path=OUT / f"{name}-{scheme}-{width}.png")
    context.close()


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="desk-pictures-") as folder, sync_playwright() as playwright:
        desk, port = Desk(Path(folder)), free_port()
        (desk.folder / "static").symlink_to(collected_static())
        demo = desk.start("manage.py", "demo", "--port", str(port), "--fixtures", "120", "--speed", "6")
        base = desk.wait_for(demo, f"http://127.0.0.1:{port}")
        time.sleep(PLAYED_SECONDS)  # a board of matches that have been played for a while
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        pages = addresses(browser.new_page(), base)
        for scheme in ("dark", "light"):
            for width in SIZES:
                take(browser, base, pages, scheme, width)
        browser.close()
        desk.close()


if __name__ == "__main__":
    main()
