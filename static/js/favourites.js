// Pinning fixtures and markets. A row moves at once to where the board's next order has it, and the board watches that
// order by its socket; a page without one is loaded anew.
async function post(address) {
  const answer = await ask(address, { method: "POST", headers: { "X-CSRFToken": document.body.dataset.csrf } });
  return answer?.json();
}

let clicks = 0; // an answer counts if nothing was clicked since
let posts = Promise.resolve(); // one after another: the answer to the last one knows of all
let sure = null; // while some are under way, the pins that the desk has told last

const isLive = () => document.documentElement.dataset.link === "live";
const pinsOf = (board) => new URLSearchParams(board.dataset.topic.split("?")[1]).get("pins") ?? "";

/** The same pins with one more, or without it. */
function toggled(pins, pk) {
  const before = pins.split(",").filter(Boolean);
  const rest = before.filter((pin) => pin !== pk);
  return (rest.length < before.length ? rest : [...rest, pk]).join(",");
}

function rewatch(board, pins) {
  if (pinsOf(board) === pins) return;
  const [kind, words = ""] = board.dataset.topic.split("?");
  const rest = words.split("&").filter((word) => word && !word.startsWith("pins="));
  const look = rest.findIndex((word) => /^(zone|odds|first|hide|stay)=/.test(word));
  rest.splice(look < 0 ? rest.length : look, 0, ...(pins ? [`pins=${pins}`] : []));
  board.dataset.topic = rest.length ? `${kind}?${rest.join("&")}` : kind;
  board.dataset.version = "";
  document.dispatchEvent(new Event("desk:asked"));
  document.dispatchEvent(new Event("desk:shown"));
}

const titleOf = (league) => league.querySelector(".league__name");
const sportOf = (league) => titleOf(league).querySelector(".league__sport").textContent;
const nameOf = (league) => titleOf(league).textContent.split(" · ").at(-1).trim();
const isSameLeague = (one, other) => titleOf(one).textContent.trim() === titleOf(other).textContent.trim();

/** Whether a league stands before another, as the server sorts them: by sport and name. */
function isEarlierLeague(one, other) {
  const order = sportOf(one).localeCompare(sportOf(other)) || nameOf(one).localeCompare(nameOf(other));
  return order < 0;
}

/** Whether a row comes before another of its new league: by start, the last first among finished ones, then by number. */
function isEarlierRow(row, other) {
  const [start, after] = [row, other].map((each) => Number(each.dataset.start ?? Infinity));
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

/** The row's league in another section: the one that is there, or a copy without rows at its place. */
function leagueIn(section, league) {
  const there = [...section.querySelectorAll(".league")];
  const same = there.find((each) => isSameLeague(each, league));
  if (same) return same;
  const made = league.cloneNode();
  const table = league.querySelector("table").cloneNode();
  for (const part of league.querySelectorAll("colgroup, thead")) table.append(part.cloneNode(true));
  table.append(document.createElement("tbody"));
  made.append(table);
  section.insertBefore(made, there.find((each) => isEarlierLeague(league, each)) ?? null);
  return made;
}

/** Say how many rows a league and its section have; what has none goes. */
function recount(league) {
  const section = league.closest(".section");
  const rows = league.querySelectorAll(".row").length;
  if (rows) league.dataset.rows = rows;
  else league.remove();
  const all = section.querySelectorAll(".row").length;
  section.querySelector("h2 .count").textContent = all;
  if (!all) section.remove();
}

/** Move a row to where its being pinned, or not any more, puts it. A section that is not there comes from the server. */
function place(row, isPinned) {
  const name = isPinned ? "favourites" : row.dataset.section;
  const section = document.getElementById(`section-${name}`) ?? (isPinned ? newFavourites() : null);
  const from = row.closest(".league");
  if (!section || section.contains(row)) return;
  const focused = document.activeElement;
  const to = leagueIn(section, from);
  const rows = to.querySelector("tbody");
  rows.insertBefore(row, [...rows.rows].find((each) => isEarlierRow(row, each)) ?? null);
  recount(from);
  recount(to);
  if (focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
}

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
    // At once: the answer says whether it is so.
    sure ??= before;
    const pins = toggled(before, pk);
    place(button.closest(".row"), pins.split(",").includes(pk));
    rewatch(board, pins);
  }
  const mine = ++clicks;
  const send = () => post(`/favourites/${pk}/`);
  posts = posts.then(send, send);
  const told = await posts;
  if (before !== null) {
    sure = told?.pins ?? sure;
    if (mine !== clicks) return;
    rewatch(board, sure);
    sure = null;
  } else if (told && board) location.reload();
  else if (told) button.setAttribute("aria-pressed", told.pinned);
});
