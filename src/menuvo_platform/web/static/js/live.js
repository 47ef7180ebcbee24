/*
 * Follows what the server knows about one element: a stream where streams pass, polling where they do not.
 *
 *   <main data-live data-events="/…/events" data-poll="/…/changes" data-revision="17">
 *
 * GET data-events?after=17   a text/event-stream. Event "change" has the revision as its id and JSON
 *                            {"revision": 18, …} as its data; event "ping" comes at once and then every 15 seconds, so
 *                            that a stream held back on the way is found out. When the browser connects again it sends
 *                            Last-Event-ID, which counts more than "after".
 * GET data-poll?after=17     the same JSON, or 204 when nothing is newer. Asked every 3 seconds while no stream speaks.
 * 401, 403, 404, 410         end it: the reader is signed out, or the thing is gone.
 *
 * Dispatched on the element (load this script after its listeners):
 *   live:change   detail is the JSON; data-revision is already raised
 *   live:status   detail is { online, since }, whenever that changes; since is the first request that failed
 *   live:gone     detail is { status }
 */

const POLL_MS = 3000;
const FIRST_PING_MS = 5000;
const SILENCE_MS = 40000;
const STREAM_AGAIN_MS = 30000;
const REFUSED = [401, 403, 404, 410];

class Live {
  constructor(element) {
    this.element = element;
    this.online = true;
    this.failingSince = null;
    this.polling = null;
    addEventListener("offline", () => this.loseNetwork());
    addEventListener("online", () => this.findNetwork());
    document.addEventListener("visibilitychange", () => document.hidden || this.poll());
    this.openStream();
  }

  address(path) {
    const address = new URL(path, location.href);
    address.searchParams.set("after", this.element.dataset.revision);
    return address;
  }

  openStream() {
    if (this.ended) return;
    this.stream?.close();
    this.stream = new EventSource(this.address(this.element.dataset.events));
    this.stream.addEventListener("ping", () => this.heard());
    this.stream.addEventListener("change", (event) => {
      this.heard();
      this.take(JSON.parse(event.data));
    });
    this.stream.addEventListener("error", () => {
      this.startPolling();
      if (this.stream.readyState === EventSource.CLOSED) this.dropStream();
    });
    this.expectWord(FIRST_PING_MS);
  }

  expectWord(milliseconds) {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      this.startPolling();
      this.dropStream();
    }, milliseconds);
  }

  dropStream() {
    this.stream.close();
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.openStream(), STREAM_AGAIN_MS);
  }

  // A stream may stay open and silent when its network is gone; only a new request tells whether somebody is there.
  loseNetwork() {
    this.dropStream();
    this.poll();
  }

  findNetwork() {
    this.openStream();
    this.poll();
  }

  heard() {
    this.expectWord(SILENCE_MS);
    clearTimeout(this.polling);
    this.polling = null;
    this.setOnline(true);
  }

  startPolling() {
    if (this.polling === null) this.poll();
  }

  async poll() {
    if (this.ended) return;
    clearTimeout(this.polling);
    this.polling = setTimeout(() => this.poll(), POLL_MS);
    try {
      const response = await fetch(this.address(this.element.dataset.poll), {
        headers: { Accept: "application/json" },
        cache: "no-store",
        signal: AbortSignal.timeout(10000),
      });
      if (REFUSED.includes(response.status)) return this.end(response.status);
      if (!response.ok) throw new Error(`polling was answered ${response.status}`);
      if (response.status !== 204) this.take(await response.json());
      this.setOnline(true);
    } catch {
      // One request may die with the instance that had it; two in a row mean that nobody is there.
      if (this.failingSince) this.setOnline(false);
      else this.failingSince = new Date();
    }
  }

  take(change) {
    if (change.revision <= Number(this.element.dataset.revision)) return;
    this.element.dataset.revision = change.revision;
    this.dispatch("live:change", change);
  }

  setOnline(online) {
    const since = this.failingSince ?? new Date();
    if (online) this.failingSince = null;
    if (online === this.online) return;
    this.online = online;
    this.dispatch("live:status", { online, since });
  }

  end(status) {
    this.ended = true;
    this.stream.close();
    clearTimeout(this.silence);
    clearTimeout(this.polling);
    this.dispatch("live:gone", { status });
  }

  dispatch(name, detail) {
    this.element.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

for (const element of document.querySelectorAll("[data-live]")) new Live(element);
