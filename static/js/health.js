// This browser's own times, which live.js keeps: from the coming of a frame until it was painted.
const SLOW_MS = 500;
const LOOK_MS = 5000;
const line = document.getElementById("this-browser");

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

function tell() {
  const paints = JSON.parse(localStorage.getItem("desk.paint") ?? "[]").sort((a, b) => a - b);
  if (!paints.length) return;
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => Math.round(quantile(paints, share)));
  const verdict = p95 > SLOW_MS ? gettext("This browser is slow: close other pages, or show less.") : gettext("This browser keeps up.");
  const numbers = ngettext(
    "Its last frame was painted within %(p50)s ms.",
    "Of its last %(number)s frames half were painted within %(p50)s ms, 95 % within %(p95)s ms, 99 % within %(p99)s ms.",
    paints.length,
  );
  line.textContent = `${verdict} ${interpolate(numbers, { number: paints.length, p50, p95, p99 }, true)}`;
}

tell();
setInterval(tell, LOOK_MS);
