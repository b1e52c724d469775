"""A price that moved flashes, and its arrow fades in a second stage: in a browser, on a demo that moves prices."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from exam.processes import Desk, collected_static, free_port

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
#: Notes every mark that moves.js sets, from before the page's own scripts run.
NOTING = """
window.marked = [];
new MutationObserver((changes) => {
  for (const { target, attributeName } of changes)
    if (target.hasAttribute(attributeName)) window.marked.push(attributeName);
}).observe(document, { subtree: true, attributeFilter: ["data-js-flash", "data-js-fresh"] });
"""
#: The first cell that flashes from now on, held in window.moved with its ground of that moment; then updates are
#: paused, so that it does not move again.
CATCH = """() => {
  window.moved = document.querySelector(".px[data-js-flash]");
  if (!window.moved) return false;
  window.flash = getComputedStyle(window.moved).backgroundColor;
  document.getElementById("pause").click();
  return true;
}"""
GROUND = "getComputedStyle(window.moved).backgroundColor"
ARROW = "Number(getComputedStyle(window.moved, '::before').opacity)"


@pytest.fixture(scope="module")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Functions that a test waits for are evaluated in the page, which the desk's policy forbids."""
    return {**browser_context_args, "bypass_csp": True}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo whose prices move several times a second."""
    desk, port = Desk(tmp_path_factory.mktemp("demo")), free_port()
    (desk.folder / "static").symlink_to(collected_static())
    process = desk.start("manage.py", "demo", "--port", str(port), "--fixtures", "30", "--speed", "4")
    yield desk.wait_for(process, f"http://127.0.0.1:{port}")
    desk.close()


def open_board(page: Page, address: str, motion: str) -> Page:
    page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
    page.add_init_script(NOTING)
    page.goto(address)
    page.wait_for_selector(".row .px--open")
    return page


@pytest.fixture
def board(page: Page, address: str) -> Page:
    return open_board(page, address, "no-preference")


def test_a_price_that_moved_flashes_and_its_arrow_fades_in_a_second_stage(board: Page):
    board.wait_for_function(CATCH, timeout=30_000)
    assert board.evaluate(ARROW) == 1
    flash = board.evaluate("window.flash")
    board.wait_for_function("!window.moved.hasAttribute('data-js-flash')", timeout=5_000)
    assert board.evaluate(GROUND) != flash
    assert board.evaluate(ARROW) == 1, "the arrow is bright for longer than the flash"
    board.wait_for_function("!window.moved.hasAttribute('data-js-fresh')", timeout=15_000)
    assert board.evaluate(ARROW) < 0.5


def test_nothing_flashes_under_reduced_motion_and_arrows_are_marked_all_the_same(page: Page, address: str):
    open_board(page, address, "reduce")
    page.wait_for_function("window.marked.length > 3", timeout=30_000)
    assert set(page.evaluate("window.marked")) == {"data-js-fresh"}


def test_a_price_painted_for_the_first_time_is_no_move(board: Page):
    board.locator("#pause").click()
    board.wait_for_selector(".px[data-js-flash]", state="detached")
    cell = """const cell = document.createElement("td");
      cell.className = "px";
      document.querySelector(".row").append(cell);
      Object.assign(cell.dataset, { moves: "1", move: "up" });"""
    soon = "return new Promise((done) => setTimeout(() => done('jsFresh' in cell.dataset)))"
    assert board.evaluate(f"() => {{ {cell} {soon} }}") is False
    assert board.evaluate(f"() => {{ {cell} cell.dataset.moves = '2'; {soon} }}") is True


def test_a_price_that_moves_without_rest_flashes_once_a_second_at_most(board: Page):
    board.locator("#pause").click()
    flashes = """async () => {
      const cell = document.querySelector(".row .px[data-moves]");
      cell.dataset.move = "down";
      let flashes = 0;
      const counter = new MutationObserver(() => cell.dataset.jsFlash && flashes++);
      counter.observe(cell, { attributeFilter: ["data-js-flash"] });
      const begun = performance.now();
      while (performance.now() - begun < 2500) {
        cell.dataset.moves = Number(cell.dataset.moves) + 1;
        await new Promise(requestAnimationFrame);
      }
      return flashes;
    }"""
    assert board.evaluate(flashes) in (2, 3)
