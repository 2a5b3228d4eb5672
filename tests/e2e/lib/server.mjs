// Starts the real binary for a test: a free port, a configuration file of its own, and a wait for /health.
import { execFileSync, spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
export const BINARY = process.env.WHIRL_BIN ?? path.join(root, 'build', 'release', 'whirl');
export const API_KEY = 'end-to-end-api-key';
export const SECRET = 'end-to-end-token-secret';

const START_MS = 20_000;
const STOP_MS = 15_000;

/** None may outlive the tests, however they end. */
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The promise's value, or an error that says what did not happen in time. */
export function within(ms, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Asks again and again until the answer is truthy, and gives it. */
export async function until(what, ask, ms = 10_000) {
  const deadline = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${ms} ms`);
    await sleep(20);
  }
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

export const residentBytes = (pid) => Number(/VmRSS:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;

/** Lays `over` on `base`, object by object; arrays and values replace. */
export function merge(base, over) {
  const merged = { ...base };
  for (const [key, value] of Object.entries(over ?? {})) {
    const both = [base[key], value].every((v) => v && typeof v === 'object' && !Array.isArray(v));
    merged[key] = both ? merge(base[key], value) : value;
  }
  return merged;
}

const baseConfig = (port) => ({
  http_server: { address: '127.0.0.1', port, internal_address: '127.0.0.1' },
  log: { level: 'info' },
  health: { enabled: true },
  prometheus: { enabled: true },
  http_api: { key: API_KEY },
  client: { allowed_origins: ['*'], token: { hmac_secret_key: SECRET } },
  usage_stats: { disabled: true },
});

/** A JWT signed with the secret of every test server. */
export function token(claims, secret = SECRET) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${body}.${crypto.createHmac('sha256', secret).update(body).digest('base64url')}`;
}

/** Seconds since 1970, `shift` seconds from now. */
export const now = (shift = 0) => Math.floor(Date.now() / 1000) + shift;

/** Starts the program and gathers what it prints; `ended` resolves to { code, signal }. `launcher` is put before it. */
export function startProgram(args, env = {}, launcher = []) {
  const [file, ...rest] = [...launcher, BINARY, ...args];
  const child = spawn(file, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  running.add(child);
  const program = { child, output: '', ended: null, exit: null };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      program.output = (program.output + chunk).slice(-1_000_000);
    });
  }
  program.ended = new Promise((resolve) => {
    const end = (exit) => {
      running.delete(child);
      program.exit ??= exit;
      resolve(program.exit);
    };
    child.on('error', (err) => end({ error: err.message }));
    child.on('close', (code, signal) => end({ code, signal }));
  });
  return program;
}

async function isHealthy(port) {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health`)).ok;
  } catch {
    return false;
  }
}

export async function waitHealthy(program, port) {
  await until('health', () => {
    if (program.exit) throw new Error(`ended at start: ${JSON.stringify(program.exit)}\n${program.output}`);
    return isHealthy(port);
  }, START_MS);
}

/** Why this build refuses a configuration, or null if it takes it: to skip the tests of what is not built yet. */
export async function refusal(config) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'whirl-e2e-'));
  const file = path.join(dir, 'config.json');
  fs.writeFileSync(file, JSON.stringify(config));
  const program = startProgram(['checkconfig', '-c', file]);
  const exit = await program.ended;
  fs.rmSync(dir, { recursive: true });
  return exit.code === 0 ? null : program.output.trim();
}

/** As Linux lists them: "0-3,8". */
const usableProcessors = () => /Cpus_allowed_list:\s*(\S+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1];

export class Server {
  #dir = fs.mkdtempSync(path.join(os.tmpdir(), 'whirl-e2e-'));

  /**
   * Starts a server whose configuration is the base one with `config` laid over it. `onPort` is told where it will
   * listen before it does. There is a loop for each processor that the program may use when it starts: with `oneLoop`
   * that is one, and later it may use them all.
   */
  static async start(config = {}, { onPort = () => {}, oneLoop = false } = {}) {
    const server = new Server();
    server.oneLoop = oneLoop;
    server.port = await freePort();
    onPort(server.port);
    server.config = merge(baseConfig(server.port), config);
    await server.launch();
    return server;
  }

  /** Runs the program with the present configuration; also the second half of a restart. */
  async launch() {
    const file = path.join(this.#dir, 'config.json');
    fs.writeFileSync(file, JSON.stringify(this.config));
    const processors = usableProcessors();
    const first = `${parseInt(processors, 10)}`;
    this.program = startProgram(['-c', file], {}, this.oneLoop ? ['taskset', '-c', first] : []);
    await waitHealthy(this.program, this.internalPort);
    if (this.oneLoop) execFileSync('taskset', ['-a', '-p', '-c', processors, `${this.pid}`], { stdio: 'ignore' });
  }

  /** Writes a changed configuration for the running server to read with SIGHUP. */
  reload(change) {
    this.config = merge(this.config, change);
    fs.writeFileSync(path.join(this.#dir, 'config.json'), JSON.stringify(this.config));
    this.program.child.kill('SIGHUP');
  }

  get pid() {
    return this.program.child.pid;
  }

  /** Where the API, health and metrics are: plain HTTP, also if clients need TLS. */
  get internalPort() {
    return Number(this.config.http_server.internal_port ?? this.port);
  }

  /** A file beside the configuration, which goes with it. */
  file(name, text) {
    const file = path.join(this.#dir, name);
    fs.writeFileSync(file, text);
    return file;
  }

  internalUrl(suffix) {
    return `http://127.0.0.1:${this.internalPort}${suffix}`;
  }

  url(scheme, suffix) {
    return `${scheme}://127.0.0.1:${this.port}${suffix}`;
  }

  get websocket() {
    return this.url('ws', '/connection/websocket');
  }

  /** Calls the server API; throws on anything but a result. */
  async api(method, params = {}) {
    const response = await fetch(this.internalUrl(`/api/${method}`), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-API-Key': API_KEY },
      body: JSON.stringify(params),
    });
    const body = await response.json();
    if (!response.ok || body.error) throw new Error(`${method}: ${response.status} ${JSON.stringify(body)}`);
    return body.result;
  }

  publish(channel, data, options = {}) {
    return this.api('publish', { channel, data, ...options });
  }

  /** The value of a metric, summed over the series whose labels contain the given text. */
  async metric(name, labels = '') {
    const text = await (await fetch(this.internalUrl('/metrics'))).text();
    return text
      .split('\n')
      .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(labels))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  /** Ends the server as an operator would, and is not content with less than a clean end. */
  async stop() {
    this.program.child.kill('SIGTERM');
    const exit = await within(STOP_MS, 'end after SIGTERM', this.program.ended);
    if (exit.code !== 0) throw new Error(`ended with ${JSON.stringify(exit)}\n${this.program.output}`);
  }

  /** Stops if it still runs, and removes the files. For `after`. */
  async close() {
    try {
      if (!this.program.exit) await this.stop();
    } finally {
      this.program.child.kill('SIGKILL');
      fs.rmSync(this.#dir, { recursive: true, force: true });
    }
  }
}
