// A redis-server of a test: a free port, files of its own, and it ends with the test.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { freePort, until } from './server.mjs';

const PROGRAM = 'redis-server';
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** Why tests with Redis cannot run here, or false. */
export const noRedis = spawnSync(PROGRAM, ['--version']).status === 0 ? false : `there is no ${PROGRAM}`;

export class Redis {
  #dir = fs.mkdtempSync(path.join(os.tmpdir(), 'whirl-redis-'));
  #args;

  static async start(args = []) {
    const redis = new Redis();
    redis.port = await freePort();
    redis.#args = args;
    await redis.launch();
    return redis;
  }

  get address() {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, also again after kill(); what it had is gone. */
  async launch() {
    const own = ['--bind', '127.0.0.1', '--port', String(this.port), '--dir', this.#dir, '--save', ''];
    this.child = spawn(PROGRAM, [...own, ...this.#args], { stdio: 'ignore' });
    running.add(this.child);
    await until('redis-server', () => this.command('PING').then(() => true, () => false));
  }

  async kill() {
    const ended = new Promise((resolve) => this.child.once('close', resolve));
    this.child.kill('SIGKILL');
    await ended;
    running.delete(this.child);
  }

  async freeze() {
    this.child.kill('SIGSTOP');
    const stopped = /\) T /;
    await until('redis-server to stop', () => stopped.test(fs.readFileSync(`/proc/${this.child.pid}/stat`, 'latin1')));
  }

  thaw() {
    this.child.kill('SIGCONT');
  }

  /** The raw reply to one command. */
  command(...words) {
    return new Promise((resolve, reject) => {
      const socket = net.connect(this.port, '127.0.0.1').on('error', reject);
      socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
      socket.once('data', (data) => {
        socket.destroy();
        resolve(data.toString());
      });
    });
  }

  async close() {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.kill();
    fs.rmSync(this.#dir, { recursive: true, force: true });
  }
}
