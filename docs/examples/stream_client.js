// Follow a desk's stream in a browser: keeps the states of what is followed, through cuts and restarts. Its types are those
// that openapi-typescript makes of the desk's description of the stream, with openapi: 3.1.0 in place of its first line.
/** @typedef {import("./desk_models").components["schemas"]} Models */
const BY_ID = ["markets", "providers", "bets"];
const NEVER_AGAIN = [4400, 4401, 4429]; // not understood, token not valid, too much said
const SILENCE_MS = 10_500; // two heartbeats, of which one comes each 5 s, are missing

/**
 * The state after the change: merged by id under BY_ID, replaced elsewhere.
 * @param {any} state
 * @param {any} change
 * @returns {any}
 */
export function merged(state, change) {
  const after = { ...state, ...change };
  for (const key of BY_ID) {
    if (!(key in state && key in change)) continue;
    after[key] = { ...state[key] };
    for (const [id, each] of Object.entries(change[key])) after[key][id] = merged(state[key][id] ?? {}, each);
  }
  return after;
}

/** `states` maps fixture ids to states, and is empty unless it is current. Dispatches "told" for each message, "behind" when
    nothing comes any more, "ended" when coming back would not help. */
export class Follower extends EventTarget {
  /** @type {Map<number, Models["State"]>} */
  known = new Map(); // serves to be sent only what changed since
  view = "";
  isCurrent = false;
  reason = "";
  /** @type {Set<number>} */
  suspended = new Set();
  #away = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #silence;

  /**
   * @param {string} url
   * @param {string} token
   * @param {Omit<Models["Subscribe"], "op">} asked
   */
  constructor(url, token, asked = {}) {
    super();
    this.url = url;
    this.token = token;
    this.asked = asked;
  }

  get states() {
    return this.isCurrent ? this.known : new Map();
  }

  connect() {
    const socket = new WebSocket(this.url, ["livescore.v1", `bearer.${this.token}`]);
    socket.onopen = () => socket.send(JSON.stringify({ op: "subscribe", ...this.asked, ...this.since() }));
    socket.onmessage = (event) => {
      this.#watchSilence(socket);
      const message = JSON.parse(event.data);
      this.take(message);
      if ("n" in message) socket.send(JSON.stringify({ op: "ack", n: message.n }));
      this.dispatchEvent(new CustomEvent("told", { detail: message }));
    };
    socket.onclose = (event) => {
      clearTimeout(this.#silence);
      this.#fallBehind();
      if (NEVER_AGAIN.includes(event.code)) this.dispatchEvent(new CustomEvent("ended", { detail: this.reason }));
      else setTimeout(() => this.connect(), this.#away || 200 + Math.random() * 800);
      this.#away = 0;
    };
    this.#watchSilence(socket);
  }

  /** @param {WebSocket} socket */
  #watchSilence(socket) {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#fallBehind(); // a dead connection takes its time to close
      socket.close();
    }, SILENCE_MS);
  }

  #fallBehind() {
    this.isCurrent = false;
    this.dispatchEvent(new Event("behind"));
  }

  /**
   * What there is from before, to be told only what changed.
   * @returns {{ since?: Models["Since"] }}
   */
  since() {
    if (!this.view) return {};
    const fixtures = Object.fromEntries([...this.known].map(([id, state]) => [id, state.revision]));
    const vouching = Object.fromEntries([...this.known].flatMap(([id, state]) => (state.vouching ? [[id, state.vouching]] : [])));
    return { since: { view: this.view, fixtures, vouching } };
  }

  /** @param {Models["FromDesk"]} message */
  take(message) {
    if (message.type === "snapshot") for (const state of message.fixtures) this.known.set(state.id, state);
    else if (message.type === "changes")
      for (const { since, conflated, ...change } of message.changes)
        this.known.set(change.id, merged(this.known.get(change.id), change));
    else if (message.type === "gone" || message.type === "unreadable") for (const id of message.fixtures) this.known.delete(id);
    else if (message.type === "snapshot_required")
      for (const id of message.fixtures.length ? message.fixtures : [...this.known.keys()]) this.known.delete(id);
    else if (message.type === "selection") [this.view, this.isCurrent] = [message.view, false];
    else if (message.type === "current") this.isCurrent = true;
    else if (message.type === "heartbeat") this.isCurrent = message.current;
    else if (message.type === "feed")
      this.suspended = new Set(message.sources.filter((source) => source.suspended).map((source) => source.id));
    else if (message.type === "error") this.reason = message.words;
    else if (message.type === "restart") this.#away = message.in_seconds * 1000;
  }
}
