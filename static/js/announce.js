// Announcements for screen readers: at most one polite sentence every five seconds, about this page's fixture only, and
// an alarm when the connection has been lost for ten seconds. Prices are never announced.
const LEAST_BETWEEN_MS = 5000;
const LOST_MS = 10_000;
const announcement = document.getElementById("announcement");
const alarm = document.getElementById("alarm");
const spoken = document.body.dataset.spoken;
const text = (selector) => document.querySelector(selector)?.textContent.replace(/\s+/g, " ").trim() ?? "";

const SCORES = [
  () => text(".scoreboard__score"),
  () => text(".scoreboard__phase .phase"),
  () => String(document.querySelectorAll(".scoreboard .card--red").length),
];
const ALL = [...SCORES, () => [...document.querySelectorAll(".market--suspended h3")].map((head) => head.textContent.trim()).join(", ")];
const watched = spoken === "off" || !document.querySelector(".fixture") ? [] : spoken === "all" ? ALL : SCORES;
let before = watched.map((read) => read());
let last = -Infinity;
let waiting = 0;

function sentence() {
  const suspended = spoken === "all" ? ALL[3]() : "";
  const state = `${text("h1")}. ${SCORES[0]()}. ${SCORES[1]()}.`;
  return suspended ? `${state} ${interpolate(gettext("Suspended: %(markets)s."), { markets: suspended }, true)}` : state;
}

function announce() {
  waiting = 0;
  last = performance.now();
  announcement.textContent = sentence();
}

document.body.addEventListener("htmx:ws:after:message:incoming", () => {
  const now = watched.map((read) => read());
  if (now.every((value, place) => value === before[place])) return;
  before = now;
  waiting ||= setTimeout(announce, Math.max(0, last + LEAST_BETWEEN_MS - performance.now()));
});

let lostAt = null;
setInterval(() => {
  const isLost = document.documentElement.dataset.link === "lost";
  lostAt = isLost ? (lostAt ?? Date.now()) : null;
  const isLong = lostAt && Date.now() - lostAt > LOST_MS;
  const warning = isLong ? gettext("The connection has been lost. Prices on this page are out of date.") : "";
  if (alarm.textContent !== warning) alarm.textContent = warning;
}, 1000);
