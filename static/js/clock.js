// Match clocks tick here: the server says where a clock stood and when, in data-seconds and data-at.
let ahead = Date.now() - Number(document.body.dataset.now); // this browser's clock before the server's, in ms

document.addEventListener("desk:now", (event) => {
  ahead = Date.now() - event.detail;
});

function tick() {
  for (const clock of document.querySelectorAll(".clock[data-runs]")) {
    const since = Math.max(0, Date.now() - ahead - Number(clock.dataset.at));
    const seconds = Number(clock.dataset.seconds) + Math.floor(since / 1000);
    const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (clock.textContent !== text) clock.textContent = text;
  }
}

tick();
document.body.addEventListener("htmx:ws:after:message:incoming", tick); // a swap brought the server's text back
setInterval(tick, 1000);
