// Pause (WCAG 2.2.2): the newest frame of each part is held, and all are shown together when the reader resumes.
// The feed's line is never held; banner.js says across the page that it is paused, and every price is veiled.
// arrange.js holds the lists. Who looks at a fixture is held too, and is no change that waits: people come and go.
const button = document.getElementById("pause");
const text = document.getElementById("pause-text");
const PARTIAL = /<hx-partial hx-target="#([^"]+)"[\s\S]*?<\/hx-partial>/g;
const FEED = "feed";
const PEOPLE = "people-";
const held = new Map();
let paused = false;

function showCount() {
  const count = [...held.keys()].filter((target) => !target.startsWith(PEOPLE)).length;
  const waiting = ngettext("Resume (%(count)s change waiting)", "Resume (%(count)s changes waiting)", count);
  text.textContent = paused ? interpolate(waiting, { count }, true) : gettext("Pause");
  button.setAttribute("aria-pressed", paused);
}

function toggle() {
  paused = !paused;
  if (!paused && held.size) {
    const html = [...held.values()].join("");
    held.clear();
    const whole = { sourceElement: document.body, target: document.body, swap: "none", text: html, transition: false };
    htmx.swap(whole).then(() => document.dispatchEvent(new Event("desk:swapped"))); // may be older than what is on the page
  }
  document.documentElement.toggleAttribute("data-paused", paused);
  document.dispatchEvent(new CustomEvent("desk:paused", { detail: paused }));
  showCount();
}

button?.addEventListener("click", toggle);
document.addEventListener("desk:pause", toggle);
document.body.addEventListener("htmx:ws:before:message:incoming", (event) => {
  if (!paused) return;
  const message = JSON.parse(event.detail.message.data);
  if (message.content === undefined) return;
  let content = "";
  for (const [partial, target] of message.content.matchAll(PARTIAL)) {
    if (target === FEED) content += partial;
    else held.set(target, partial);
  }
  event.detail.message.data = JSON.stringify({ ...message, content });
  showCount();
});
