// A price that moved flashes once, and its arrow fades in a second stage: when the data-moves of a cell that was already
// there changes, never on a first paint.
const FLASH_MS = 600;
const ARROW_MS = 10_000;
const LEAST_BETWEEN_MS = 1000; // WCAG 2.3.1: far below three a second
const still = matchMedia("(prefers-reduced-motion: reduce)");
const isCalm = () => still.matches || document.documentElement.dataset.motion === "reduced";
const flashedAt = new WeakMap();

function flash(cell) {
  const now = performance.now();
  if (isCalm() || now - (flashedAt.get(cell) ?? -Infinity) < LEAST_BETWEEN_MS) return;
  flashedAt.set(cell, now);
  const colour = getComputedStyle(cell).getPropertyValue(cell.dataset.move === "down" ? "--flash-down" : "--flash-up");
  cell.animate([{ backgroundColor: colour }, {}], { duration: FLASH_MS, easing: "ease-out" });
  cell.animate([{ opacity: 1 }, { opacity: 1, offset: 0.7 }, { opacity: 0.45 }], {
    duration: ARROW_MS,
    pseudoElement: "::before",
    fill: "forwards",
  });
}

new MutationObserver((changes) => {
  for (const change of changes) if (change.target.dataset.move) flash(change.target);
}).observe(document.getElementById("main"), { subtree: true, attributes: true, attributeFilter: ["data-moves"] });
