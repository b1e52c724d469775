// Only what is visible is subscribed to: rows and markets far from the window get data-js-unseen, and live.js skips them.
const NEAR = "400px 0px";

const observer = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) entry.target.toggleAttribute("data-js-unseen", !entry.isIntersecting);
    document.dispatchEvent(new Event("desk:visible"));
  },
  { rootMargin: NEAR },
);
const known = new WeakSet();

/** Observe the rows and markets that arrived with the page or a frame. */
function observeParts() {
  for (const part of document.querySelectorAll(".row[data-topic], .market[data-topic]")) {
    if (known.has(part)) continue;
    known.add(part);
    if (part.dataset.version === "") part.setAttribute("data-js-unseen", "");
    observer.observe(part);
  }
}

observeParts();
document.body.addEventListener("htmx:ws:after:message:incoming", observeParts);
document.body.addEventListener("htmx:after:swap", (event) => event.target !== document.body && observeParts());
document.addEventListener("desk:arranged", observeParts);
