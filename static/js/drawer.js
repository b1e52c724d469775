// The movers on a page of their own, and beside the board, where they are asked for while the drawer is open and no more.
// Their rows do not change places under the pointer or the focus: the lists wait until both are elsewhere, and say so.
const EVERY_MS = 5000;
const drawer = document.getElementById("drawer");
const lists = drawer?.querySelector("[data-get]");

const isInUse = (part) => part.matches(":hover, :focus-within");
const isHeld = () => lists.querySelector("#movers-panel-lists") !== null && isInUse(lists); // the first come in any case

async function renew() {
  if (!drawer.open || document.hidden || isHeld()) return;
  const answer = await ask(lists.dataset.get);
  if (!answer || isHeld()) return;
  lists.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
}

document.body.addEventListener("htmx:before:request", (event) => {
  if (event.target.id === "movers" && isInUse(event.target)) event.preventDefault();
});
drawer?.addEventListener("toggle", renew);
if (drawer) setInterval(() => renew().catch(() => {}), EVERY_MS);
