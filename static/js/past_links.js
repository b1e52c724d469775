// What leads on from a page of the past follows the moment that it shows: its address, which another reader may open, its
// banner, and every link. A page that plays shows ten moments a second: the address and the links follow now and then.
const PACE_MS = 300; // browsers let an address change 20 times a second at most
const PLACE = /^\/at\/[^/]+\//;
const ATTRIBUTES = ["href", "action", "hx-get", "hx-replace-url"];
const SELECTOR = ATTRIBUTES.map((name) => `[${name}^="/at/"]`).join(", ");
const player = document.getElementById("player");
const clock = document.querySelector(".past__moment");
let waiting = null;

function moveTo(moment, element) {
  for (const name of ATTRIBUTES) {
    const address = element.getAttribute(name);
    const there = address?.replace(PLACE, `/at/${moment}/`);
    if (there && there !== address) element.setAttribute(name, there);
  }
}

function follow() {
  waiting = null;
  const moment = player.dataset.moment;
  for (const element of document.querySelectorAll(SELECTOR)) moveTo(moment, element);
  const there = location.pathname.replace(PLACE, `/at/${moment}/`) + location.search;
  if (there !== location.pathname + location.search) history.replaceState(history.state, "", there);
}

document.addEventListener("desk:moment", ({ detail }) => {
  clock.dateTime = `${detail}Z`;
  clock.textContent = `${detail.replace("T", " ")} UTC`;
  waiting ??= setTimeout(follow, PACE_MS);
});
for (const opens of ["click", "auxclick", "focusin"])
  document.addEventListener(opens, (event) => event.target.closest?.(SELECTOR) && moveTo(player.dataset.moment, event.target.closest(SELECTOR)), true);
