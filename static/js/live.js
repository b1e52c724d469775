// The page's side of its socket: says what it shows, acknowledges what it has painted, tells when it is behind.
const SILENCE_MS = 12_000; // the server beats every 5 s
const STALE_MS = 10_000; // the server reads its database every 2 s
const NO_FRAME_MS = 1000; // a window that paints nothing acknowledges all the same
const ACK_MS = 1000; // one acknowledgement serves what is painted meanwhile,
const ACK_FRAMES = 8; // but not so much that the server stops sending: at 20 frames
const ACK_BYTES = 128 * 1024; // or 512 kB
const AGAIN_MS = 1000; // the longest wait between two tries to connect
const TRY_MS = 4000; // a try without an answer is given up
const REFUSED = [4400, 4429]; // what this page said was wrong, or too much
const KEPT_PAINTS = 200;

const TRIES = { reconnectDelay: 300, reconnectMaxDelay: AGAIN_MS, reconnectJitter: 0.3 };
htmx.config.ws = { ...htmx.config.ws, ...TRIES };

htmx.config.morphIgnore.push("open"); // what the reader opened or closed stays so

const body = document.body;
const badge = document.getElementById("socket");
let connection = null;
let socket = null;
let arrivals = new Map(); // when each message came, by its number on this socket
let arrived = 0; // messages that came
let begun = 0; // messages that htmx has begun with: one after another, in the order in which they came
let swapped = []; // the numbers of the frames that have been swapped in and not painted
let owed = []; // of the frames that are painted and not acknowledged: how long it took (null: unknown), and when
let owedBytes = 0;
let owing = null; // the timer that acknowledges them
let painted = 0;
let watching = "";
let heardAt = 0;
let lostAt = null;
let trying = null; // the socket that is about to connect
let tryingSince = 0;
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

/** Tell the server when the set of topics on the page is another than it knows of, or what stands there came otherwise. */
function watch(isAnew = false) {
  const topics = shown();
  const names = Object.keys(topics).join(" ");
  if (names === watching && !isAnew) return;
  watching = names;
  say(isAnew ? { watch: topics, anew: true } : { watch: topics });
}

function show(state, text) {
  document.documentElement.dataset.link = state;
  badge.dataset.state = state;
  if (badge.textContent !== text) badge.textContent = text;
}

const timeText = (moment) => moment.toLocaleTimeString(body.dataset.locale, { hour12: false });

function lost(reason) {
  lostAt ??= new Date();
  show("lost", interpolate(gettext("%(reason)s since %(time)s"), { reason, time: timeText(lostAt) }, true));
}

/** What the server says beside the frames: the time there, whether this page is current, when to come back. */
function note(told) {
  if (told.restart !== undefined) {
    const delay = told.restart * 1000;
    Object.assign(connection.config, { reconnectDelay: delay, reconnectMaxDelay: delay, reconnectJitter: 0 });
    return;
  }
  if (told.closing !== undefined) {
    closing = told.closing;
    return;
  }
  document.dispatchEvent(new CustomEvent("desk:now", { detail: told.now }));
  if (told.now - told.read > STALE_MS) {
    lostAt = new Date(told.read);
    show("lost", interpolate(gettext("The desk cannot read its database since %(time)s"), { time: timeText(lostAt) }, true));
  } else if (told.current) {
    lostAt = null;
    show("live", gettext("Live"));
  }
}

/** What has been swapped in is on the screen. */
function notePainted(isPainted) {
  const now = performance.now();
  for (const number of swapped) owed.push({ took: isPainted ? Math.round((now - arrivals.get(number)) * 10) / 10 : null, at: now });
  for (const number of arrivals.keys()) if (number <= swapped.at(-1)) arrivals.delete(number);
  swapped = [];
  if (owed.length >= ACK_FRAMES || owedBytes >= ACK_BYTES) acknowledge();
  else owing ??= setTimeout(acknowledge, ACK_MS);
}

/** Acknowledge all frames that are painted; of the newest, how long each took, and how long that was kept here since. */
function acknowledge() {
  clearTimeout(owing);
  owing = null;
  if (!owed.length) return;
  const now = performance.now();
  const timed = owed.slice(owed.findLastIndex((frame) => frame.took === null) + 1);
  painted += owed.length;
  [owed, owedBytes] = [[], 0];
  const paint = timed.map((frame) => frame.took);
  say({ ack: painted, paint, held: timed.map((frame) => Math.round((now - frame.at) * 10) / 10) });
  remember(paint);
}

