// Where websockets do not pass (some proxies cut them) the page asks for changes by POST instead, again and again. htmx makes
// its socket with `new WebSocket`; after one that brought nothing it gets one that polls, and after one of those that brought
// nothing a websocket again. While polls work, a websocket is tried beside them now and then. Other proxies let a websocket
// pass and cut it after seconds: after two such cuts in a row the page polls as well, and one that is tried has to last. After a
// websocket that has fallen silent the page polls at once; a websocket that passes takes over again.
const NativeSocket = globalThis.WebSocket;
const GAP_MS = 500; // the least time from one poll to the next,
const TOPIC_MS = 3; // longer on a page with many topics: a user may ask for so much a second, and has several pages
const WAIT_MS = 50;
const MOST_UNACKED = 8; // more frames than this that are not painted yet, and the next poll waits
const [FIRST_TRY_MS, LAST_TRY_MS] = [20_000, 300_000]; // from one try of a websocket to the next, twice as long each time
const TRY_MS = 6_000; // a try without an answer is given up
const LASTING_MS = 30_000; // a websocket that breaks sooner was cut
const MOST_CUTS = 2; // in a row
const LOST = 1006; // how browsers say that a connection broke
const GOING = 1005; // and that this side ended it
const ASK_LITTLE = { feed: "" };

let isPolling = false; // whether the next socket polls
let cutCount = 0; // websockets in a row that were cut
const silentSockets = new WeakSet(); // whose close comes late, and says nothing of how long they lasted
const firstMessageAt = new WeakMap(); // by websocket

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What htmx and live.js see of a WebSocket. */
class PolledSocket extends EventTarget {
  constructor(address) {
    super();
    this.isPolled = true;
    this.address = address.replace(/^ws/, "http");
    this.readyState = NativeSocket.CONNECTING;
    this.topics = null; // what the page watches, with the versions that it was sent or has
    this.isCurrent = false;
    this.currentAt = performance.now();
    [this.sent, this.acked] = [0, 0]; // frames
    this.run();
  }

  send(text) {
    const { watch, anew, ack } = JSON.parse(text);
    this.acked = ack ?? this.acked;
    if (!watch) return;
    const had = anew ? {} : (this.topics ?? {});
    this.topics = Object.fromEntries(Object.entries(watch).map(([topic, version]) => [topic, had[topic] ?? version]));
    this.isCurrent = false;
    this.asking?.abort();
  }

  close() {
    this.end(GOING);
  }

  end(code) {
    if (this.readyState === NativeSocket.CLOSED) return;
    this.readyState = NativeSocket.CLOSED;
    if (code === LOST) isPolling = false;
    this.asking?.abort();
    clearTimeout(this.trying);
    this.tried?.close();
    this.dispatchEvent(new CloseEvent("close", { code }));
  }

  /** Connect, then poll until the end. A poll that this side gave up is asked anew. */
  async run() {
    const first = await this.ask(ASK_LITTLE);
    if (!first || first.code) return this.end(first?.code ?? LOST);
    this.readyState = NativeSocket.OPEN;
    isPolling = true;
    this.dispatchEvent(new Event("open"));
    tryWebsocket(this, FIRST_TRY_MS);
    while (await this.turn()) {
      const answer = await this.ask(this.topics, this.isCurrent);
      if (this.asking.signal.aborted) continue;
      if (answer) this.take(answer);
      else this.end(LOST);
    }
  }

  /** Wait until it is time for the next poll. False if this is closed by then. */
  async turn() {
    await sleep(Math.max(GAP_MS, TOPIC_MS * Object.keys(this.topics ?? {}).length));
    while (this.readyState === NativeSocket.OPEN && (!this.topics || this.sent - this.acked > MOST_UNACKED)) await sleep(WAIT_MS);
    return this.readyState === NativeSocket.OPEN;
  }

  /** The answer to a poll, null without one. */
  async ask(watch, wait = false) {
    this.asking = new AbortController();
    const body = JSON.stringify({ watch, wait });
    const headers = { "Content-Type": "application/json" };
    try {
      const answer = await fetch(this.address, { method: "POST", headers, body, signal: this.asking.signal });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  /** Hand on what an answer brought. Where not all could be read, the page is as old as it was last current. */
  take({ messages, status, code }) {
    this.isCurrent = status.current;
    if (status.current) this.currentAt = performance.now();
    else status.read = status.now - (performance.now() - this.currentAt);
    for (const message of messages) {
      Object.assign(this.topics, message.versions);
      if (message.content !== undefined) this.sent += 1;
      this.receive(message);
    }
    this.receive(status);
    if (code) this.end(code);
  }

  receive(message) {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }
}

/** See whether a websocket passes by now, beside a page that polls: at once, and then now and then. */
function tryWebsocket(polled, nextMs) {
  if (polled.readyState !== NativeSocket.OPEN) return;
  const socket = new NativeSocket(polled.address.replace(/^http/, "ws"));
  polled.tried = socket;
  let timer = setTimeout(() => socket.close(), TRY_MS);
  let frames = 0;
  socket.addEventListener("open", () => socket.send(JSON.stringify({ watch: ASK_LITTLE })));
  socket.addEventListener("message", ({ data }) => {
    if (JSON.parse(data).content !== undefined) socket.send(JSON.stringify({ ack: (frames += 1) }));
  });
  socket.addEventListener("message", () => {
    clearTimeout(timer);
    if (cutCount < MOST_CUTS) follow(polled, socket);
    else timer = setTimeout(() => follow(polled, socket), LASTING_MS);
  }, { once: true });
  socket.addEventListener("close", () => {
    clearTimeout(timer);
    if (polled.readyState === NativeSocket.OPEN) polled.trying = setTimeout(() => tryWebsocket(polled, Math.min(LAST_TRY_MS, 2 * nextMs)), nextMs);
  });
}

/** The tried websocket is good: the page is to make one of its own. Should that be cut, one cut is enough. */
function follow(polled, tried) {
  tried.close();
  cutCount = Math.min(cutCount, MOST_CUTS - 1);
  isPolling = false;
  if (polled.readyState === NativeSocket.OPEN) document.dispatchEvent(new Event("desk:passes"));
}

/** Notice what a page's websocket brought and how long it lasted. */
function judge(socket) {
  socket.addEventListener("message", () => {
    isPolling = false;
    firstMessageAt.set(socket, performance.now());
    socket.addEventListener("close", ({ code }) => {
      if (silentSockets.has(socket)) return;
      const isLasting = hasLasted(socket);
      if (isLasting) cutCount = 0;
      else if (code === LOST) cutCount += 1;
      if (cutCount >= MOST_CUTS) isPolling = true;
    });
  }, { once: true });
}

const hasLasted = (socket) => performance.now() - firstMessageAt.get(socket) >= LASTING_MS;

/** A websocket that brings nothing any more is as good as cut, though nothing closes it: the next socket polls. */
function noteSilent(socket) {
  if (!firstMessageAt.has(socket)) return;
  silentSockets.add(socket);
  cutCount = hasLasted(socket) ? 0 : cutCount + 1;
  isPolling = true;
}

document.addEventListener("desk:silent", ({ detail }) => noteSilent(detail));

/** A websocket, or one that polls where the last websocket brought nothing, or was cut. What brings nothing is not tried twice. */
function newSocket(address, protocols) {
  isPolling = !isPolling;
  if (!isPolling) return new PolledSocket(address);
  const socket = new NativeSocket(address, protocols);
  judge(socket);
  return socket;
}

globalThis.WebSocket = new Proxy(NativeSocket, { construct: (_, [address, protocols]) => newSocket(address, protocols) });
