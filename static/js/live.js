// The page's side of its socket: subscribes to the topics on the page, acknowledges the frames that are painted, and
// shows whether the page is up to date.
const SILENCE_MS = 9_000; // the server sends a heartbeat every 5 s: with the second between two looks, found out within 10 s;
const FIRST_MS = 6_000; // it sends something before that to whoever has just subscribed
const STALE_MS = 5_000; // the server reads its database every 2 s
const NO_FRAME_MS = 1000; // a hidden window paints nothing, and acknowledges all the same
const ACK_MS = 1000; // frames painted within this time share an acknowledgement,
const ACK_FRAMES = 8; // unless so many are open that the server would stop sending: 20 frames
const ACK_BYTES = 128 * 1024; // or 512 kB
const RECONNECT_MS = 1000; // the longest wait between two attempts to connect
const ATTEMPT_MS = 4000; // an attempt without an answer is given up
const REFUSED = [4400, 4429]; // this page sent something wrong, or too much
const STORED_LATENCIES = 200;

const RECONNECTING = { reconnectDelay: 300, reconnectMaxDelay: RECONNECT_MS, reconnectJitter: 0.3 };
htmx.config.ws = { ...htmx.config.ws, ...RECONNECTING };

htmx.config.morphIgnore.push("open"); // frames leave alone what the reader opened or closed

const body = document.body;
const badge = document.getElementById("socket");
let connection = null;
let socket = null;
let arrivals = new Map(); // when each message arrived, by its number on this socket
let arrived = 0; // messages received
let begun = 0; // messages that htmx has started on: one at a time, in the order of arrival
let swapped = []; // numbers of the frames that are swapped in but not painted
let unacknowledged = []; // painted frames that are not acknowledged: how long each took (null: unknown), when it was painted
let unacknowledgedBytes = 0;
let ackTimer = null;
let painted = 0;
let subscribed = "";
let receivedAt = 0;
let lostAt = null;
let attempt = null; // the socket that is connecting
let attemptAt = 0;
let isOffline = false; // by the browser's own event
let closing = ""; // the server's reason for closing

/** Every topic that is visible on the page (visible.js marks the others), with the version on the page. */
function visibleTopics() {
  const topics = Object.create(null);
  for (const element of document.querySelectorAll("[data-topic]:not([data-js-unseen])")) topics[element.dataset.topic] = element.dataset.version;
  return topics;
}

