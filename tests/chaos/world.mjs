// The nodes, the crowd that listens, and the publishers.
import { Server, until } from '../e2e/lib/server.mjs';
import { Proxy } from './proxy.mjs';
import { Publishers } from './publisher.mjs';
import { Subscriber } from './subscriber.mjs';

const CHANNELS = 40;
const PUBLISH_EVERY_MS = 400;
export const POSITION_CHECK_MS = 2000;

const config = {
  client: {
    allow_anonymous_connect_without_token: true,
    ping_interval: '3s',
    pong_timeout: '2s',
    channel_position_check_delay: `${POSITION_CHECK_MS}ms`,
    presence_update_interval: '1s',
  },
  channel: {
    without_namespace: {
      allow_subscribe_for_anonymous: true,
      allow_subscribe_for_client: true,
      history_size: 2000,
      history_ttl: '300s',
      force_recovery: true,
    },
  },
  shutdown: { timeout: '5s' },
};

/** A node that can be killed and come back. */
class Node {
  static async start(index, redis) {
    const node = new Node();
    node.index = index;
    node.proxy = redis.port ? await Proxy.start(redis.port) : null;
    node.server = await Server.start({ ...config, ...redis.config(node.proxy?.port) });
    node.isUp = true;
    return node;
  }

  async isReady() {
    return (await fetch(this.server.url('http', '/health/ready'), { signal: AbortSignal.timeout(2000) })).ok;
  }

  async kill() {
    this.isUp = false;
    this.server.program.child.kill('SIGKILL');
    await this.server.program.ended;
  }

  async stop() {
    this.isUp = false;
    await this.server.stop();
  }

  async launch() {
    await this.server.launch();
    this.isUp = true;
  }

  async close() {
    this.server.program.child.kill('SIGKILL');
    await this.server.program.ended;
    await this.server.close();
    this.proxy?.close();
  }
}

export class World {
  complaints = [];
  lost = 0; // acknowledged by Redis, forgotten by Redis

  constructor(redis, random, crowd) {
    Object.assign(this, { redis, random, crowd });
  }

  async start() {
    this.nodes = await Promise.all(Array.from({ length: this.redis.nodes }, (_, i) => Node.start(i, this.redis)));
    const channels = Array.from({ length: CHANNELS }, (_, i) => `chaos${i}`);
    this.publishers = new Publishers(channels, () => this.random.pick(this.#up()).server, PUBLISH_EVERY_MS);
    this.subscribers = Array.from({ length: this.crowd }, (_, i) => new Subscriber({
      name: `s${i}`,
      channel: channels[i % CHANNELS],
      chooseUrl: () => this.random.pick(this.#up()).server.websocket,
      random: this.random,
      history: this.publishers,
      complain: (who, what, kind) => this.#complain(who, what, kind),
    }));
    for (const subscriber of this.subscribers) subscriber.start();
    await until('all are subscribed', () => this.subscribers.every((s) => s.state === 'subscribed'), 60_000);
    this.publishers.start();
    await this.everybodyHears(30_000);
  }

  #up() {
    const up = this.nodes.filter((node) => node.isUp);
    return up.length > 0 ? up : this.nodes;
  }

  #complain(who, what, kind) {
    // A replica that took over may lack what its primary had acknowledged. Nobody can tell a client of that.
    if (kind === 'loss' && this.redis.lossy) {
      this.lost++;
      return;
    }
    this.complaints.push(`${who.name} (${who.channel}, node of ${who.socket?.url}): ${what}`);
  }

  /** What is published from now on reaches every subscriber; gives the milliseconds that the last one took. */
  async everybodyHears(limitMs) {
    const started = Date.now();
    const marks = this.publishers.marks();
    const deaf = () => this.subscribers.filter((s) => (s.last ?? 0) < marks.get(s.channel));
    try {
      await until('everybody hears', () => deaf().length === 0, limitMs);
    } catch {
      const some = deaf().slice(0, 5).map((s) => `${s.name} (${s.channel}, ${s.state}, ${s.why ?? 'no trouble'}, last ${s.last})`);
      this.complaints.push(`${deaf().length} are deaf after ${limitMs} ms: ${some.join('; ')}`);
    }
    return Date.now() - started;
  }

  get figures() {
    const sum = (field) => this.subscribers.reduce((total, s) => total + s[field], 0);
    return {
      published: this.publishers.acknowledged,
      received: sum('received'),
      recoveries: sum('recoveries'),
      gaps: sum('gaps'),
      lost: this.lost,
    };
  }

  async close() {
    await this.publishers?.stop();
    for (const subscriber of this.subscribers ?? []) subscriber.stop();
    for (const node of this.nodes ?? []) await node.close();
  }
}
