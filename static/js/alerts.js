// A trader's alerts, on every page: polled, shown as a message for each fixture, and with a sound or a notification if
// wanted. There are at most so many a minute; what is beyond is counted in one message, and all are in the log.
const EVERY_MS = 5000;
const toasts = document.getElementById("toasts");
const unseen = document.getElementById("unseen");
const MOST_TOASTS = 6;
const MOST_A_MINUTE = 6;
let newest = null;
let raised = []; // when messages came up

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

/** Show a message; `content` is a link or a text element. */
function showToast(content) {
  const toast = document.createElement("div");
  const close = document.createElement("button");
  toast.className = "toast";
  close.className = "tool";
  close.textContent = "×";
  close.setAttribute("aria-label", gettext("Close this message"));
  close.addEventListener("click", () => toast.remove());
  toast.append(content, close);
  toasts.append(toast);
  while (toasts.childElementCount > MOST_TOASTS) toasts.firstElementChild.remove();
  return toast;
}

function link(address, text) {
  return Object.assign(document.createElement("a"), { href: address, textContent: text });
}

/** Whether another message may come now: the last one of each minute is left for the summary. */
function mayRaise() {
  const now = Date.now();
  raised = raised.filter((moment) => now - moment < 60_000);
  return raised.length < MOST_A_MINUTE - 1;
}

function textOf({ rule, text, number }) {
  const more = ngettext("%(text)s (and %(count)s more)", "%(text)s (and %(count)s more)", number - 1);
  const own = `${rule}: ${text}`;
  return number > 1 ? interpolate(more, { text: own, count: number - 1 }, true) : own;
}

/** Alerts that are in the log alone, all in one message. */
function summarise(number) {
  const before = [...toasts.children].find((toast) => toast.dataset.number);
  const count = number + Number(before?.dataset.number ?? 0);
  const text = ngettext("%(count)s more alert is in the log", "%(count)s more alerts are in the log", count);
  const toast = before ?? showToast(link("/alerts/", ""));
  toast.dataset.number = count;
  toast.firstElementChild.textContent = interpolate(text, { count }, true);
  if (!before) raised.push(Date.now());
}

/** Show the alerts of one fixture: in the message that the page has of it, in a new one, or in the summary. */
function showAlert(alert) {
  const before = [...toasts.children].find((toast) => toast.dataset.fixture === alert.fixture);
  if (before) {
    before.dataset.alerts = Number(before.dataset.alerts) + alert.number;
    before.firstElementChild.textContent = textOf({ ...alert, number: Number(before.dataset.alerts) });
    if (alert.sound && mayRaise()) notify(alert);
    return;
  }
  if (!mayRaise()) return summarise(alert.number);
  const toast = showToast(link(`/fixtures/${alert.fixture}/`, textOf(alert)));
  Object.assign(toast.dataset, { fixture: alert.fixture, alerts: alert.number });
  notify(alert);
}

/** Tell beyond the page, as rule and trader want it. */
function notify(alert) {
  raised.push(Date.now());
  if (alert.sound && document.body.dataset.sound === "on") beep();
  if (document.body.dataset.notifications === "on" && Notification.permission === "granted" && document.hidden)
    new Notification(alert.rule, { body: alert.text, tag: alert.id });
}

/** The log is on this page, so its alerts are read: the number in the navigation counts only later ones. */
async function markRead(log) {
  const headers = { "X-CSRFToken": document.body.dataset.csrf };
  await fetch("/alerts/seen/", { method: "POST", headers, body: new URLSearchParams({ newest: log.dataset.newest }) });
}

async function poll() {
  const answer = await fetch(newest === null ? "/alerts/new/" : `/alerts/new/?after=${newest}`);
  if (!answer.ok) return;
  document.dispatchEvent(new Event("desk:answered"));
  const { alerts, newest: newestId, unseen: unread } = await answer.json();
  for (const alert of alerts) showAlert(alert);
  newest = newestId;
  if (!unseen) return;
  unseen.hidden = unread === 0;
  unseen.firstChild.textContent = unread;
}

function showText(detail, isTrouble) {
  const text = Object.assign(document.createElement("span"), { textContent: detail });
  if ([...toasts.children].some((toast) => toast.firstElementChild.textContent === detail)) return;
  const toast = showToast(text);
  if (isTrouble) toast.dataset.trouble = "";
}

document.addEventListener("desk:message", ({ detail }) => showText(detail, false));
document.addEventListener("desk:trouble", ({ detail }) => showText(detail, true));
// "The desk is not responding" does not outlive the next answer.
document.addEventListener("desk:answered", () => {
  for (const toast of toasts.querySelectorAll("[data-trouble]")) toast.remove();
});
if (document.body.dataset.notifications === "on" && Notification.permission === "default")
  document.addEventListener("click", () => Notification.requestPermission(), { once: true });
setInterval(() => document.hidden && document.body.dataset.notifications !== "on" ? null : poll().catch(() => {}), EVERY_MS);
const log = document.getElementById("alert-log");
(log ? markRead(log) : Promise.resolve()).then(poll).catch(() => {});
