// Pinning fixtures and markets. The board then watches its new order by its socket; a page without one is loaded anew.
async function post(address) {
  const answer = await ask(address, { method: "POST", headers: { "X-CSRFToken": document.body.dataset.csrf } });
  return answer?.json();
}

function rewatch(pins) {
  const board = document.getElementById("board");
  if (document.documentElement.dataset.link !== "live") return location.reload();
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
  const told = await post(`/favourites/${button.dataset.favourite}/`);
  if (!told) return;
  if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", told.pinned);
  else rewatch(told.pins);
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
