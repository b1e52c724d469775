// Reorders lists. The server sends a list as an outline, in which each row has only its id and topic. Rows that are on
// the page move to their new place unchanged; a new row stays empty until the page has subscribed to it and the server
// has sent it. Nothing moves while the reader is using the list: the change waits, and a button says what is waiting. In
// a list by last change (data-waits) nothing moves before that button is pressed.
const RETRY_MS = 500;
const SCROLLED_PX = 60;
const held = new Map();
let isRequested = false; // the reader has just changed the order (favourites.js)

const bar = document.createElement("button");
bar.className = "news";
bar.hidden = true;
bar.addEventListener("click", () => release(true));

/** Make `live` like `wanted`, keeping every live element that has an id. `known.byId` has the live elements by id;
 * added elements are appended to `known.fresh`. */
function arrange(live, wanted, known) {
  copyAttributes(live, wanted);
  let cursor = live.firstChild;
  for (const target of [...wanted.childNodes]) {
    const existing = counterpart(target, cursor, known.byId);
    const node = existing ?? target.cloneNode(false);
    if (node === cursor) cursor = cursor.nextSibling;
    else live.insertBefore(node, cursor);
    if (!existing) known.fresh.push(node);
    if (target.nodeType !== Node.ELEMENT_NODE) node.nodeValue = target.nodeValue;
    else if (!isRendered(target, node) && !node.isEqualNode(target)) arrange(node, target, known);
  }
  while (cursor) {
    const next = cursor.nextSibling;
    cursor.remove();
    cursor = next;
  }
}

/** The live node for a wanted one: the one with its id, or else the next of the same kind without an id. */
function counterpart(target, cursor, byId) {
  if (target.id) return byId.get(target.id);
  for (let node = cursor; node; node = node.nextSibling)
    if (node.nodeName === target.nodeName && !node.id) return node;
  return undefined;
}

/** Whether a row or market is on the page already: its own topic keeps it up to date. */
function isRendered(target, node) {
  const { topic, version } = target.dataset;
  return topic !== undefined && topic === node.dataset.topic && node.dataset.version && !version;
}

function copyAttributes(live, wanted) {
  for (const { name, value } of wanted.attributes) if (live.getAttribute(name) !== value) live.setAttribute(name, value);
  for (const name of live.getAttributeNames())
    if (!wanted.hasAttribute(name) && !name.startsWith("data-js-")) live.removeAttribute(name);
}

function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}

function apply(outline) {
  const live = document.getElementById(outline.id);
  const focused = document.activeElement;
  const known = { byId: new Map([...live.querySelectorAll("[id]")].map((element) => [element.id, element])), fresh: [] };
  try {
    arrange(live, outline, known);
  } catch (error) {
    live.dataset.version = "";
    document.dispatchEvent(new CustomEvent("desk:failed", { detail: error }));
  }
  if (focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
  for (const node of known.fresh) if (node.nodeType === Node.ELEMENT_NODE && node.isConnected) htmx.process(node);
}

/** The id of each row of a list, with the section that the row is in. */
function places(list) {
  const rows = [...list.querySelectorAll("[data-topic]")];
  return new Map(rows.map((row) => [row.id, row.closest("section[id], section[aria-labelledby]")?.getAttribute("aria-labelledby")]));
}

/** How few rows must move within their sections for the new order: all but the longest run that is in order already. */
function displaced(before, after) {
  const ranks = new Map([...before.keys()].map((id, rank) => [id, rank]));
  const stay = [...after].filter(([id, part]) => before.has(id) && before.get(id) === part).map(([id]) => ranks.get(id));
  const ends = []; // of the runs of each length the lowest last rank
  for (const rank of stay) {
    const place = ends.findIndex((end) => end > rank);
    ends[place < 0 ? ends.length : place] = rank;
  }
  return stay.length - ends.length;
}

/** What the outline would change, as text; "" if every row stays in its section and, where order counts, its place. */
function summary(outline) {
  const live = document.getElementById(outline.id);
  const [before, after] = [places(live), places(outline)];
  const added = [...after.keys()].filter((id) => !before.has(id)).length;
  const gone = [...before.keys()].filter((id) => !after.has(id)).length;
  const moved = [...after].filter(([id, part]) => before.has(id) && before.get(id) !== part).length;
  const changed = "waits" in live.dataset ? displaced(before, after) : 0;
  const counts = [
    [added, ngettext("%(count)s new", "%(count)s new", added)],
    [moved, ngettext("%(count)s moved", "%(count)s moved", moved)],
    [gone, ngettext("%(count)s gone", "%(count)s gone", gone)],
    [changed, ngettext("%(count)s changed its place: order again", "%(count)s changed places: order again", changed)],
  ];
  return counts.filter(([count]) => count).map(([count, text]) => interpolate(text, { count }, true)).join(", ");
}

/** Whether the page still shows this list with this query; the reader may have changed it in the meantime. */
const isWanted = (outline) => document.getElementById(outline.id)?.dataset.topic === outline.dataset.topic;

const isPaused = () => document.documentElement.hasAttribute("data-paused");

/** Whether the reader is using the list: the pointer or the focus is in it, or it is scrolled. */
function isInUse(list) {
  const isFocused = list.contains(document.activeElement) && document.activeElement !== list;
  return isFocused || list.matches(":hover") || (scrollY > SCROLLED_PX && list.getBoundingClientRect().top < 0);
}

/** Apply the changes that are held, unless the list is in use; all of them when `isForced`. */
function release(isForced = false) {
  for (const [id, outline] of [...held]) {
    const list = isWanted(outline) && document.getElementById(id);
    const waits = list && ("waits" in list.dataset || isInUse(list));
    if (list && !isForced && (isPaused() || (waits && summary(outline)))) continue;
    held.delete(id);
    if (list) apply(outline);
  }
  const text = [...held.values()].map(summary).filter(Boolean).join("; ");
  bar.hidden = !text;
  if (bar.textContent !== text) bar.textContent = text;
  document.dispatchEvent(new Event("desk:arranged"));
}

/** Apply outlines that have just arrived, or hold them. */
function receive(outlines) {
  if (!outlines.some(isWanted)) return;
  release(isRequested);
  isRequested = false;
}

document.addEventListener("desk:reorder", () => {
  isRequested = true;
});
document.getElementById("main").prepend(bar);
document.body.addEventListener("htmx:ws:before:message:incoming", (event) => {
  const { outlines = [] } = JSON.parse(event.detail.message.data);
  const wanted = outlines.map(parsed).filter(isWanted);
  for (const outline of wanted) held.set(outline.id, outline);
  if (wanted.length) setTimeout(() => receive(wanted)); // parsing 500 rows and moving them are two tasks: one would block the page too long
});
setInterval(() => held.size && release(), RETRY_MS);
