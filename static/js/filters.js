// The filter panel is loaded when it is opened; Escape or a click elsewhere closes it.
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
  if (!event.target.open) return;
  const answer = await request(panel.dataset.get + location.search); // a search may have changed the page's address
  if (!answer) return;
  panel.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
});
