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
