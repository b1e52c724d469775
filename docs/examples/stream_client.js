// Follow a desk's stream in a browser: keeps the states of what is followed, through cuts and restarts; by polling where
// websockets do not pass. Its types are those that openapi-typescript makes of the desk's description of the stream, with
// openapi: 3.1.0 in place of its first line.
/** @typedef {import("./desk_models").components["schemas"]} Models */
const BY_ID = ["markets", "providers", "bets"];
const NEVER_AGAIN = [4400, 4401, 4429]; // not understood, token not valid, too many messages
const SILENCE_MS = 9_000; // a heartbeat, of which one comes each 5 s, is missing, and the next is late
const FIRST_MS = 4_000; // a websocket that passes brings something by then
const LASTING_MS = 30_000; // one that breaks sooner, twice in a row, was cut by something in between
const POLL_MS = 2_000;
const [FIRST_TRY_MS, LAST_TRY_MS] = [2_000, 300_000]; // from one try of a websocket to the next, twice as long each time
const REFUSALS = [400, 401, 403]; // of a poll
const BUSY = [429, 503];

/** @param {number} ms */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

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
    for (const [id, part] of Object.entries(change[key])) after[key][id] = merged(state[key][id] ?? {}, part);
  }
  return after;
}

/** `states` maps fixture ids to states, and is empty unless it is current. Dispatches "message" for each message, "behind"
    when nothing comes any more, "ended" when reconnecting would not help. */
export class Follower extends EventTarget {
  /** @type {Map<number, Models["State"]>} */
  known = new Map(); // serves to be sent only what changed since
  view = "";
  isCurrent = false;
  reason = "";
  /** @type {Set<number>} */
  suspended = new Set();
  isPolling = false;
  #away = 0;
  #breaks = 0;
  #cursor = "";
  #answered = 0; // when a poll brought something
  #tryAfter = FIRST_TRY_MS;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #silence;

  /**
   * @param {string} url
   * @param {string} token
   * @param {Omit<Models["Subscribe"], "op">} wanted
   */
  constructor(url, token, wanted = {}) {
    super();
    this.url = url;
    this.token = token;
    this.wanted = wanted;
  }

  get states() {
    return this.isCurrent ? this.known : new Map();
  }

  connect() {
    const socket = this.#websocket();
    let [began, isSilent] = [0, false];
    const watch = () => {
      clearTimeout(this.#silence);
      this.#silence = setTimeout(() => {
        isSilent = true;
        this.#fallBehind(); // a dead connection takes its time to close
        socket.onmessage = socket.onclose = null;
        socket.close();
        ended(0);
      }, began ? SILENCE_MS : FIRST_MS);
    };
    /** @param {number} code */
    const ended = (code) => {
      clearTimeout(this.#silence);
      this.#fallBehind();
      if (NEVER_AGAIN.includes(code)) this.dispatchEvent(new CustomEvent("ended", { detail: this.reason }));
      else if (this.#away || !this.#wasCut(began, isSilent)) this.#comeBack();
      else this.#poll(isSilent && began ? 0 : this.#tryAfter);
    };
    socket.onopen = () => socket.send(JSON.stringify({ op: "subscribe", ...this.wanted, ...this.since() }));
    socket.onmessage = (event) => {
      began ||= performance.now();
      watch();
      const message = JSON.parse(event.data);
      this.take(message);
      if ("n" in message) socket.send(JSON.stringify({ op: "ack", n: message.n }));
      this.dispatchEvent(new CustomEvent("message", { detail: message }));
    };
    socket.onclose = (event) => ended(event.code);
    watch();
  }

  #websocket() {
    return new WebSocket(this.url, ["livescore.v1", `bearer.${this.token}`]);
  }

