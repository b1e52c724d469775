// Only what can be seen is watched: rows and markets far from the window carry data-js-unseen, which live.js leaves out.
const NEAR = "400px 0px";

const seen = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) entry.target.toggleAttribute("data-js-unseen", !entry.isIntersecting);
    document.dispatchEvent(new Event("desk:shown"));
  },
  { rootMargin: NEAR },
);
const known = new WeakSet();

/** Look after the parts of lists that came with the page or with a frame. */
function look() {
  for (const part of document.querySelectorAll(".row[data-topic], .market[data-topic]")) {
    if (known.has(part)) continue;
    known.add(part);
    if (part.dataset.version === "") part.setAttribute("data-js-unseen", "");
    seen.observe(part);
  }
}

look();
document.body.addEventListener("htmx:ws:after:message:incoming", look);
document.body.addEventListener("htmx:after:swap", (event) => event.target !== document.body && look());
document.addEventListener("desk:arranged", look);
