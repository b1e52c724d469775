// Pinning fixtures and markets. A row moves at once to its place in the new order, and the board subscribes to that order
// over its socket; a page without a board is reloaded.
async function post(address) {
  const answer = await request(address, { method: "POST", headers: { "X-CSRFToken": document.body.dataset.csrf } });
  return answer?.json();
}

let clicks = 0; // an answer counts only if nothing was clicked since
let posts = Promise.resolve(); // one after another, so that the last answer includes them all
let confirmed = null; // while requests are under way, the pins in the desk's last answer

const isLive = () => document.documentElement.dataset.link === "live";
const pinsOf = (board) => new URLSearchParams(board.dataset.topic.split("?")[1]).get("pins") ?? "";

/** The same pins with one more, or without it. */
function toggled(pins, pk) {
  const before = pins.split(",").filter(Boolean);
  const rest = before.filter((pin) => pin !== pk);
  return (rest.length < before.length ? rest : [...rest, pk]).join(",");
}

function resubscribe(board, pins) {
  if (pinsOf(board) === pins) return;
  const [kind, query = ""] = board.dataset.topic.split("?");
  const rest = query.split("&").filter((word) => word && !word.startsWith("pins="));
  const display = rest.findIndex((word) => /^(zone|sports|without|by|odds|first|hide|stay)=/.test(word));
  rest.splice(display < 0 ? rest.length : display, 0, ...(pins ? [`pins=${pins}`] : []));
  board.dataset.topic = rest.length ? `${kind}?${rest.join("&")}` : kind;
  board.dataset.version = "";
  document.dispatchEvent(new Event("desk:reorder"));
  document.dispatchEvent(new Event("desk:visible"));
}

const titleOf = (league) => league.querySelector(".league__name");
const sportOf = (league) => titleOf(league).querySelector(".league__sport").textContent;
const nameOf = (league) => titleOf(league).textContent.split(" · ").at(-1).trim();
const isSameLeague = (one, other) => titleOf(one).textContent.trim() === titleOf(other).textContent.trim();

/** The place of a league's sport in the trader's own order; the others come after those. */
function rankOf(league) {
  const first = document.getElementById("board").dataset.sports.split(" ");
  return first.includes(league.dataset.sport) ? first.indexOf(league.dataset.sport) : first.length;
}

/** Whether a league stands before another, as the server sorts them: by the trader's sports, then by sport and name. */
function isEarlierLeague(one, other) {
  const order = rankOf(one) - rankOf(other) || sportOf(one).localeCompare(sportOf(other)) || nameOf(one).localeCompare(nameOf(other));
  return order < 0;
}

/** Whether a row comes before another of its new league: by start (latest first among finished ones), then by id. */
function isEarlierRow(row, other) {
  const [start, after] = [row, other].map(({ dataset }) => Number(dataset.start ?? Infinity));
  if (start !== after) return other.closest(".section--finished") ? start > after : start < after;
  return Number(row.id.slice(4)) < Number(other.id.slice(4));
}

function newFavourites() {
  const section = document.createElement("section");
  Object.assign(section, { id: "section-favourites", className: "section section--favourites" });
  section.setAttribute("aria-labelledby", "head-favourites");
  const head = document.createElement("h2");
  head.id = "head-favourites";
  const count = Object.assign(document.createElement("span"), { className: "count", textContent: "0" });
  head.append(`${gettext("Favourites")} `, count);
  section.append(head);
  document.querySelector("#board > .section").before(section);
  return section;
}

/** The row's league in another section: the existing one, or a new copy without rows, in its place. */
function leagueIn(section, league) {
  const leagues = [...section.querySelectorAll(".league")];
  const same = leagues.find((other) => isSameLeague(other, league));
  if (same) return same;
  const copy = league.cloneNode();
  const table = league.querySelector("table").cloneNode();
  for (const part of league.querySelectorAll("colgroup, thead")) table.append(part.cloneNode(true));
  table.append(document.createElement("tbody"));
  copy.append(table);
  section.insertBefore(copy, leagues.find((other) => isEarlierLeague(league, other)) ?? null);
  return copy;
}

/** Update the counts of a league and its section; remove those without rows. */
function recount(league) {
  const section = league.closest(".section");
  const rows = league.querySelectorAll(".row").length;
  if (rows) league.dataset.rows = rows;
  else league.remove();
  const all = section.querySelectorAll(".row").length;
  section.querySelector("h2 .count").textContent = all;
  if (!all) section.remove();
}

/** Move a row to where pinning or unpinning puts it. A section that is not on the page comes from the server. */
function place(row, isPinned) {
  const name = isPinned ? "favourites" : row.dataset.section;
  const section = document.getElementById(`section-${name}`) ?? (isPinned ? newFavourites() : null);
  const from = row.closest(".league");
  if (!section || section.contains(row)) return;
  const focused = document.activeElement;
  const to = leagueIn(section, from);
  const rows = to.querySelector("tbody");
  rows.insertBefore(row, [...rows.rows].find((other) => isEarlierRow(row, other)) ?? null);
  recount(from);
  recount(to);
  if (focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
}

// The trader's other windows show the same favourites.
const windows = new BroadcastChannel("desk:favourites");

windows.addEventListener("message", ({ data: pins }) => {
  const pinned = pins.split(",");
  for (const button of document.querySelectorAll("[data-favourite][aria-pressed]"))
    button.setAttribute("aria-pressed", pinned.includes(button.dataset.favourite));
  const board = document.getElementById("board");
  if (board) resubscribe(board, pins);
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-favourite], [data-pin]");
  if (!button) return;
  if (button.dataset.pin) {
    if (await post(`/pinned_markets/${button.dataset.pin}/`)) location.reload();
    return;
  }
  const pk = button.dataset.favourite;
  const board = document.getElementById("board");
  const before = board && isLive() ? pinsOf(board) : null;
  if (before !== null) {
    // At once, without waiting for the answer, which confirms or corrects it.
    confirmed ??= before;
    const pins = toggled(before, pk);
    place(button.closest(".row"), pins.split(",").includes(pk));
    resubscribe(board, pins);
  }
  const click = ++clicks;
  const send = () => post(`/favourites/${pk}/`);
  posts = posts.then(send, send);
  const result = await posts;
  if (result && click === clicks) windows.postMessage(result.pins);
  if (before !== null) {
    confirmed = result?.pins ?? confirmed;
    if (click !== clicks) return;
    resubscribe(board, confirmed);
    confirmed = null;
  } else if (result && board) location.reload();
  else if (result) button.setAttribute("aria-pressed", result.pinned);
});
