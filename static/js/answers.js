// What the desk does not answer is said. A part of the page that renews itself is marked as old, since when and why, until
// it is renewed; a wish that was not taken (a pin, a group to open) is told in a message. Loaded first: `ask` is for all.
htmx.config.noSwap = [...htmx.config.noSwap, "4xx", "5xx"]; // the page of an error never takes the place of a part
const RENEWED = "[hx-trigger^=every]";
const renewedAt = new Map();
const opened = new Date();

function reason(status) {
  if (status === 401) return gettext("You are signed out: reload the page to sign in again.");
  return status ? gettext("The desk failed at this.") : gettext("The desk does not answer.");
}

const say = (text) => document.dispatchEvent(new CustomEvent("desk:said", { detail: text }));

/** Fetch; null where that failed, which has then been told. */
globalThis.ask = async (address, options) => {
  const answer = await fetch(address, options).catch(() => null);
  if (answer?.ok) return answer;
  say(reason(answer?.status));
  return null;
};

/** Say beside a part that it is old; said once, however often it fails. */
function mark(part, status) {
  const since = (renewedAt.get(part.id) ?? opened).toLocaleTimeString(document.body.dataset.locale, { hour12: false });
  const words = interpolate(gettext("Not renewed since %(time)s."), { time: since }, true);
  const note = document.getElementById(`old-${part.id}`) ?? document.createElement("p");
  [note.id, note.className, note.textContent] = [`old-${part.id}`, "wrong", `${words} ${reason(status)}`];
  if (!note.isConnected) part.before(note);
}

function renewed(part) {
  renewedAt.set(part.id, new Date());
  document.getElementById(`old-${part.id}`)?.remove();
}

function failed(source, status) {
  if (source.matches(RENEWED)) mark(source, status);
  else say(reason(status));
}

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const { sourceElement, response } = ctx;
  if (!sourceElement?.matches) return;
  if (response.status >= 400) failed(sourceElement, response.status);
  else if (sourceElement.matches(RENEWED)) renewed(sourceElement);
});
document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (ctx?.sourceElement?.matches && !ctx.response) failed(ctx.sourceElement, 0);
});
