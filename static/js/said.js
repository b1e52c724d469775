// One polite status line for screen readers: a sentence in five seconds at most, about the fixture of this page only;
// and an alarm when the connection has been lost for ten seconds. Prices are never read out.
const LEAST_BETWEEN_MS = 5000;
const LOST_MS = 10_000;
const said = document.getElementById("said");
const alarm = document.getElementById("alarm");
const spoken = document.body.dataset.spoken;
const text = (selector) => document.querySelector(selector)?.textContent.replace(/\s+/g, " ").trim() ?? "";

const SCORES = [
  () => text(".scoreboard__score"),
  () => text(".scoreboard__phase .phase"),
  () => String(document.querySelectorAll(".scoreboard .card--red").length),
];
const ALL = [...SCORES, () => [...document.querySelectorAll(".market--suspended h3")].map((head) => head.textContent).join(", ")];
const watched = spoken === "off" || !document.querySelector(".fixture") ? [] : spoken === "all" ? ALL : SCORES;
let before = watched.map((look) => look());
let last = -Infinity;
let waiting = 0;

function sentence() {
  const suspended = spoken === "all" ? ALL[3]() : "";
  const state = `${text("h1")}. ${SCORES[0]()}. ${SCORES[1]()}.`;
  return suspended ? `${state} ${interpolate(gettext("Suspended: %(markets)s."), { markets: suspended }, true)}` : state;
}

function speak() {
  waiting = 0;
  last = performance.now();
  said.textContent = sentence();
}

document.body.addEventListener("htmx:ws:after:message:incoming", () => {
  const now = watched.map((look) => look());
  if (now.every((value, place) => value === before[place])) return;
  before = now;
  waiting ||= setTimeout(speak, Math.max(0, last + LEAST_BETWEEN_MS - performance.now()));
});

let lostAt = null;
setInterval(() => {
  const isLost = document.documentElement.dataset.link === "lost";
  lostAt = isLost ? (lostAt ?? Date.now()) : null;
  const words = lostAt && Date.now() - lostAt > LOST_MS ? gettext("The connection is lost. Prices on this page are old.") : "";
  if (alarm.textContent !== words) alarm.textContent = words;
}, 1000);