  /**
   * Whether websockets do not pass: the last brought nothing (any more), or two in a row broke within seconds.
   * @param {number} began
   * @param {boolean} isSilent
   */
  #wasCut(began, isSilent) {
    const hasLasted = began && performance.now() - began >= LASTING_MS;
    this.#breaks = hasLasted ? 0 : this.#breaks + 1;
    if (hasLasted) this.#tryAfter = FIRST_TRY_MS;
    return isSilent || !began || this.#breaks > 1;
  }

  async #comeBack() {
    await sleep(this.#away || 200 + Math.random() * 800);
    this.#away = 0;
    this.connect();
  }

  /**
   * Ask for changes again and again, until a websocket passes, which is tried beside it, or nobody answers.
   * @param {number} tryAfter
   */
  async #poll(tryAfter) {
    const trying = new AbortController();
    const passing = this.#untilOnePasses(tryAfter, trying.signal);
    while (!trying.signal.aborted) {
      const answer = await this.#ask().catch(() => null);
      if (!answer) break;
      if (REFUSALS.includes(answer.status)) {
        trying.abort();
        this.#fallBehind();
        this.dispatchEvent(new CustomEvent("ended", { detail: answer.detail }));
        return;
      }
      this.isPolling = true;
      if (answer.since) this.#takePolled(answer);
      else if (this.isCurrent && performance.now() - this.#answered > SILENCE_MS) this.#fallBehind();
      if (!answer.more) await Promise.race([passing.then(() => trying.abort()), sleep(POLL_MS)]);
    }
    trying.abort();
    if (!this.isPolling) this.#breaks = 0; // it was not websockets alone
    this.isPolling = false;
    this.#fallBehind();
    this.#comeBack();
  }

  /**
   * @param {number} tryAfter
   * @param {AbortSignal} signal
   */
  async #untilOnePasses(tryAfter, signal) {
    await sleep(tryAfter);
    while (!signal.aborted && !(await this.#passes())) {
      await sleep(this.#tryAfter);
      this.#tryAfter = Math.min(LAST_TRY_MS, 2 * this.#tryAfter);
    }
  }

  /** One poll: what changed since the last, or why not; null where nobody answers, or not the desk. */
  async #ask() {
    const words = new URLSearchParams({ contents: this.wanted.contents ?? "all", limit: "100" });
    if (this.wanted.markets?.length) words.set("markets", this.wanted.markets.join());
    if (this.#cursor) words.set("since", this.#cursor);
    const address = `${this.url.replace(/^ws/, "http").replace(/\/ws\/.*$/, "")}/api/v1/changes/?${words}`;
    const headers = { Authorization: `Bearer ${this.token}` };
    const answer = await fetch(address, { headers, cache: "no-store", signal: AbortSignal.timeout(5000) });
    if (BUSY.includes(answer.status)) return {};
    return answer.ok || REFUSALS.includes(answer.status) ? await answer.json() : null;
  }

  /**
   * Take in what a poll brought, as messages of the stream would.
   * @param {any} answer
   */
  #takePolled({ since, all, more, feed, fixtures }) {
    [this.#cursor, this.#answered] = [since, performance.now()];
    if (all) [this.known, this.isCurrent] = [new Map(), false];
    /** @type {any[]} */
    const messages = [feed, { type: "snapshot", pushed_at: new Date().toISOString(), fixtures: fixtures.filter(this.#wants, this), n: 0 }];
    if (!more) messages.push({ type: "current", view: this.view });
    for (const message of messages) {
      this.take(message);
      this.dispatchEvent(new CustomEvent("message", { detail: message }));
    }
  }

  /**
   * Whether a state is of what is followed: a poll tells of all that the token opens.
   * @param {any} state
   */
  #wants(state) {
    const { fixtures = [], leagues = [], sports = [] } = this.wanted;
    if (!fixtures.length && !leagues.length && !sports.length) return true;
    return fixtures.includes(state.id) || leagues.includes(state.league?.id) || sports.includes(state.sport?.id);
  }

  /**
   * Whether a websocket brings the desk's first words.
   * @returns {Promise<boolean>}
   */
  #passes() {
    return new Promise((resolve) => {
      const socket = this.#websocket();
      const timer = setTimeout(() => socket.close(), FIRST_MS);
      socket.onmessage = () => {
        resolve(true);
        socket.close();
      };
      socket.onclose = () => {
        clearTimeout(timer);
        resolve(false);
      };
      setTimeout(resolve, FIRST_MS + 1000, false); // where closing takes its time as well
    });
  }

  #fallBehind() {
    this.isCurrent = false;
    this.dispatchEvent(new Event("behind"));
  }

  /**
   * What is known from before, so that only what changed since is sent.
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
