// Publishes numbered messages, each number once, and remembers what became of it.
import { API_KEY, sleep } from '../e2e/lib/server.mjs';

const CALL_MS = 6000;

/** One channel's publisher: the next message goes out when the fate of the one before is known. */
class Publisher {
  acknowledged = new Set();
  next = 1;

  constructor(channel, chooseNode, everyMs) {
    Object.assign(this, { channel, chooseNode, everyMs });
  }

  async run() {
    while (!this.stopped) {
      await this.#publish(this.next);
      await sleep(this.everyMs);
    }
  }

  async #publish(n) {
    try {
      const response = await fetch(this.chooseNode().url('http', '/api/publish'), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-API-Key': API_KEY },
        body: JSON.stringify({ channel: this.channel, data: { n } }),
        signal: AbortSignal.timeout(CALL_MS),
      });
      const body = await response.json();
      if (!body.error) this.acknowledged.add(n);
    } catch {
      // The number may have been published or not; it is not used again.
    }
    this.next = n + 1;
  }
}

export class Publishers {
  #byChannel = new Map();

  constructor(channels, chooseNode, everyMs) {
    for (const channel of channels) this.#byChannel.set(channel, new Publisher(channel, chooseNode, everyMs));
  }

  start() {
    this.runs = [...this.#byChannel.values()].map((publisher) => publisher.run());
  }

  async stop() {
    for (const publisher of this.#byChannel.values()) publisher.stopped = true;
    await Promise.all(this.runs);
  }

  /** Numbers between two others that were acknowledged, so that nobody may miss them unknowingly. */
  acknowledgedBetween(channel, from, to) {
    const missing = [];
    const { acknowledged } = this.#byChannel.get(channel);
    for (let n = from + 1; n < to; n++) if (acknowledged.has(n)) missing.push(n);
    return missing;
  }

  /** Channel → the number that comes next. */
  marks() {
    return new Map([...this.#byChannel].map(([channel, publisher]) => [channel, publisher.next]));
  }

  get acknowledged() {
    return [...this.#byChannel.values()].reduce((sum, publisher) => sum + publisher.acknowledged.size, 0);
  }
}
