// The time since LSports' last update, counted in the browser so that the server need not push the passing of time.
// In play, a price that has not changed for minutes is doubtful; before the start it is not.
const QUIET_MS = 60_000;
const VERY_QUIET_MS = 180_000;

htmx.config.morphIgnore.push("data-js-"); // attributes that scripts set are left alone by frames

let stood = "past" in document.documentElement.dataset ? Number(document.body.dataset.now) : null; // a page of the past: its moment
let ahead = Date.now() - Number(document.body.dataset.now);

document.addEventListener("desk:now", (event) => {
  if (stood === null) ahead = Date.now() - event.detail;
  else stood = event.detail; // the player shows another moment
});

function ageText(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return interpolate(gettext("%(number)s s"), { number: seconds }, true);
  if (seconds < 3600) return interpolate(gettext("%(number)s min"), { number: Math.floor(seconds / 60) }, true);
  return interpolate(gettext("%(number)s h"), { number: Math.floor(seconds / 3600) }, true);
}

function grade(element, ms) {
  const age = ms > VERY_QUIET_MS ? "2" : ms > QUIET_MS ? "1" : "0";
  if (element.dataset.jsAge !== age) element.dataset.jsAge = age;
}

function showAges() {
  const now = stood ?? Date.now() - ahead;
  for (const age of document.querySelectorAll(".row:not([data-js-unseen]) .age[data-heard]")) {
    const ms = now - Number(age.dataset.heard);
    const text = ageText(ms);
    if (age.textContent !== text) age.textContent = text;
    grade(age, ms);
  }
}

function gradePrices() {
  const now = stood ?? Date.now() - ahead;
  const inPlay = ".row:not([data-js-unseen]):has(.phase--live) .px--open, .fixture:has(.scoreboard[data-live]) .px--open";
  for (const price of document.querySelectorAll(inPlay)) grade(price, now - Number(price.dataset.t));
}

showAges();
gradePrices();
document.body.addEventListener("htmx:ws:after:message:incoming", showAges); // a swap empties them
setInterval(() => {
  showAges();
  gradePrices();
}, 1000);
