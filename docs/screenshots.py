"""Takes the pictures in docs/screenshots: `make screenshots`. Of a demo of its own, dark and light, wide and narrow."""

import re
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.processes import CHROMIUM, Desk, collected_static, free_port  # noqa: E402

OUT = ROOT / "docs" / "screenshots"
SIZES = {1440: 900, 390: 844}
PLAYED_SECONDS = 45
SETTLE_MS = 2500


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
        "health": "/health/",
        "admin": "/admin/",
    }


def sign_in_operator(page: Page, base: str) -> None:
    """The operations pages are shown to the demo's operator."""
    page.goto(f"{base}/sign_in/")
    if (button := page.get_by_role("button", name=re.compile("operator", re.I))).count():
        button.first.click()


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
        if name in ("health", "admin"):
            sign_in_operator(page, base)
        page.goto(base + path)
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
