// A price's opening, previous and present value, since when, and how it went, while it is pointed at or its row has the
// focus. From a row the arrow keys go on to the prices beside it, which the status line then says.
const tip = document.getElementById("tip");
const main = document.getElementById("main");
const said = document.getElementById("said");
const NAMES = [gettext("Opened"), gettext("Before"), gettext("Now"), gettext("Decimal")];
const STEPS = { ArrowRight: 1, ArrowLeft: -1 };
const LEAVE_MS = 250; // long enough for the pointer to get from the price into the tip
let shown = null; // the cell
let leaving = null; // the timer that hides it once the pointer is elsewhere
let focused = null; // the link of its row, where it is shown for the focus

htmx.config.morphIgnore.push("aria-describedby");

/** What a cell tells: its bookmaker, pairs of a name and a value, a note. A bookmaker's name may have any letters in it. */
function told(cell) {
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
  const { bookmaker, pairs, note } = told(cell);
  const title = document.createElement("strong");
  const list = document.createElement("dl");
  title.textContent = bookmaker;
  for (const [name, value] of pairs) {
    const term = list.appendChild(document.createElement("dt"));
    const detail = list.appendChild(document.createElement("dd"));
    [term.textContent, detail.textContent] = [name, value];
  }
  const picture = tip.querySelector("img");
  tip.replaceChildren(title, list);
  if (note) tip.append(note);
  if (!cell.dataset.history) return;
  const path = cell === shown && picture ? picture : new Image();
  const address = cell.dataset.history.replace("/history/", "/spark.svg");
  path.alt = "";
  if (path.getAttribute("src") !== address) path.src = address;
  tip.append(path);
}

function put(cell) {
  const place = cell.getBoundingClientRect();
  const size = tip.getBoundingClientRect();
  const above = place.top - size.height - 4; // so that the pointer can go on down a column
  // Not left and top: those would lay out the page anew, and count as a jump.
  const left = Math.max(4, Math.min(place.left, innerWidth - size.width - 8));
  tip.style.translate = `${left}px ${above > 0 ? above : place.bottom + 4}px`;
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
  shown = null;
  focused?.removeAttribute("aria-describedby");
  focused = null;
}

const pricesOf = (row) => [...row.querySelectorAll("[data-tip]")].filter((cell) => cell.checkVisibility());

/** On to the next price of the row, in the way of an arrow key. */
function step(by) {
  const prices = pricesOf(focused.closest("tr"));
  const next = prices[prices.indexOf(shown) + by];
  if (!next) return;
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
  show(next);
  const { bookmaker, pairs, note } = told(next);
  said.textContent = [bookmaker, ...pairs.map((pair) => pair.join(" ")), note].filter(Boolean).join(", ");
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
  show(prices.find((cell) => cell.matches(".px--best")) ?? prices[0]);
});
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
