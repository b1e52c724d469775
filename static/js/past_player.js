// The player of a page of the past: its slider, its speed, the ways to where something turned, and a key for each.
const player = document.getElementById("player");
const slider = document.getElementById("player-time");
const speed = document.getElementById("player-speed");
const play = document.getElementById("player-play");
const note = document.getElementById("player-note");
const TICK_MS = 100;
const SECOND_MS = 1000;
const ahead = Date.now() - Number(player.dataset.present); // how far this browser's clock is ahead of the server's
const present = () => Date.now() - ahead;
const textOf = (ms) => new Date(ms).toISOString().slice(0, -1);
/** The millisecond that a moment's text has, or the next one: a change that was stored within it is not missed. */
const msOf = (text) => Date.parse(`${text.slice(0, 23)}Z`) + (Number(text.slice(23)) > 0 ? 1 : 0);
let at = msOf(player.dataset.moment); // the moment that is shown, or wanted
let isPlaying = false;
let begun = { at, time: 0 }; // where playing began, and when by the browser's clock

const seek = (text) => document.dispatchEvent(new CustomEvent("desk:seek", { detail: text }));
const say = (words) => (note.textContent = words);
const goLive = () => location.assign(player.dataset.live);

function point() {
  slider.value = at;
  slider.ariaValueText = `${textOf(at).replace("T", " ")} UTC`;
}

/** To a moment; what will be nobody knows, so whoever comes to the present is shown the live page. */
function goTo(ms) {
  if (ms >= present()) return goLive();
  at = Math.round(Math.max(ms, Number(slider.min)));
  begun = { at, time: performance.now() };
  point();
  seek(textOf(at));
}

function setPlaying(isSo) {
  isPlaying = isSo;
  begun = { at, time: performance.now() };
  play.setAttribute("aria-pressed", isSo);
  play.textContent = isSo ? gettext("Stop") : gettext("Play");
}

function tick() {
  if (!isPlaying || document.hidden) return;
  const ms = begun.at + (performance.now() - begun.time) * Number(speed.value);
  if (ms >= present()) return goLive();
  at = Math.round(ms);
  if (at > Number(slider.max)) setPlaying(player.hasAttribute("data-grows"));
  point();
  seek(textOf(at));
}

function changeSpeed(step) {
  speed.selectedIndex = Math.min(speed.length - 1, Math.max(0, speed.selectedIndex + step));
  begun = { at, time: performance.now() };
}

/** The price that the reader chose, in this or another moment's cell. */
const chosen = () => document.querySelector("[data-js-chosen]");

function choose(cell) {
  const before = chosen();
  before?.removeAttribute("data-js-chosen");
  if (cell !== before) cell.dataset.jsChosen = "";
  document.getElementById("player-price").disabled = !chosen();
}

/** On to where something turned: of this page's fixture, or of the one that has the chosen price. */
async function turn(name) {
  const fixture = document.querySelector("[data-fixture]")?.dataset.fixture ?? chosen()?.closest(".row")?.id.slice(4);
  if (!fixture || (name === "price" && !chosen())) return say(gettext("Choose a price on the page first."));
  const query = name === "price" ? `?bet=${chosen().dataset.bet}` : "";
  const answer = await request(`/at/${player.dataset.moment}/fixtures/${fixture}/go/${name}/${query}`, { headers: { Accept: "application/json" } });
  if (!answer) return;
  const { moment } = await answer.json();
  say(moment ? "" : gettext("Nothing of that kind was found."));
  if (!moment) return;
  at = msOf(moment);
  begun = { at, time: performance.now() };
  point();
  seek(moment);
}

const KEYS = {
  " ": () => setPlaying(!isPlaying),
  ",": () => goTo(at - SECOND_MS),
  ".": () => goTo(at + SECOND_MS),
  "<": () => changeSpeed(-1),
  ">": () => changeSpeed(1),
  b: () => turn("before"),
  c: () => turn("change"),
  g: () => turn("goal"),
  u: () => turn("suspension"),
  x: () => turn("price"),
  l: goLive,
};

document.addEventListener("keydown", (event) => {
  if (document.body.dataset.shortcuts === "off" || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
  if (event.target.closest("input:not([type=range]), select, textarea, dialog")) return;
  if (event.key === " " && event.target.closest("button, a, summary")) return; // they have that key themselves
  event.preventDefault();
  KEYS[event.key]();
});

document.addEventListener("desk:moment", ({ detail }) => {
  player.dataset.moment = detail;
  say("");
});
document.addEventListener("desk:refused", ({ detail }) => {
  setPlaying(false);
  at = msOf(player.dataset.moment);
  point();
  say(detail);
});
play.addEventListener("click", () => setPlaying(!isPlaying));
speed.addEventListener("change", () => changeSpeed(0));
slider.addEventListener("input", () => goTo(Number(slider.value)));
document.querySelector(".past").addEventListener("click", (event) => {
  const way = event.target.closest("[data-turn], [data-step]");
  if (!way || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (way.dataset.turn) turn(way.dataset.turn);
  else goTo(at + Number(way.dataset.step));
});
document.getElementById("main").addEventListener("click", (event) => {
  const cell = event.target.closest("[data-bet]");
  if (cell) choose(cell);
});
setInterval(tick, TICK_MS);
if (player.hasAttribute("data-grows")) setInterval(() => (slider.max = Math.floor(present())), SECOND_MS);
for (const part of document.querySelectorAll("#player, .past button[data-turn]")) part.hidden = false;
point();
