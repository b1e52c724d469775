// The command palette (Ctrl-K): pages, saved views and actions are on the page, fixtures are fetched while one types.
const palette = document.getElementById("palette");
const text = document.getElementById("palette-text");
const list = document.getElementById("palette-list");
const none = document.getElementById("palette-none");
const WAIT_MS = 60;
let timer = null;
let underWay = null; // the one under way

const folded = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const shownEntries = () => [...list.children].filter((entry) => !entry.hidden);

function choose(entry) {
  for (const other of list.children) other.setAttribute("aria-selected", other === entry);
  if (entry) text.setAttribute("aria-activedescendant", entry.id);
  else text.removeAttribute("aria-activedescendant");
  entry?.scrollIntoView({ block: "nearest" });
  none.hidden = entry !== undefined;
}

/** Show what has every word that was typed, and choose the first. */
function filter() {
  const words = folded(text.value).split(/\s+/).filter(Boolean);
  for (const entry of list.querySelectorAll(":not([data-found]).palette__entry"))
    entry.hidden = !words.every((word) => folded(entry.textContent).includes(word));
  choose(shownEntries()[0]);
}

function fixtureEntry({ address, title, where, isLive, isFavourite }) {
  const entry = document.createElement("li");
  Object.assign(entry, { className: "palette__entry", id: `palette-fixture-${address.split("/")[2]}` });
  entry.setAttribute("role", "option");
  Object.assign(entry.dataset, { href: address, found: "" });
  const parts = [isFavourite ? `★ ${title}` : title, isLive ? `${where} · ${gettext("In play")}` : where];
  for (const [place, words] of parts.entries())
    entry.append(Object.assign(document.createElement("span"), { textContent: words, className: place ? "part" : "" }), " ");
  return entry;
}

/** Fetch the fixtures of what was typed; an answer to older words is not waited for. */
async function fetchFixtures() {
  underWay?.abort();
  const words = text.value.trim();
  let fixtures = [];
  if (words) {
    underWay = new AbortController();
    const answer = await fetch(`/find/?${new URLSearchParams({ q: words })}`, { signal: underWay.signal }).catch(() => null);
    if (!answer?.ok || text.value.trim() !== words) return;
    ({ fixtures } = await answer.json());
  }
  for (const entry of list.querySelectorAll("[data-found]")) entry.remove();
  list.prepend(...fixtures.map(fixtureEntry));
  filter();
}

async function run(entry) {
  if (!entry) return;
  palette.close();
  if (entry.dataset.href) location.assign(entry.dataset.href);
  else if (entry.dataset.action) document.dispatchEvent(new CustomEvent("desk:action", { detail: entry.dataset.action }));
  else if (entry.dataset.density) {
    const headers = { "X-CSRFToken": document.body.dataset.csrf };
    const body = new URLSearchParams({ density: entry.dataset.density });
    if (!(await request("/preferences/density/", { method: "POST", headers, body }))) return;
    const here = new URL(location.href);
    here.searchParams.delete("density"); // what a link says of it would hide the choice
    if (here.href === location.href) location.reload();
    else location.assign(here);
  }
}

function step(by) {
  const entries = shownEntries();
  const current = entries.findIndex((entry) => entry.getAttribute("aria-selected") === "true");
  choose(entries[(current + by + entries.length) % entries.length]);
}

function open() {
  if (palette.open) return palette.close();
  text.value = "";
  fetchFixtures();
  palette.showModal();
  text.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  open();
});
text.addEventListener("input", () => {
  filter();
  clearTimeout(timer);
  timer = setTimeout(fetchFixtures, WAIT_MS);
});
text.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) step(by);
  else if (event.key === "Enter") run(shownEntries().find((entry) => entry.getAttribute("aria-selected") === "true"));
  else return;
  event.preventDefault();
});
list.addEventListener("click", (event) => run(event.target.closest(".palette__entry")));
palette.addEventListener("click", (event) => event.target === palette && palette.close());
document.getElementById("palette-open")?.addEventListener("click", open);
