// A price that moves flashes, and its arrow stays bright for a while: when data-moves of an existing cell changes, never
// on the first display. Both are attributes that frames leave alone (ages.js) and that one timer removes: a CSS animation
// for each arrow would give the compositor hundreds of layers on a busy board.
const FLASH_MS = 600;
const FRESH_MS = 10_000;
const LEAST_BETWEEN_MS = 1000; // WCAG 2.3.1 allows three a second
const FADE_MS = 200;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const isCalm = () => still.matches || document.documentElement.dataset.motion === "reduced";
const fresh = new Map(); // cell -> when it last moved, when it last flashed

function highlight(cell) {
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
  for (const { target, oldValue } of changes) if (oldValue !== null && target.dataset.move) highlight(target);
}).observe(document.getElementById("main"), { subtree: true, attributeFilter: ["data-moves"], attributeOldValue: true });
setInterval(fade, FADE_MS);
