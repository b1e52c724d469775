// The page's side of its socket: says what it shows, acknowledges what it has painted, tells when it is behind.
const SILENCE_MS = 12_000; // the server beats every 5 s
const STALE_MS = 10_000; // the server reads its database every 2 s
const NO_FRAME_MS = 1000; // a window that paints nothing acknowledges all the same
const AGAIN_MS = 2000; // the longest wait between two tries to connect
const KEPT_PAINTS = 200;

htmx.config.ws = { ...htmx.config.ws, reconnectDelay: 300, reconnectMaxDelay: AGAIN_MS };

const body = document.body;
const badge = document.getElementById("socket");
let connection = null;
let socket = null;
let arrivals = []; // when each message came that has not been swapped in yet
let swapped = []; // when each frame came that has been swapped in and not acknowledged
let painted = 0;
let watching = "";
let heardAt = 0;
let lostAt = null;
let closing = ""; // why the server is about to close

/** Every topic that can be seen on the page (visible.js marks the others) with the version that stands there. */
function shown() {
  const topics = {};
  for (const element of document.querySelectorAll("[data-topic]:not([data-js-unseen])")) topics[element.dataset.topic] = element.dataset.version;
  return topics;
}

function say(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

/** Tell the server when the set of topics on the page is another than it knows of. */
function watch() {
  const topics = shown();
  const names = Object.keys(topics).join(" ");
  if (names === watching) return;
  watching = names;
  say({ watch: topics });
}

function show(state, text) {
  document.documentElement.dataset.link = state;
  badge.dataset.state = state;
  if (badge.textContent !== text) badge.textContent = text;
}

function lost(reason) {
  lostAt ??= new Date();
  show("lost", `${reason} since ${lostAt.toLocaleTimeString("en-GB")}`);
}

/** What the server says beside the frames: the time there, whether this page is current, when to come back. */
function note(told) {
  if (told.restart !== undefined) {
    connection.config.reconnectDelay = told.restart * 1000;
    return;
  }
  if (told.closing !== undefined) {
    closing = told.closing;
    return;
  }
  document.dispatchEvent(new CustomEvent("desk:now", { detail: told.now }));
  if (told.now - told.read > STALE_MS) {
    lostAt = new Date(told.read);
    show("lost", `The desk cannot read its database since ${lostAt.toLocaleTimeString("en-GB")}`);
  } else if (told.current) {
    lostAt = null;
    show("live", "Live");
  }
}

/** Acknowledge all frames that have been swapped in, with the time that each took to be painted. */
function acknowledge(isPainted) {
  if (!swapped.length) return;
  const now = performance.now();
  const paint = isPainted ? swapped.map((came) => Math.round((now - came) * 10) / 10) : [];
  painted += swapped.length;
  swapped = [];
  say({ ack: painted, paint });
  remember(paint);
}

/** Keep this browser's own times where the health page finds them. */
function remember(paint) {
  if (!paint.length) return;
  const kept = JSON.parse(localStorage.getItem("desk.paint") ?? "[]");
  localStorage.setItem("desk.paint", JSON.stringify([...kept, ...paint].slice(-KEPT_PAINTS)));
}

function afterPaint() {
  const timer = setTimeout(() => acknowledge(false), NO_FRAME_MS);
  requestAnimationFrame(() => {
    setTimeout(() => {
      clearTimeout(timer);
      acknowledge(true);
    });
  });
}

body.addEventListener("htmx:ws:after:connection", (event) => {
  connection = event.detail.connection;
  connection.config.reconnectDelay = htmx.config.ws.reconnectDelay;
  socket = connection.socket;
  socket.addEventListener("message", (message) => arrivals.push(message.timeStamp));
  [arrivals, swapped, painted, watching, heardAt] = [[], [], 0, "", Date.now()];
  watch();
});

body.addEventListener("htmx:ws:after:message:incoming", (event) => {
  heardAt = Date.now();
  const came = arrivals.shift() ?? performance.now();
  const told = JSON.parse(event.detail.message.data);
  if (told.content === undefined) {
    note(told);
  } else {
    if (!swapped.length) afterPaint();
    swapped.push(came);
    watch();
  }
});

for (const changed of ["desk:shown", "desk:arranged"]) document.addEventListener(changed, watch);

body.addEventListener("htmx:ws:close", (event) => {
  socket = null;
  if (event.detail.code === 4401) {
    lost("Signed out");
    badge.innerHTML = "";
    const link = document.createElement("a");
    link.href = `/sign_in/?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = "Sign in again to follow the prices";
    badge.append(link);
  } else if (event.detail.code === 4403) lost("You may not see this, so nothing is told");
  else if (!document.hidden) lost(closing || "Not connected");
  closing = "";
});

/** Leave a connection that is dead without waiting for it to say so, and make a new one. */
function connectAnew() {
  const dead = connection.socket;
  connection.socket = socket = null;
  dead.close();
  connection.visibilityHandler();
}

// A dead connection shows no event. Silence does.
setInterval(() => {
  if (socket && Date.now() - heardAt > SILENCE_MS) {
    lost("Nothing heard");
    connectAnew();
  }
}, 1000);

// Connect only now: on a first visit htmx may begin before this file has come, and the opening would go unheard.
if (body.dataset.socket) {
  body.setAttribute("hx-ws:connect", body.dataset.socket);
  htmx.process(body);
}
