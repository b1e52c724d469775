"""Takes the pictures of docs/screenshots from a demo of its own: every page, dark and light, wide and narrow.

python docs/make_screenshots.py
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.conftest import CHROMIUM  # noqa: E402
from tests.processes import Desk, collected_static, free_port  # noqa: E402

FOLDER = ROOT / "docs" / "screenshots"
WIDTHS = {1440: 900, 390: 844}
SCHEMES = ("dark", "light")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
#: What a chart and a list of movers need before they show anything.
WARM_UP_MS = 60_000


def addresses(page: Page, desk: str) -> dict[str, str]:
    """Where each picture is taken; fixtures are found as a trader would find them."""
    page.goto(f"{desk}/?show=in_play&sport=6046")
    fixture = page.locator(".row a[href^='/fixtures/']").first.get_attribute("href") or ""
    page.goto(f"{desk}/competitions/")
    race = page.locator("main a[href^='/fixtures/']").first.get_attribute("href") or ""
    page.goto(desk + fixture)
    history = page.locator("a[href*='/history/']").first.get_attribute("href") or ""
    found = {"board": "/", "fixture": fixture, "history": history, "race-card": race}
    return found | {"movers": "/movers/", "health": "/health/", "admin": "/admin/"}


def take(browser: Browser, desk: str, scheme: str, width: int) -> None:
    """All pictures of one scheme and width."""
    size = {"width": width, "height": WIDTHS[width]}
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce", locale="en-GB")
    page = context.new_page()
    for name, address in addresses(page, desk).items():
        if name == "admin":
            page.goto(f"{desk}/sign_in/")
            page.click("button[value=operator]")
        page.goto(desk + address)
        if name != "admin":
            page.wait_for_selector("#socket[data-state=live]")
        page.wait_for_timeout(700)
        page.screenshot(path=FOLDER / f"{name}-{scheme}-{width}.png")
        print(f"{name}-{scheme}-{width}.png")  # noqa: T201
        if name == "health":
            page.goto(desk)
            page.locator("form[action='/sign_out/'] button").click()
    context.close()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="desk-pictures-") as folder, sync_playwright() as playwright:
        desk, port = Desk(Path(folder)), free_port()
        (desk.folder / "static").symlink_to(collected_static())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            process = desk.start("manage.py", "demo", "--port", str(port))
            address = desk.wait_for(process, f"http://127.0.0.1:{port}")
            browser.new_page().wait_for_timeout(WARM_UP_MS)
            for scheme in SCHEMES:
                for width in WIDTHS:
                    take(browser, address, scheme, width)
        finally:
            browser.close()
            desk.close()


if __name__ == "__main__":
    main()
