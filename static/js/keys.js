// Single-key shortcuts; can be turned off in the preferences, and are ignored while something is typed (WCAG 2.1.4).
const help = document.getElementById("help");
const ROWS = ".row .c-fixture a, .grid th[scope=row] a, .plain tbody a, .concern a";
const PLACES = { f: "/", l: "/?show=in_play", n: "/attention/", m: "/movers/", h: "/health/" };
let waitsForPlace = false;

function focusRow(step) {
  const rows = [...document.querySelectorAll(ROWS)].filter((link) => link.checkVisibility());
  const current = rows.indexOf(document.activeElement);
  const next = rows[current < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, current + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

async function nextOddsFormat() {
  const answer = await request("/preferences/notation/", {
    method: "POST",
    headers: { "X-CSRFToken": document.body.dataset.csrf },
  });
  if (answer) location.reload();
}

function toggleInPlay() {
  const query = new URLSearchParams(location.search);
  if (location.pathname !== "/") return location.assign(PLACES.l);
  if (query.get("show") === "in_play") query.delete("show");
  else query.set("show", "in_play");
  location.assign(`/?${query}`);
}

const ACTIONS = {
  "/": () => document.getElementById("search")?.focus(),
  j: () => focusRow(1),
  k: () => focusRow(-1),
  o: nextOddsFormat,
  s: toggleInPlay,
  p: () => document.dispatchEvent(new Event("desk:pause")),
  "?": () => help.showModal(),
  // Of the price that is marked, and its row (cells.js).
  ...Object.fromEntries([..."ahnfzZ"].map((key) => [key, () => document.dispatchEvent(new CustomEvent("desk:key", { detail: key }))])),
  g: () => {
    waitsForPlace = true;
    setTimeout(() => (waitsForPlace = false), 1500);
  },
};

document.addEventListener("keydown", (event) => {
  if (document.body.dataset.shortcuts === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea, dialog")) return;
  const place = waitsForPlace && PLACES[event.key];
  waitsForPlace = false;
  if (!place && !ACTIONS[event.key]) return;
  event.preventDefault();
  if (place) location.assign(place);
  else ACTIONS[event.key]();
});

document.addEventListener("desk:action", ({ detail }) => ACTIONS[detail]?.());
document.getElementById("help-open")?.addEventListener("click", () => help.showModal());
