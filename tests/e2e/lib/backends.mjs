// Servers that whirl works with: started for a test on a free port of the loopback address, and ended with it.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Redis } from './redis.mjs';
import { freePort, within } from './server.mjs';

const START_MS = 20_000;

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** A server process that can be killed, frozen and started again on its port. */
export class Backend {
  #dir = fs.mkdtempSync(path.join(os.tmpdir(), 'whirl-backend-'));

  /** `command(port, dir)` gives the words of the command line; the server prints `ready` when it is. */
  constructor(command, ready) {
    this.command = command;
    this.ready = ready;
  }

  async start() {
    this.port ??= await freePort();
    const [program, ...args] = this.command(this.port, this.#dir);
    const child = spawn(program, args, { cwd: this.#dir, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    running.add(child);
    this.ended = new Promise((resolve) => child.on('close', resolve));
    this.ended.then(() => running.delete(child));
    let printed = '';
    const isReady = new Promise((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
          printed = (printed + chunk).slice(-10_000);
          if (printed.includes(this.ready)) resolve();
        });
      }
      child.on('error', reject);
      child.on('close', (code) => reject(new Error(`${program} ended with ${code}: ${printed}`)));
    });
    await within(START_MS, `start of ${program}`, isReady);
    return this;
  }

  async kill() {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  freeze() {
    this.child.kill('SIGSTOP');
  }

  thaw() {
    this.child.kill('SIGCONT');
  }

  async close() {
    if (this.child) await this.kill();
    fs.rmSync(this.#dir, { recursive: true, force: true });
  }
}

export const natsServer = () =>
  new Backend((port) => ['nats-server', '-a', '127.0.0.1', '-p', String(port)], 'Server is ready');

/** The part of the configuration that makes whirl use a NATS. */
export const natsConfig = (port, options = {}) => ({
  broker: { enabled: true, type: 'nats', nats: { url: `nats://127.0.0.1:${port}`, ...options } },
});

/** What can join nodes to a cluster, for tests that hold for all: `sharesPresence` if it keeps presence too. */
export const joiners = [
  {
    name: 'Redis',
    sharesPresence: true,
    start: () => Redis.start(),
    config: (port) => ({ engine: { type: 'redis', redis: { address: `redis://127.0.0.1:${port}` } } }),
  },
  { name: 'NATS', start: () => natsServer().start(), config: (port) => natsConfig(port) },
];
