// Match clocks tick in the browser: data-seconds is what a clock showed at data-at.
let stood = "past" in document.documentElement.dataset ? Number(document.body.dataset.now) : null; // a page of the past: its moment
let ahead = Date.now() - Number(document.body.dataset.now); // how far this browser's clock is ahead of the server's, in ms

document.addEventListener("desk:now", (event) => {
  if (stood === null) ahead = Date.now() - event.detail;
  else stood = event.detail; // the player shows another moment
});

/** Clocks stand while what they count on may not be so any more. */
const stands = () => ["data-offline", "data-paused"].some((name) => document.documentElement.hasAttribute(name));

function tick() {
  if (stands()) return;
  for (const clock of document.querySelectorAll(".clock[data-runs]")) {
    const since = Math.max(0, (stood ?? Date.now() - ahead) - Number(clock.dataset.at));
    const seconds = Number(clock.dataset.seconds) + Math.floor(since / 1000);
    const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (clock.textContent !== text) clock.textContent = text;
  }
}

tick();
document.body.addEventListener("htmx:ws:after:message:incoming", tick); // a swap puts the server's text back
setInterval(tick, 1000);
