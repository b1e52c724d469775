// A trader's alerts on every page: asked for now and then, shown as a message, on request with a sound or notification.
const EVERY_MS = 5000;
const toasts = document.getElementById("toasts");
const unseen = document.getElementById("unseen");
const MOST = 4;
let newest = null;

function beep() {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const volume = context.createGain();
  volume.gain.setValueAtTime(0.15, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + 0.4);
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 0.4);
}

/** Put up a message; `told` is a link or a plain piece of text. */
function putUp(told) {
  const toast = document.createElement("div");
  const close = document.createElement("button");
  toast.className = "toast";
  close.className = "tool";
  close.textContent = "×";
  close.setAttribute("aria-label", gettext("Close this message"));
  close.addEventListener("click", () => toast.remove());
  toast.append(told, close);
  toasts.append(toast);
  while (toasts.childElementCount > MOST) toasts.firstElementChild.remove();
}

function show(alert) {
  const link = document.createElement("a");
  link.href = `/fixtures/${alert.fixture}/`;
  link.textContent = `${alert.rule}: ${alert.text}`;
  putUp(link);
  if (alert.sound && document.body.dataset.sound === "on") beep();
  if (document.body.dataset.notifications === "on" && Notification.permission === "granted" && document.hidden)
    new Notification(alert.rule, { body: alert.text, tag: alert.id });
}

/** The page with the log has shown it: the number in the navigation counts only what came later. */
async function haveSeen(log) {
  const headers = { "X-CSRFToken": document.body.dataset.csrf };
  await fetch("/alerts/seen/", { method: "POST", headers, body: new URLSearchParams({ newest: log.dataset.newest }) });
}

async function ask() {
  const answer = await fetch(newest === null ? "/alerts/new/" : `/alerts/new/?after=${newest}`);
  if (!answer.ok) return;
  const told = await answer.json();
  for (const alert of told.alerts) show(alert);
  newest = told.newest;
  if (!unseen) return;
  unseen.hidden = told.unseen === 0;
  unseen.firstChild.textContent = told.unseen;
}

document.addEventListener("desk:said", ({ detail }) => {
  const text = document.createElement("span");
  text.textContent = detail;
  if (![...toasts.children].some((toast) => toast.firstElementChild.textContent === detail)) putUp(text);
});
if (document.body.dataset.notifications === "on" && Notification.permission === "default")
  document.addEventListener("click", () => Notification.requestPermission(), { once: true });
setInterval(() => document.hidden && document.body.dataset.notifications !== "on" ? null : ask().catch(() => {}), EVERY_MS);
const log = document.getElementById("alert-log");
(log ? haveSeen(log) : Promise.resolve()).then(ask).catch(() => {});
