// What keys do to the price that is marked (tips.js) or pointed at, and to its row: an alert, which a click does too,
// history, next market, favourite, fold.
const marked = () => document.querySelector("[data-js-marked]") ?? document.querySelector("[data-tip]:hover");
const row = () => (marked() ?? document.activeElement)?.closest("tr");
const marketOf = (cell) => cell.closest(".market")?.id ?? ["c-totals", "c-handicap"].find((name) => cell.classList.contains(name)) ?? "";
const fixtureOf = (cell) => cell.closest(".row")?.id.slice(4) ?? document.querySelector("[data-fixture]")?.dataset.fixture;

const addressOf = (cell) => `/fixtures/${fixtureOf(cell)}/bets/${cell.dataset.bet}/`;

function openHistory() {
  const cell = marked();
  if (cell) location.assign(addressOf(cell));
}

function openAlert(cell) {
  if (cell) document.dispatchEvent(new CustomEvent("desk:price-alert", { detail: `${addressOf(cell)}alert/` }));
}

/** Mark the first price of the next market: of the row on a board, of the page on a fixture. */
function nextMarket() {
  const cell = marked();
  const prices = [...(row()?.closest(".fixture") ?? row() ?? document).querySelectorAll("[data-tip]")].filter((one) => one.checkVisibility());
  const from = prices.indexOf(cell);
  const next = prices.slice(from + 1).find((one) => !cell || marketOf(one) !== marketOf(cell));
  const price = next ?? prices[0];
  if (!price) return;
  const link = price.closest("tr").querySelector("th[scope=row] a");
  if (link !== document.activeElement) link?.focus();
  document.dispatchEvent(new CustomEvent("desk:mark", { detail: price }));
}

function toggleFavourite() {
  const scope = row()?.closest(".board") ? row() : document;
  scope.querySelector("[data-favourite]")?.click();
}

function foldLeague(shiftKey) {
  const league = row()?.closest(".league");
  const link = document.activeElement;
  league?.querySelector("[data-fold]")?.dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey }));
  if (league && !link.checkVisibility()) league.querySelector("[data-fold]").focus();
}

const KEYS = {
  a: () => openAlert(marked()),
  h: openHistory,
  n: nextMarket,
  f: toggleFavourite,
  z: () => foldLeague(false),
  Z: () => foldLeague(true),
};

document.addEventListener("desk:key", ({ detail }) => KEYS[detail]?.());
document.getElementById("main").addEventListener("click", (event) => openAlert(event.target.closest("[data-bet]")));
