// A list that the reader sorts: by dragging an item, by its two buttons, or by Alt and an arrow key on any of its controls.
// The form sends the items in the order in which they stand.
let dragged = null;

function step(item, by) {
  const other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  const focused = document.activeElement;
  if (by < 0) other.before(item);
  else other.after(item);
  focused.focus();
  item.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sorted] [data-step]");
  if (button) step(button.closest("li"), Number(button.dataset.step));
});

document.addEventListener("keydown", (event) => {
  const item = event.altKey && event.target.closest("[data-sorted] > li");
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!item || !by) return;
  event.preventDefault();
  step(item, by);
});

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-sorted] > li");
  if (dragged) event.dataTransfer.effectAllowed = "move";
});

document.addEventListener("dragover", (event) => {
  const over = event.target.closest("[data-sorted] > li");
  if (!dragged || !over || over.parentElement !== dragged.parentElement) return;
  event.preventDefault();
  const { top, height } = over.getBoundingClientRect();
  if (event.clientY < top + height / 2) over.before(dragged);
  else over.after(dragged);
});

document.addEventListener("drop", (event) => dragged && event.preventDefault());
document.addEventListener("dragend", () => (dragged = null));
