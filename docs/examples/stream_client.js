// Follow a desk's stream in a browser: keeps the states of what is followed, through cuts and restarts.
const BY_ID = ["markets", "providers", "bets"];
const NEVER_AGAIN = [4400, 4401, 4429]; // not understood, token not valid, too much said
const SILENCE_MS = 15_000;

/** The state after the change: merged by id under BY_ID, replaced elsewhere. */
export function merged(state, change) {
  const after = { ...state, ...change };
  for (const key of BY_ID) {
    if (!(key in state && key in change)) continue;
    after[key] = { ...state[key] };
    for (const [id, each] of Object.entries(change[key])) after[key][id] = merged(state[key][id] ?? {}, each);
  }
  return after;
}

/** `states` maps fixture ids to states. Dispatches "told" for each message, "ended" when coming back would not help. */
export class Follower extends EventTarget {
  states = new Map();
  view = "";
  isCurrent = false;
  reason = "";
  suspended = new Set();
  #away = 0;
  #silence = 0;

  constructor(url, token, asked = {}) {
    super();
    Object.assign(this, { url, token, asked });
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
      this.isCurrent = false;
      if (NEVER_AGAIN.includes(event.code)) this.dispatchEvent(new CustomEvent("ended", { detail: this.reason }));
      else setTimeout(() => this.connect(), this.#away || 200 + Math.random() * 800);
      this.#away = 0;
    };
    this.#watchSilence(socket);
  }

  #watchSilence(socket) {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => socket.close(), SILENCE_MS);
  }

  /** What there is from before, to be told only what changed. */
  since() {
    if (!this.view) return {};
    const fixtures = Object.fromEntries([...this.states].map(([id, state]) => [id, state.revision]));
    return { since: { view: this.view, fixtures } };
  }

  take(message) {
    if (message.type === "snapshot") for (const state of message.fixtures) this.states.set(state.id, state);
    else if (message.type === "changes")
      for (const { since, conflated, ...change } of message.changes)
        this.states.set(change.id, merged(this.states.get(change.id), change));
    else if (message.type === "gone" || message.type === "unreadable") for (const id of message.fixtures) this.states.delete(id);
    else if (message.type === "snapshot_required")
      for (const id of message.fixtures.length ? message.fixtures : [...this.states.keys()]) this.states.delete(id);
    else if (message.type === "selection") [this.view, this.isCurrent] = [message.view, false];
    else if (message.type === "current") this.isCurrent = true;
    else if (message.type === "heartbeat") this.isCurrent = message.current;
    else if (message.type === "feed")
      this.suspended = new Set(message.sources.filter((source) => source.suspended).map((source) => source.id));
    else if (message.type === "error") this.reason = message.words;
    else if (message.type === "restart") this.#away = message.in_seconds * 1000;
  }
}
