// Keys of one letter; off in the preferences, and while something is typed (WCAG 2.1.4).
const help = document.getElementById("help");
const ROWS = ".row .c-fixture a, .grid th[scope=row] a, .plain tbody a";
const PLACES = { f: "/", l: "/?show=in_play", m: "/movers/", h: "/health/" };
let waitsForPlace = false;

function row(step) {
  const rows = [...document.querySelectorAll(ROWS)].filter((link) => link.checkVisibility());
  const here = rows.indexOf(document.activeElement);
  const next = rows[here < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, here + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

async function nextNotation() {
  const answer = await ask("/preferences/notation/", {
    method: "POST",
    headers: { "X-CSRFToken": document.body.dataset.csrf },
  });
  if (answer) location.reload();
}

function onlyInPlay() {
  const asked = new URLSearchParams(location.search);
  if (location.pathname !== "/") return location.assign(PLACES.l);
  if (asked.get("show") === "in_play") asked.delete("show");
  else asked.set("show", "in_play");
  location.assign(`/?${asked}`);
}

const DO = {
  "/": () => document.getElementById("search")?.focus(),
  j: () => row(1),
  k: () => row(-1),
  o: nextNotation,
  s: onlyInPlay,
  p: () => document.dispatchEvent(new Event("desk:pause")),
  "?": () => help.showModal(),
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
  if (!place && !DO[event.key]) return;
  event.preventDefault();
  if (place) location.assign(place);
  else DO[event.key]();
});

document.getElementById("help-open")?.addEventListener("click", () => help.showModal());