/** Keep this browser's own times where the health page finds them. */
function remember(paint) {
  if (!paint.length) return;
  const kept = JSON.parse(localStorage.getItem("desk.paint") ?? "[]");
  localStorage.setItem("desk.paint", JSON.stringify([...kept, ...paint].slice(-KEPT_PAINTS)));
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
  // htmx heard of the socket first and swaps a frame in before this listener is called: hence numbers, and two counts.
  opened.addEventListener("message", (message) => arrivals.set(++arrived, message.timeStamp));
  connection.receiving.then(() => opened === connection.socket && begin());
});

/** Say what the page shows, once all that came by an earlier socket stands there. Nothing comes before that. */
function begin() {
  socket = connection.socket;
  [arrivals, arrived, begun, swapped, owed, owedBytes, painted, watching, heardAt] = [new Map(), 0, 0, [], [], 0, 0, "", Date.now()];
  watch();
}

// The first try after a planned restart is made at its own time, all others as usual.
body.addEventListener("htmx:ws:before:connection", (event) => {
  connection = event.detail.connection;
  Object.assign(connection.config, TRIES);
});

body.addEventListener("htmx:ws:before:message:incoming", () => {
  begun += 1;
});

body.addEventListener("htmx:ws:after:message:incoming", (event) => {
  heardAt = Date.now();
  const told = JSON.parse(event.detail.message.data);
  if (told.content === undefined) {
    note(told);
  } else {
    if (!swapped.length) afterPaint();
    swapped.push(begun);
    owedBytes += event.detail.message.data.length;
    watch();
  }
});

for (const changed of ["desk:shown", "desk:arranged"]) document.addEventListener(changed, () => watch());

// What came by a request of its own may be older than what the socket brought meanwhile.
body.addEventListener("htmx:after:swap", (event) => event.target !== body && watch(true));
document.addEventListener("desk:came", () => watch(true));

/** A frame that could not be shown is lost: say so, and begin anew from what stands there. */
function failed(error) {
  if (!connection?.socket) return;
  console.error(error);
  lost(gettext("A change could not be shown"));
  setTimeout(connectAnew, AGAIN_MS);
}

document.addEventListener("desk:failed", (event) => failed(event.detail));
body.addEventListener("htmx:ws:error", (event) => event.detail.error instanceof Error && failed(event.detail.error));

body.addEventListener("htmx:ws:close", (event) => {
  socket = null;
  if (event.detail.code === 4401) {
    lost(gettext("Signed out"));
    badge.innerHTML = "";
    const link = document.createElement("a");
    link.href = `/sign_in/?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = gettext("Sign in again to follow the prices");
    badge.append(link);
  } else if (event.detail.code === 4403) lost(gettext("You may not see this, so nothing is told"));
  else if (REFUSED.includes(event.detail.code)) lost(gettext("The desk refused this page; load it again"));
  else if (!document.hidden) lost(closing || gettext("Not connected"));
  closing = "";
});

// A page that the browser kept aside while another was open has ended its connection for good.
addEventListener("pageshow", (event) => event.persisted && location.reload());

/** Leave a connection that is dead without waiting for it to say so, and make a new one. */
function connectAnew() {
  const dead = connection.socket;
  connection.socket = socket = null;
  dead?.close();
  connection.visibilityHandler();
}

// A dead connection shows no event, nor does a try that nobody answers. Silence does.
setInterval(() => {
  if (socket && Date.now() - heardAt > SILENCE_MS) {
    lost(gettext("Nothing heard"));
    connectAnew();
  }
  const tried = connection?.socket?.readyState === WebSocket.CONNECTING ? connection.socket : null;
  if (tried !== trying) [trying, tryingSince] = [tried, Date.now()];
  else if (tried && Date.now() - tryingSince > TRY_MS) connectAnew();
}, 1000);
addEventListener("online", () => connection && !socket && connectAnew());

// Connect only now: on a first visit htmx may begin before this file has come, and the opening would go unheard.
if (body.dataset.socket) {
  body.setAttribute("hx-ws:connect", body.dataset.socket);
  htmx.process(body);
}
