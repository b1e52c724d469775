// A page of the past at another moment: what differs there is asked for and swapped in, as a socket brings it to a live page.
// Whoever wants another moment sends "desk:seek" with its text, "2026-11-26T20:14:03.250"; "desk:moment" says which one is
// shown by now. What is wanted meanwhile counts: of a drag over many moments those are asked for that there is time for.
const RETRY_MS = 400; // the desk is busy with others' pasts
const MOST_RETRIES = 15;
const body = document.body;
const player = document.getElementById("player");
let shown = player.dataset.moment;
let wanted = shown;
let isMoved = false; // what comes into view since is of the first moment
let isIncomplete = false; // something came into view, or was swapped in by others
let isAsking = false;

htmx.config.morphIgnore.push("open"); // frames leave alone what the reader opened or closed

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

/** Every topic that is visible on the page (visible.js marks the others), with the version on the page. */
function visibleTopics() {
  const topics = Object.create(null);
  for (const element of document.querySelectorAll("[data-topic]:not([data-js-unseen])")) topics[element.dataset.topic] = element.dataset.version;
  return topics;
}

/** What differs at a moment. Null where that is not to be had, after the reader was told why. */
async function frameAt(moment) {
  const address = player.dataset.frame.replace(/^\/at\/[^/]+/, `/at/${moment}`) + location.search;
  const headers = { "Content-Type": "application/json", "X-CSRFToken": body.dataset.csrf };
  const options = { method: "POST", headers, body: JSON.stringify({ watch: visibleTopics() }) };
  for (let retries = 0; retries < MOST_RETRIES; retries++) {
    const answer = await fetch(address, options).catch(() => null);
    if (answer?.ok) return answer.json();
    if (answer && answer.status !== 503) return refuse(answer.status === 404 ? gettext("The desk has nothing of that moment.") : "");
    await sleep(RETRY_MS);
  }
  return refuse("");
}

function refuse(words) {
  document.dispatchEvent(new CustomEvent("desk:refused", { detail: words || gettext("The desk could not show that moment.") }));
  return null;
}

/** Swap a frame in. The scripts of live pages hear of it as if a socket had brought it. */
async function show(frame) {
  const detail = { message: { data: JSON.stringify(frame) } };
  if (frame.outlines) document.dispatchEvent(new Event("desk:reorder"));
  body.dispatchEvent(new CustomEvent("htmx:ws:before:message:incoming", { detail }));
  if (frame.content) await htmx.swap({ sourceElement: body, target: body, swap: "none", text: frame.content, transition: false });
  document.dispatchEvent(new CustomEvent("desk:now", { detail: frame.now }));
  body.dispatchEvent(new CustomEvent("htmx:ws:after:message:incoming", { detail }));
}

async function follow() {
  if (isAsking) return;
  isAsking = true;
  while (wanted !== shown || isIncomplete) {
    const moment = wanted;
    isIncomplete = false;
    const frame = await frameAt(moment);
    if (!frame) {
      wanted = shown;
      break;
    }
    await show(frame);
    isMoved = true;
    if (moment !== shown) document.dispatchEvent(new CustomEvent("desk:moment", { detail: (shown = moment) }));
    await painted();
  }
  isAsking = false;
}

function complete() {
  if (!isMoved && !document.querySelector('[data-topic][data-version=""]:not([data-js-unseen])')) return;
  isIncomplete = true;
  follow();
}

document.addEventListener("desk:seek", ({ detail }) => {
  wanted = detail;
  follow();
});
for (const changed of ["desk:visible", "desk:arranged"]) document.addEventListener(changed, complete);
body.addEventListener("htmx:after:swap", (event) => event.target !== body && complete());
