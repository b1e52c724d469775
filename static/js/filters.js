// A panel of the board's bar (filters, columns) is loaded when it is opened; Escape or a click elsewhere closes it.
const panels = [...document.querySelectorAll("#filters, #columns")];

/** Fill the panel with what the server has for this board, and more words of its address. */
async function fill(panel, more = "") {
  const words = new URLSearchParams(location.search); // a search may have changed the page's address
  for (const [name, value] of new URLSearchParams(more)) words.set(name, value);
  const answer = await request(`${panel.dataset.get}?${words}`);
  if (!answer) return;
  panel.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
}

document.addEventListener("keydown", (event) => {
  const opened = panels.find((panel) => panel.open);
  if (event.key !== "Escape" || !opened) return;
  opened.open = false;
  opened.querySelector("summary").focus();
});
document.addEventListener("pointerdown", (event) => {
  for (const panel of panels) if (panel.open && !panel.contains(event.target)) panel.open = false;
});
for (const panel of panels) {
  panel.addEventListener("toggle", () => panel.open && fill(panel.querySelector("[data-get]")));
  panel.addEventListener("change", async (event) => {
    if (!("of" in event.target.dataset)) return;
    await fill(panel.querySelector("[data-get]"), `of=${event.target.value}`);
    panel.querySelector("[data-of]")?.focus();
  });
}
