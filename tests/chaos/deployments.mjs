// The ways to run Redis, each with the faults that its operators know.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Backend } from '../e2e/lib/backends.mjs';
import { freePort, until } from '../e2e/lib/server.mjs';

const run = promisify(execFile);

const base = (port) => [
  'redis-server', '--bind', '127.0.0.1', '--port', String(port), '--save', '', '--repl-diskless-sync-delay', '0',
];
const redisServer = (...more) => new Backend((port) => [...base(port), ...more], 'Ready to accept connections');

export const command = async (port, ...words) =>
  (await run('redis-cli', ['-p', String(port), ...words], { timeout: 5000 })).stdout.trim();

const redisEngine = (address) => ({
  engine: { type: 'redis', redis: { address, connect_timeout: '1s', io_timeout: '2s' } },
});

/** A single node, whose streams end with it. */
export class Memory {
  name = 'memory';
  nodes = 1;
  async start() {}
  config() {
    return {};
  }
  async close() {}
}

/** One server. Half of the time it forgets everything when it ends, else nothing that it acknowledged. */
export class Single {
  name = 'single';
  nodes = 3;

  async start(random) {
    this.forgets = random.next() < 0.5;
    const durable = ['--appendonly', 'yes', '--appendfsync', 'always'];
    this.server = await redisServer(...(this.forgets ? [] : durable)).start();
  }

  get about() {
    return this.forgets ? 'forgets what it had at a restart' : 'keeps what it had';
  }

  /** A node reaches it through a proxy of its own. */
  get port() {
    return this.server.port;
  }

  config(port) {
    return redisEngine(`redis://127.0.0.1:${port}`);
  }

  async close() {
    await this.server?.close();
  }
}

/** A primary with two replicas, watched by three sentinels. */
export class Sentinel {
  name = 'sentinel';
  nodes = 3;
  lossy = true; // replicas may lack the last that was acknowledged

  async start() {
    this.primary = await redisServer().start();
    const replicaOf = ['--replicaof', '127.0.0.1', String(this.primary.port)];
    this.servers = [this.primary];
    for (let i = 0; i < 2; i++) this.servers.push(await redisServer(...replicaOf).start());
    this.sentinels = [];
    for (let i = 0; i < 3; i++) this.sentinels.push(await this.#startSentinel());
    await until('sentinels know all', async () => {
      const text = await command(this.sentinels[0].port, 'sentinel', 'master', 'chaos');
      return /num-slaves\n2\n/.test(text) && /num-other-sentinels\n2\n/.test(text);
    }, 30_000);
  }

  async #startSentinel() {
    const lines = [
      `sentinel monitor chaos 127.0.0.1 ${this.primary.port} 2`,
      'sentinel down-after-milliseconds chaos 1500',
      'sentinel failover-timeout chaos 5000',
      'sentinel parallel-syncs chaos 2',
    ];
    return new Backend((port, dir) => {
      const file = path.join(dir, 'sentinel.conf');
      if (!fs.existsSync(file)) fs.writeFileSync(file, `bind 127.0.0.1\nport ${port}\n${lines.join('\n')}\n`);
      return ['redis-server', file, '--sentinel'];
    }, 'Sentinel ID is').start();
  }

  config() {
    const ports = this.sentinels.map(({ port }) => `127.0.0.1:${port}`);
    const [first, ...others] = ports;
    const more = others.map((address) => `&addr=${address}`).join('');
    return redisEngine(`redis+sentinel://${first}?sentinel_master_name=chaos${more}`);
  }

  async primaryPort() {
    const text = await command(this.sentinels[0].port, 'sentinel', 'get-master-addr-by-name', 'chaos');
    return Number(text.split('\n')[1]);
  }

  /** The primary dies, another takes its place, and the dead one comes back as a replica. */
  async failover() {
    const before = await this.primaryPort();
    const dead = this.servers.find(({ port }) => port === before);
    await dead.kill();
    await until('another primary', async () => (await this.primaryPort()) !== before, 30_000);
    await dead.start();
  }

  async close() {
    for (const server of [...(this.sentinels ?? []), ...(this.servers ?? [])]) await server.close();
  }
}

/** Three primaries, each with a replica. */
export class Cluster {
  name = 'cluster';
  nodes = 3;
  lossy = true;

  async start() {
    this.servers = [];
    for (let i = 0; i < 6; i++) {
      const server = redisServer('--cluster-enabled', 'yes', '--cluster-node-timeout', '1500');
      // Its bus must not get a port that somebody else has.
      do server.port = await freePort(); while (server.port > 50_000);
      this.servers.push(await server.start());
    }
    const addresses = this.servers.map(({ port }) => `127.0.0.1:${port}`);
    await run('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-replicas', '1', '--cluster-yes'], {
      timeout: 60_000,
    });
    await this.#isWhole();
  }

  /** All know all, and every replica has what its primary has. */
  #isWhole() {
    const isWhole = async ({ port }) =>
      (await command(port, 'cluster', 'info')).includes('cluster_state:ok') &&
      /role:master|master_link_status:up/.test(await command(port, 'info', 'replication'));
    return until('cluster is whole', async () => (await Promise.all(this.servers.map(isWhole))).every(Boolean), 30_000);
  }

  config() {
    const [first, ...others] = this.servers.map(({ port }) => `127.0.0.1:${port}`);
    return redisEngine(`redis+cluster://${first}?${others.map((address) => `addr=${address}`).join('&')}`);
  }

  async #primaries() {
    const lines = (await command(this.servers[0].port, 'cluster', 'nodes')).split('\n');
    return lines.filter((line) => /master/.test(line) && !/fail/.test(line)).map((line) => Number(/:(\d+)@/.exec(line)[1]));
  }

  /** A primary dies and its replica takes its place; the dead one comes back as a replica. */
  async failover(random) {
    const candidates = (await this.#primaries()).filter((port) => port !== this.servers[0].port);
    const chosen = random.pick(candidates);
    const dead = this.servers.find(({ port }) => port === chosen);
    await dead.kill();
    await until('the replica leads', async () => {
      const now = await this.#primaries();
      return now.length === 3 && !now.includes(dead.port);
    }, 30_000);
    await dead.start();
    await this.#isWhole();
  }

  async close() {
    for (const server of this.servers ?? []) await server.close();
  }
}
