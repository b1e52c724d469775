// The page's side of its socket: says what it shows, acknowledges what it has painted, tells when it is behind.
const SILENCE_MS = 12_000; // the server beats every 5 s

const body = document.body;
const badge = document.getElementById("socket");
let socket = null;
let painted = 0;
let watching = "";
let heardAt = 0;
let lostAt = null;

/** Every topic on the page with the version that stands there. */
function shown() {
  const topics = {};
  for (const element of document.querySelectorAll("[data-topic]")) topics[element.dataset.topic] = element.dataset.version;
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

body.addEventListener("htmx:ws:after:connection", (event) => {
  socket = event.detail.connection.socket;
  painted = 0;
  watching = "";
  heardAt = Date.now();
  lostAt = null;
  watch();
  show("live", "Live");
});

body.addEventListener("htmx:ws:after:message:incoming", (event) => {
  heardAt = Date.now();
  const text = event.detail.message.data;
  if (text.startsWith('{"now"')) {
    document.dispatchEvent(new CustomEvent("desk:now", { detail: JSON.parse(text).now }));
    return;
  }
  painted += 1;
  say({ ack: painted });
  watch();
});

body.addEventListener("htmx:ws:close", (event) => {
  socket = null;
  if (event.detail.code === 4401) {
    lost("Signed out");
    badge.innerHTML = "";
    const link = document.createElement("a");
    link.href = `/sign_in/?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = "Sign in again to follow the prices";
    badge.append(link);
  } else if (!document.hidden) lost("Not connected");
});

// A dead connection shows no event. Silence does.
setInterval(() => {
  if (socket && Date.now() - heardAt > SILENCE_MS) {
    lost("Nothing heard");
    socket.close();
  }
}, 1000);
