// A price that moved flashes, and its arrow stays bright for a while: when the data-moves of a cell that was already
// there changes, never on a first paint. Both are marks that a frame leaves alone (ages.js) and that one timer takes off:
// an animation of its own for each arrow made each a layer for the compositor, and a busy board hundreds of them.
const FLASH_MS = 600;
const FRESH_MS = 10_000;
const LEAST_BETWEEN_MS = 1000; // WCAG 2.3.1: far below three a second
const LOOK_MS = 200;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const isCalm = () => still.matches || document.documentElement.dataset.motion === "reduced";
const fresh = new Map(); // cell -> when it moved last, when it flashed last

function note(cell) {
  const now = performance.now();
  let { flashed } = fresh.get(cell) ?? { flashed: -Infinity };
  if (!isCalm() && now - flashed >= LEAST_BETWEEN_MS) {
    flashed = now;
    cell.dataset.jsFlash = cell.dataset.move;
  }
  cell.dataset.jsFresh = "";
  fresh.set(cell, { moved: now, flashed });
}

function fade() {
  const now = performance.now();
  for (const [cell, { moved, flashed }] of fresh) {
    if (now - flashed >= FLASH_MS) delete cell.dataset.jsFlash;
    if (now - moved < FRESH_MS) continue;
    delete cell.dataset.jsFresh;
    fresh.delete(cell);
  }
}

new MutationObserver((changes) => {
  for (const { target, oldValue } of changes) if (oldValue !== null && target.dataset.move) note(target);
}).observe(document.getElementById("main"), { subtree: true, attributeFilter: ["data-moves"], attributeOldValue: true });
setInterval(fade, LOOK_MS);
