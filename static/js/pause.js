// Pause: frames are held, the newest of each part, and painted together when the reader goes on (WCAG 2.2.2). Lists are
// held by arrange.js.
const button = document.getElementById("pause");
const text = document.getElementById("pause-text");
const PARTIAL = /<hx-partial hx-target="#([^"]+)"[\s\S]*?<\/hx-partial>/g;
const held = new Map();
let paused = false;

function say() {
  const waiting = ngettext("Go on, %(count)s change waiting", "Go on, %(count)s changes waiting", held.size);
  text.textContent = paused ? interpolate(waiting, { count: held.size }, true) : gettext("Pause");
  button.setAttribute("aria-pressed", paused);
}

function toggle() {
  paused = !paused;
  if (!paused && held.size) {
    const html = [...held.values()].join("");
    held.clear();
    const whole = { sourceElement: document.body, target: document.body, swap: "none", text: html, transition: false };
    htmx.swap(whole).then(() => document.dispatchEvent(new Event("desk:came"))); // perhaps older than what stands there
  }
  document.documentElement.toggleAttribute("data-paused", paused);
  say();
}

button?.addEventListener("click", toggle);
document.addEventListener("desk:pause", toggle);
document.body.addEventListener("htmx:ws:before:message:incoming", (event) => {
  if (!paused) return;
  const told = JSON.parse(event.detail.message.data);
  if (told.content === undefined) return;
  for (const [partial, target] of told.content.matchAll(PARTIAL)) held.set(target, partial);
  event.detail.message.data = JSON.stringify({ ...told, content: "" });
  say();
});
