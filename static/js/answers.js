// Failed requests are shown to the reader. A part of the page that refreshes itself is marked as out of date, with the
// time and the reason, until it is refreshed again; any other failure (pinning, opening a group) shows a message.
// Loaded first: the other scripts use `request`.
htmx.config.noSwap = [...htmx.config.noSwap, "4xx", "5xx"]; // an error page must not replace a part of the page
const REFRESHED = "[hx-trigger^=every]";
const refreshedAt = new Map();
const opened = new Date();

function reason(status) {
  if (status === 401) return gettext("You are signed out: reload the page to sign in again.");
  return status ? gettext("The desk could not do this.") : gettext("The desk is not responding.");
}

const showMessage = (text, isTrouble = false) =>
  document.dispatchEvent(new CustomEvent(isTrouble ? "desk:trouble" : "desk:message", { detail: text }));

/** Fetch. Returns null if that failed, after showing the reader why. */
globalThis.request = async (address, options) => {
  const answer = await fetch(address, options).catch(() => null);
  if (answer) document.dispatchEvent(new Event("desk:answered"));
  if (answer?.ok) return answer;
  showMessage(reason(answer?.status), !answer);
  return null;
};

/** Show beside a part that it is out of date: one note, however often the refresh fails. */
function markStale(part, status) {
  const since = (refreshedAt.get(part.id) ?? opened).toLocaleTimeString(document.body.dataset.locale, { hour12: false });
  const text = interpolate(gettext("Not updated since %(time)s."), { time: since }, true);
  const note = document.getElementById(`old-${part.id}`) ?? document.createElement("p");
  [note.id, note.className, note.textContent] = [`old-${part.id}`, "wrong", `${text} ${reason(status)}`];
  if (!note.isConnected) part.before(note);
}

function markFresh(part) {
  refreshedAt.set(part.id, new Date());
  document.getElementById(`old-${part.id}`)?.remove();
}

function showFailure(source, status) {
  if (source.matches(REFRESHED)) markStale(source, status);
  else showMessage(reason(status), !status);
}

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const { sourceElement, response } = ctx;
  document.dispatchEvent(new Event("desk:answered"));
  if (!sourceElement?.matches) return;
  if (response.status >= 400) showFailure(sourceElement, response.status);
  else if (sourceElement.matches(REFRESHED)) markFresh(sourceElement);
});
document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (ctx?.sourceElement?.matches && !ctx.response) showFailure(ctx.sourceElement, 0);
});
