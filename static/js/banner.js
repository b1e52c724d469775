// The banner while the page is paused or the browser is offline: for how long, and that no price on the page counts.
// It covers the end of the page, so that nothing moves when it appears.
const banner = document.getElementById("banner");
const text = document.getElementById("banner-text");
const age = document.getElementById("banner-age");
let [pausedAt, offlineAt] = [null, null];

function elapsed(since) {
  const seconds = Math.floor((Date.now() - since) / 1000);
  if (seconds < 60) return interpolate(gettext("%(number)s s"), { number: seconds }, true);
  return interpolate(gettext("%(number)s min"), { number: Math.floor(seconds / 60) }, true);
}

function show() {
  const since = offlineAt ?? pausedAt;
  banner.hidden = since === null;
  if (since === null) return;
  const words = offlineAt ? gettext("Offline: prices and clocks have stopped, and none of them counts") : gettext("Paused: no price on this page counts");
  if (text.textContent !== words) text.textContent = words;
  age.textContent = interpolate(gettext("for %(time)s"), { time: elapsed(since) }, true);
}

document.addEventListener("desk:paused", (event) => {
  pausedAt = event.detail ? Date.now() : null;
  show();
});

addEventListener("offline", () => {
  offlineAt ??= Date.now();
  show();
});

addEventListener("online", () => {
  offlineAt = null;
  show();
});

setInterval(show, 1000);
