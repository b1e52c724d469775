// The movers beside the board: asked for while the drawer is open, and no more.
const EVERY_MS = 5000;
const drawer = document.getElementById("drawer");
const lists = drawer?.querySelector("[data-get]");

async function renew() {
  if (!drawer.open || document.hidden) return;
  const answer = await ask(lists.dataset.get);
  if (!answer || lists.contains(document.activeElement)) return;
  lists.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
}

drawer?.addEventListener("toggle", renew);
if (drawer) setInterval(() => renew().catch(() => {}), EVERY_MS);
