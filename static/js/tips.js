// The tooltip of a price: its opening, previous and present value, when it changed, and its history, while the pointer is
// on it or its row has the focus. From a row the arrow keys step through its prices, which screen readers then announce.
const tip = document.getElementById("tip");
const main = document.getElementById("main");
const announcement = document.getElementById("announcement");
const NAMES = [gettext("Opening"), gettext("Previous"), gettext("Now"), gettext("Decimal")];
const STEPS = { ArrowRight: 1, ArrowLeft: -1 };
const LEAVE_MS = 250; // long enough to move the pointer from the price into the tooltip
let shown = null; // the cell
let leaving = null; // the timer that hides it once the pointer is elsewhere
let focused = null; // the link of its row, if it is shown because of the focus

htmx.config.morphIgnore.push("aria-describedby");

/** A cell's bookmaker (whose name may contain "|"), pairs of a name and a value, and note. */
function details(cell) {
  const parts = cell.dataset.tip.split("|");
  const [opened, before, now, exact, note] = parts.splice(-5);
  const values = [opened, before, now, Number(exact) === Number(now) ? "" : exact];
  const pairs = values.map((value, place) => [NAMES[place], value]);
  const moment = new Date(Number(cell.dataset.t));
  const timeZone = document.body.dataset.zone || undefined;
  pairs.push([gettext("Changed"), moment.toLocaleTimeString(document.body.dataset.locale, { timeZone, hour12: false })]);
  return { bookmaker: parts.join("|"), pairs: pairs.filter(([, value]) => value), note };
}

function fill(cell) {
  const { bookmaker, pairs, note } = details(cell);
  const title = document.createElement("strong");
  const list = document.createElement("dl");
  title.textContent = bookmaker;
  for (const [name, value] of pairs) {
    const term = list.appendChild(document.createElement("dt"));
    const detail = list.appendChild(document.createElement("dd"));
    [term.textContent, detail.textContent] = [name, value];
  }
  const image = tip.querySelector("img");
  tip.replaceChildren(title, list);
  if (note) tip.append(note);
  if (!cell.dataset.history || "past" in document.documentElement.dataset) return; // the picture is of today's prices
  const sparkline = cell === shown && image ? image : new Image();
  const address = cell.dataset.history.replace("/history/", "/spark.svg");
  sparkline.alt = "";
  if (sparkline.getAttribute("src") !== address) sparkline.src = address;
  tip.append(sparkline, messageLink(cell));
}

/** To the message that made the price what it is. */
function messageLink(cell) {
  const link = document.createElement("a");
  const log = cell.dataset.history.replace(/\/history\/.*/, "/log/");
  link.href = `${log}?price=${cell.dataset.bet}`;
  link.textContent = gettext("Which message said this?");
  return link;
}

function put(cell) {
  const place = cell.getBoundingClientRect();
  const size = tip.getBoundingClientRect();
  const above = place.top - size.height - 4; // above, so that the pointer can go on down a column
  // Not left and top: those would cause a layout of the page, and count as a layout shift.
  const left = Math.max(4, Math.min(place.left, innerWidth - size.width - 8));
  const below = Math.max(4, Math.min(place.bottom + 4, innerHeight - size.height - 4)); // never out of the window
  tip.style.translate = `${left}px ${above > 0 ? above : below}px`;
}

function show(cell) {
  clearTimeout(leaving);
  fill(cell);
  shown = cell;
  tip.hidden = false;
  put(cell);
}

function hide() {
  clearTimeout(leaving);
  tip.hidden = true;
  shown?.removeAttribute("data-js-marked");
  shown = null;
  focused?.removeAttribute("aria-describedby");
  focused = null;
}

const pricesOf = (row) => [...row.querySelectorAll("[data-tip]")].filter((cell) => cell.checkVisibility());

/** Show a price because of the focus on its row, with a mark on its cell. */
function mark(cell) {
  shown?.removeAttribute("data-js-marked");
  cell.dataset.jsMarked = "";
  show(cell);
}

/** Step to the next price of the row, in the direction of an arrow key. */
function step(by) {
  const prices = pricesOf(focused.closest("tr"));
  const next = prices[prices.indexOf(shown) + by];
  if (next) goTo(next);
}

/** Mark a price and announce it. */
function goTo(next) {
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
  mark(next);
  const { bookmaker, pairs, note } = details(next);
  announcement.textContent = [bookmaker, ...pairs.map((pair) => pair.join(" ")), note].filter(Boolean).join(", ");
}

function leave() {
  clearTimeout(leaving);
  leaving = setTimeout(hide, LEAVE_MS);
}

main.addEventListener("pointerover", (event) => {
  const cell = event.target.closest("[data-tip]");
  if (!cell) return leave();
  if (cell !== shown) hide();
  show(cell);
});
main.addEventListener("pointerleave", leave);
tip.addEventListener("pointerenter", () => clearTimeout(leaving));
tip.addEventListener("pointerleave", leave);
main.addEventListener("focusin", (event) => {
  const row = event.target.closest("th[scope=row]")?.parentElement;
  const prices = row ? pricesOf(row) : [];
  hide();
  if (!prices.length) return;
  focused = event.target;
  focused.setAttribute("aria-describedby", "tip");
  mark(prices.find((cell) => cell.matches(".px--best")) ?? prices[0]);
});
document.addEventListener("desk:mark", (event) => goTo(event.detail));
main.addEventListener("focusout", hide);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
  if (!focused || !STEPS[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  step(STEPS[event.key]);
});
document.addEventListener("scroll", () => (focused ? put(shown) : hide()), { passive: true, capture: true });
document.body.addEventListener("htmx:ws:after:message:incoming", () => {
  if (!shown) return;
  if (shown.isConnected && shown.dataset.tip) fill(shown);
  else hide();
});
