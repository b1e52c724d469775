// This browser's display latencies, which live.js stores: from the arrival of a frame until it is painted.
const SLOW_MS = 500;
const REFRESH_MS = 5000;
const line = document.getElementById("this-browser");

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

function show() {
  const latencies = JSON.parse(localStorage.getItem("desk.latencies") ?? "[]").sort((a, b) => a - b);
  if (!latencies.length) return;
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => Math.round(quantile(latencies, share)));
  const verdict = p95 > SLOW_MS ? gettext("This browser is slow: close other pages, or show less.") : gettext("This browser keeps up.");
  const numbers = ngettext(
    "Its last frame was displayed within %(p50)s ms.",
    "Of its last %(number)s frames, half were displayed within %(p50)s ms, 95 % within %(p95)s ms, 99 % within %(p99)s ms.",
    latencies.length,
  );
  line.textContent = `${verdict} ${interpolate(numbers, { number: latencies.length, p50, p95, p99 }, true)}`;
}

show();
setInterval(show, REFRESH_MS);
