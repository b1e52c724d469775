// Pinning fixtures and markets. The board then watches its new order by its socket; a page without one is loaded anew.
async function post(address) {
  const answer = await ask(address, { method: "POST", headers: { "X-CSRFToken": document.body.dataset.csrf } });
  return answer?.json();
}

let clicks = 0; // an answer counts if nothing was clicked since

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
  if (before !== null) rewatch(board, toggled(before, pk)); // at once: the answer says whether it is so
  const mine = ++clicks;
  const told = await post(`/favourites/${pk}/`);
  if (before !== null) {
    if (mine === clicks) rewatch(board, told ? told.pins : before);
  } else if (told && board) location.reload();
  else if (told) button.setAttribute("aria-pressed", told.pinned);
});

// The panel of filters is asked for when it is opened first; Escape and a press elsewhere close it.
const filters = document.getElementById("filters");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !filters?.open) return;
  filters.open = false;
  filters.querySelector("summary").focus();
});
document.addEventListener("pointerdown", (event) => {
  if (filters?.open && !filters.contains(event.target)) filters.open = false;
});
filters?.addEventListener("toggle", async (event) => {
  const panel = document.getElementById("filters-panel");
  if (!event.target.open || !panel.dataset.get) return;
  const answer = await ask(panel.dataset.get);
  if (!answer) return;
  delete panel.dataset.get;
  panel.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
});
