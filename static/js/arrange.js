// Lists change their order here. The server sends a list as its outline: every row stands there by its id and topic alone.
// Rows that are on the page move to their new place as they are; a new row is empty until the server, which is told of
// it, has sent it. Nothing moves under the reader's hand: it waits, and a button says for what.
const LOOK_MS = 500;
const SCROLLED_PX = 60;
const held = new Map();
let isAwaited = false; // the reader has just asked for another order (favourites.js)

const bar = document.createElement("button");
bar.className = "news";
bar.hidden = true;
bar.addEventListener("click", () => release(true));

/** Make `live` like `wanted`, keeping every live element that has an id. What is known of the live list: its elements
 * by their ids, wherever they are, and, once it is done, those that came new. */
function arrange(live, wanted, known) {
  copyAttributes(live, wanted);
  let cursor = live.firstChild;
  for (const want of [...wanted.childNodes]) {
    const there = counterpart(want, cursor, known.byId);
    const node = there ?? want.cloneNode(false);
    if (node === cursor) cursor = cursor.nextSibling;
    else live.insertBefore(node, cursor);
    if (!there) known.fresh.push(node);
    if (want.nodeType !== Node.ELEMENT_NODE) node.nodeValue = want.nodeValue;
    else if (!isKept(want, node) && !node.isEqualNode(want)) arrange(node, want, known);
  }
  while (cursor) {
    const next = cursor.nextSibling;
    cursor.remove();
    cursor = next;
  }
}

/** The live node that stands for a wanted one: by its id, or else the next of its kind that has none. */
function counterpart(want, cursor, byId) {
  if (want.id) return byId.get(want.id);
  for (let node = cursor; node; node = node.nextSibling)
    if (node.nodeName === want.nodeName && !node.id) return node;
  return undefined;
}

/** A row or market that has been painted already stays as it is: its own topic keeps it up to date. */
function isKept(want, node) {
  return want.dataset.topic !== undefined && want.dataset.topic === node.dataset.topic && node.dataset.version && !want.dataset.version;
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

/** The rows of a list with the part of the list that each is in. */
function places(list) {
  const rows = [...list.querySelectorAll("[data-topic]")];
  return new Map(rows.map((row) => [row.id, row.closest("section[id], section[aria-labelledby]")?.getAttribute("aria-labelledby")]));
}

/** What the outline would change of the list, in words; "" where every row stays in its part. */
function news(outline) {
  const live = document.getElementById(outline.id);
  const [before, after] = [places(live), places(outline)];
  const added = [...after.keys()].filter((id) => !before.has(id)).length;
  const gone = [...before.keys()].filter((id) => !after.has(id)).length;
  const moved = [...after].filter(([id, part]) => before.has(id) && before.get(id) !== part).length;
  const counts = [
    [added, ngettext("%(count)s new", "%(count)s new", added)],
    [moved, ngettext("%(count)s moved", "%(count)s moved", moved)],
    [gone, ngettext("%(count)s gone", "%(count)s gone", gone)],
  ];
  return counts.filter(([count]) => count).map(([count, words]) => interpolate(words, { count }, true)).join(", ");
}

/** Whether the page still shows this list by these words; it may have asked for it otherwise meanwhile. */
const isAskedFor = (outline) => document.getElementById(outline.id)?.dataset.topic === outline.dataset.topic;

const isPaused = () => document.documentElement.hasAttribute("data-paused");

/** Whether something would move under the reader: the pointer or the focus is in the list, or it is scrolled into. */
function isInUse(list) {
  const isFocused = list.contains(document.activeElement) && document.activeElement !== list;
  return isFocused || list.matches(":hover") || (scrollY > SCROLLED_PX && list.getBoundingClientRect().top < 0);
}

/** Apply what is held where it may be; all of it when the reader asked for it. */
function release(isAsked = false) {
  for (const [id, outline] of [...held]) {
    const list = isAskedFor(outline) && document.getElementById(id);
    if (list && !isAsked && (isPaused() || (isInUse(list) && news(outline)))) continue;
    held.delete(id);
    if (list) apply(outline);
  }
  const words = [...held.values()].map(news).filter(Boolean).join("; ");
  bar.hidden = !words;
  if (bar.textContent !== words) bar.textContent = words;
  document.dispatchEvent(new Event("desk:arranged"));
}

/** Apply outlines that have just come, or wait with them. */
function settle(outlines) {
  if (!outlines.some(isAskedFor)) return;
  release(isAwaited);
  isAwaited = false;
}

document.addEventListener("desk:asked", () => {
  isAwaited = true;
});
document.getElementById("main").prepend(bar);
document.body.addEventListener("htmx:ws:before:message:incoming", (event) => {
  const { outlines = [] } = JSON.parse(event.detail.message.data);
  const wanted = outlines.map(parsed).filter(isAskedFor);
  for (const outline of wanted) held.set(outline.id, outline);
  if (wanted.length) setTimeout(() => settle(wanted)); // reading 500 rows and moving them are two tasks, not a long one
});
setInterval(() => held.size && release(), LOOK_MS);