function send(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

/** Tell the server when the visible topics have changed, or (`isAnew`) when their content did not come by this socket. */
function subscribe(isAnew = false) {
  const topics = visibleTopics();
  const names = Object.keys(topics).join(" ");
  if (names === subscribed && !isAnew) return;
  subscribed = names;
  send(isAnew ? { watch: topics, anew: true } : { watch: topics });
}

function showState(state, text) {
  document.documentElement.dataset.link = state;
  badge.dataset.state = state;
  if (badge.textContent !== text) badge.textContent = text;
}

const timeText = (moment) => moment.toLocaleTimeString(body.dataset.locale, { hour12: false });

function showLost(reason) {
  lostAt ??= new Date();
  showState("lost", interpolate(gettext("%(reason)s since %(time)s"), { reason, time: timeText(lostAt) }, true));
}

/** Handle a message without content: the server's time, whether this page is current, when to reconnect. */
function handleStatus(status) {
  if (status.restart !== undefined) {
    const delay = status.restart * 1000;
    Object.assign(connection.config, { reconnectDelay: delay, reconnectMaxDelay: delay, reconnectJitter: 0 });
    return;
  }
  if (status.closing !== undefined) {
    closing = status.closing;
    return;
  }
  document.dispatchEvent(new CustomEvent("desk:now", { detail: status.now }));
  if (status.now - status.read > STALE_MS) {
    lostAt = new Date(status.read);
    const text = gettext("The desk has not been able to read its database since %(time)s");
    showState("lost", interpolate(text, { time: timeText(lostAt) }, true));
  } else if (status.current && !isOffline) {
    lostAt = null;
    showState("live", socket?.isPolled ? gettext("Live by polling") : gettext("Live"));
  }
}

/** The frames that were swapped in are on the screen. */
function notePainted(isPainted) {
  const now = performance.now();
  const took = (number) => (isPainted ? Math.round((now - arrivals.get(number)) * 10) / 10 : null);
  for (const number of swapped) unacknowledged.push({ took: took(number), at: now });
  for (const number of arrivals.keys()) if (number <= swapped.at(-1)) arrivals.delete(number);
  swapped = [];
  if (unacknowledged.length >= ACK_FRAMES || unacknowledgedBytes >= ACK_BYTES) acknowledge();
  else ackTimer ??= setTimeout(acknowledge, ACK_MS);
}

/** Acknowledge all painted frames; for the newest, report how long each took and how long its report waited here. */
function acknowledge() {
  clearTimeout(ackTimer);
  ackTimer = null;
  if (!unacknowledged.length) return;
  const now = performance.now();
  const timed = unacknowledged.slice(unacknowledged.findLastIndex((frame) => frame.took === null) + 1);
  painted += unacknowledged.length;
  [unacknowledged, unacknowledgedBytes] = [[], 0];
  const latencies = timed.map((frame) => frame.took);
  send({ ack: painted, paint: latencies, held: timed.map((frame) => Math.round((now - frame.at) * 10) / 10) });
  store(latencies);
}

/** Store this browser's latencies for the health page. */
function store(latencies) {
  if (!latencies.length) return;
  const stored = JSON.parse(localStorage.getItem("desk.latencies") ?? "[]");
  localStorage.setItem("desk.latencies", JSON.stringify([...stored, ...latencies].slice(-STORED_LATENCIES)));
}

function afterPaint() {
  const timer = setTimeout(() => notePainted(false), NO_FRAME_MS);
  requestAnimationFrame(() => {
    setTimeout(() => {
      clearTimeout(timer);
      notePainted(true);
    });
  });
}

body.addEventListener("htmx:ws:after:connection", (event) => {
  const opened = connection.socket;
  // htmx's own listener comes first and may swap a frame in before this one is called: hence numbers and two counts.
  opened.addEventListener("message", (message) => arrivals.set(++arrived, message.timeStamp));
  connection.receiving.then(() => opened === connection.socket && begin());
});

/** Subscribe, once all frames of an earlier socket are swapped in. The server sends nothing before that. */
function begin() {
  socket = connection.socket;
  [arrivals, arrived, begun, painted] = [new Map(), 0, 0, 0];
  [swapped, unacknowledged, unacknowledgedBytes] = [[], [], 0];
  [subscribed, receivedAt] = ["", Date.now()];
  subscribe();
}

// Only the first attempt after a planned restart has a delay of its own.
body.addEventListener("htmx:ws:before:connection", (event) => {
  connection = event.detail.connection;
  Object.assign(connection.config, RECONNECTING);
});

body.addEventListener("htmx:ws:before:message:incoming", () => {
  begun += 1;
});

body.addEventListener("htmx:ws:after:message:incoming", (event) => {
  receivedAt = Date.now();
  const message = JSON.parse(event.detail.message.data);
  if (message.content === undefined) {
    handleStatus(message);
  } else {
    if (!swapped.length) afterPaint();
    swapped.push(begun);
    unacknowledgedBytes += event.detail.message.data.length;
    subscribe();
  }
});

for (const changed of ["desk:visible", "desk:arranged"]) document.addEventListener(changed, () => subscribe());

// The answer to a request may be older than what the socket has brought in the meantime.
body.addEventListener("htmx:after:swap", (event) => event.target !== body && subscribe(true));
document.addEventListener("desk:swapped", () => subscribe(true));

/** A frame that could not be shown is lost: say so, and start again from what is on the page. */
function failed(error) {
  if (!connection?.socket) return;
  console.error(error);
  showLost(gettext("A change could not be shown"));
  setTimeout(reconnect, RECONNECT_MS);
}

document.addEventListener("desk:failed", (event) => failed(event.detail));
body.addEventListener("htmx:ws:error", (event) => event.detail.error instanceof Error && failed(event.detail.error));

body.addEventListener("htmx:ws:close", (event) => {
  socket = null;
  if (event.detail.code === 4401) {
    showLost(gettext("Signed out"));
    badge.innerHTML = "";
    const link = document.createElement("a");
    link.href = `/sign_in/?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = gettext("Sign in again to follow the prices");
    badge.append(link);
  } else if (event.detail.code === 4403) showLost(gettext("You may not see this page"));
  else if (REFUSED.includes(event.detail.code)) showLost(gettext("The desk refused this page; reload it"));
  else if (!document.hidden) showLost(closing || gettext("Not connected"));
  closing = "";
});

// A page that comes back from the browser's back/forward cache has lost its connection.
addEventListener("pageshow", (event) => event.persisted && location.reload());

/** Drop a dead connection without waiting for it to close, and make a new one. */
function reconnect() {
  const dead = connection.socket;
  connection.socket = socket = null;
  dead?.close();
  connection.visibilityHandler();
}

// Neither a dead connection nor an attempt without an answer raises an event; silence is how they are noticed.
setInterval(() => {
  if (socket && Date.now() - receivedAt > (arrived ? SILENCE_MS : FIRST_MS)) {
    showLost(gettext("No answer from the desk"));
    document.dispatchEvent(new CustomEvent("desk:silent", { detail: socket }));
    reconnect();
  }
  const connecting = connection?.socket?.readyState === WebSocket.CONNECTING ? connection.socket : null;
  if (connecting !== attempt) [attempt, attemptAt] = [connecting, Date.now()];
  else if (connecting && Date.now() - attemptAt > ATTEMPT_MS) reconnect();
}, 1000);

document.addEventListener("desk:passes", () => connection && reconnect());

function noteOffline(isSo) {
  isOffline = isSo;
  document.documentElement.toggleAttribute("data-offline", isSo);
}

addEventListener("offline", () => {
  if (!body.dataset.socket) return;
  noteOffline(true);
  showLost(gettext("Offline"));
});

addEventListener("online", () => {
  noteOffline(false);
  if (connection) reconnect(); // the old connection may be dead
});

// Connect only now: on a first visit htmx may start before this file is loaded, which would then miss the opening.
if (body.dataset.socket) {
  body.setAttribute("hx-ws:connect", body.dataset.socket);
  htmx.process(body);
}
