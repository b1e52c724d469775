// The movers, on their own page and beside the board, where they are fetched only while the drawer is open. Their rows
// do not change places under the pointer or the focus: the lists wait until both are elsewhere, and say so.
const EVERY_MS = 5000;
const drawer = document.getElementById("drawer");
const lists = drawer?.querySelector("[data-get]");

const isInUse = (part) => part.matches(":hover, :focus-within");
const isHeld = () => lists.querySelector("#movers-panel-lists") !== null && isInUse(lists); // the first lists are always loaded

async function refresh() {
  if (!drawer.open || document.hidden || isHeld()) return;
  const answer = await request(lists.dataset.get);
  if (!answer || isHeld()) return;
  lists.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
}

document.body.addEventListener("htmx:before:request", (event) => {
  if (event.target.id === "movers" && isInUse(event.target)) event.preventDefault();
});
drawer?.addEventListener("toggle", refresh);
if (drawer) setInterval(() => refresh().catch(() => {}), EVERY_MS);
