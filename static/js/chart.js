// The chart of an outcome's prices: a step line for each bookmaker, shading where one is suspended, vertical lines for
// goals and red cards. New prices are fetched when the market's panel or the scoreboard on this page changes. Buttons do
// all that dragging does (WCAG 2.5.7).
const box = document.getElementById("chart");
const REFRESH_MS = 1000;
const HEIGHT = 360;
const LEAST_SECONDS = 5; // the closest zoom
const DAY_SECONDS = 86_400;
const span = document.getElementById("chart-span");
const HUES = [210, 35, 140, 330, 270, 60, 180, 0, 100, 300];
const style = getComputedStyle(document.documentElement);
const isLight = style.colorScheme === "light" || (style.colorScheme !== "dark" && matchMedia("(prefers-color-scheme: light)").matches);
const colour = (place) => `hsl(${HUES[place % HUES.length]} 80% ${isLight ? 35 : 65}%)`;
let plot = null;
let marks = [];
let whole = true;

/** A colour of the theme for a canvas, which knows neither var() nor light-dark(). */
function token(name) {
  box.style.color = `var(${name})`;
  const { color } = getComputedStyle(box);
  box.style.color = "";
  return color;
}

const columns = ({ times, series }) => [[...times, Date.now() / 1000], ...series.map(({ prices }) => [...prices, prices.at(-1) ?? null])];

function suspended(u) {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.fillStyle = isLight ? "rgb(20 24 31 / 7%)" : "rgb(230 233 238 / 7%)";
  const times = u.data[0];
  const dark = times.map((_, place) => u.data.slice(1).some((prices) => prices[place] === null && prices.slice(0, place).some((price) => price !== null)));
  for (let from = 0; from < times.length - 1; from += 1) {
    if (!dark[from]) continue;
    const left = u.valToPos(times[from], "x", true);
    const right = u.valToPos(times[from + 1], "x", true);
    ctx.fillRect(Math.max(left, bbox.left), bbox.top, Math.max(0, Math.min(right, bbox.left + bbox.width) - Math.max(left, bbox.left)), bbox.height);
  }
  ctx.restore();
}

function incidents(u) {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.font = `${11 * devicePixelRatio}px ${style.getPropertyValue("--font")}`;
  for (const mark of marks) {
    const x = u.valToPos(mark.at, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = ctx.fillStyle = mark.kind === "red" ? token("--live") : token("--ok");
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.fillText(mark.label, x + 4, bbox.top + 12 * devicePixelRatio);
  }
  ctx.restore();
}

function pan(u) {
  u.over.addEventListener("mousedown", (down) => {
    if (!down.shiftKey) return;
    down.stopImmediatePropagation();
    const { min, max } = u.scales.x;
    const perPixel = (max - min) / u.over.clientWidth;
    const move = (event) => {
      whole = false;
      const by = (down.clientX - event.clientX) * perPixel;
      u.setScale("x", { min: min + by, max: max + by });
    };
    document.addEventListener("mousemove", move);
    document.addEventListener("mouseup", () => document.removeEventListener("mousemove", move), { once: true });
  }, { capture: true });
}

const clock = (seconds, form = {}) =>
  new Date(seconds * 1000).toLocaleTimeString(document.body.dataset.locale, { timeZone: document.body.dataset.zone || undefined, hour12: false, ...form });

/** Show the range of time that the chart covers. */
function showSpan(u) {
  const { min, max } = u.scales.x;
  const form = max - min > DAY_SECONDS ? { day: "2-digit", month: "short" } : {};
  if (min !== null) span.textContent = `${clock(min, form)} – ${clock(max, form)}`;
}

/** Zoom to `part` of the present range around its middle, moved by the share `by` of it. */
function zoom(part, by) {
  const { min, max } = plot.scales.x;
  const width = Math.max(LEAST_SECONDS, (max - min) * part);
  const middle = (min + max) / 2 + (max - min) * by;
  whole = false;
  plot.setScale("x", { min: middle - width / 2, max: middle + width / 2 });
}

function axis() {
  return { stroke: token("--muted"), grid: { stroke: token("--line") }, ticks: { stroke: token("--line") } };
}

function draw(history) {
  const zone = document.body.dataset.zone;
  const options = {
    width: box.clientWidth,
    height: HEIGHT,
    tzDate: (seconds) => (zone ? uPlot.tzDate(new Date(seconds * 1000), zone) : new Date(seconds * 1000)),
    scales: { x: { time: true } },
    axes: [{ ...axis(), space: 80, values: (_, ticks) => ticks.map(clock) }, { ...axis(), values: (_, ticks) => ticks.map((tick) => tick.toFixed(2)) }],
    series: [
      { label: gettext("Time"), value: (_, seconds) => (seconds === null ? "–" : clock(seconds)) },
      ...history.series.map(({ name }, place) => ({
        label: name,
        stroke: colour(place),
        width: 1.5,
        paths: uPlot.paths.stepped({ align: 1 }),
        points: { show: false },
        value: (_, price) => (price === null ? "–" : price.toFixed(2)),
      })),
    ],
    hooks: { drawClear: [suspended], draw: [incidents], ready: [pan], setScale: [showSpan], setSelect: [() => (whole = false)] },
  };
  plot = new uPlot(options, columns(history), box);
}

async function show() {
  const answer = await request(box.dataset.src);
  if (!answer) return;
  const history = await answer.json();
  marks = history.marks;
  if (!plot || plot.series.length !== history.series.length + 1) {
    plot?.destroy();
    draw(history);
  } else plot.setData(columns(history), whole);
}

function follow() {
  let due = 0;
  const observer = new MutationObserver(() => {
    due ||= setTimeout(() => {
      due = 0;
      show().catch(() => {});
    }, REFRESH_MS);
  });
  for (const part of document.querySelectorAll(".market, .scoreboard"))
    observer.observe(part, { attributes: true, attributeFilter: ["data-version"] });
}

if (box) {
  show().then(follow);
  new ResizeObserver(() => plot?.setSize({ width: box.clientWidth, height: HEIGHT })).observe(box);
  box.addEventListener("dblclick", () => (whole = true));
  document.getElementById("chart-whole").addEventListener("click", () => {
    whole = true;
    show();
  });
  for (const button of document.querySelectorAll("[data-part]"))
    button.addEventListener("click", () => zoom(Number(button.dataset.part), Number(button.dataset.by)));
}
