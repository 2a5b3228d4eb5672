// Starts the servers that are measured, on free ports of the loopback, and ends them.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { freePort, merge } from '../../tests/e2e/lib/server.mjs';
import { configOf } from './idle.mjs';

export const API_KEY = 'bench-key';

function config(port, pings) {
  const open = { allow_subscribe_for_client: true, allow_subscribe_for_anonymous: true, allow_publish_for_client: true, allow_publish_for_anonymous: true };
  const history = { history_size: 100, history_ttl: '300s' };
  return {
    http_server: { address: '127.0.0.1', port },
    log: { level: 'error' },
    health: { enabled: true },
    http_api: { key: API_KEY },
    client: {
      allow_anonymous_connect_without_token: true,
      token: { hmac_secret_key: 'bench-secret' },
      channel_limit: 1000,
      ...(pings ? { ping_interval: '1s', pong_timeout: '900ms' } : { ping_interval: '300s', pong_timeout: '60s' }),
    },
    channel: {
      namespaces: [
        { name: 'bench', ...open },
        { name: 'history', ...open, ...history, force_recovery: true },
        { name: 'tags', ...open, allow_tags_filter: true },
        { name: 'delta', ...open, ...history, delta_publish: true, allowed_delta_types: ['fossil'], force_positioning: true },
        { name: 'rooms', ...open, presence: true, join_leave: true, force_push_join_leave: true, allow_presence_for_client: true, allow_presence_for_anonymous: true },
      ],
    },
  };
}

function started(child, probe) {
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + 10000;
    child.once('exit', (code) => reject(new Error(`the server ended at start with ${code}`)));
    const attempt = () => {
      const retry = () => (Date.now() > deadline ? reject(new Error('the server does not answer')) : setTimeout(attempt, 20));
      const req = http.get(probe, { agent: false, timeout: 1000 }, (res) => {
        res.resume();
        resolve();
      });
      req.on('upgrade', (_, socket) => {
        socket.destroy();
        resolve();
      });
      req.on('error', retry);
    };
    attempt();
  });
}

/** Runs `use({ port, pid })` while the server runs. */
async function withServer(command, args, { port, probe }, use) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    await started(child, probe);
    child.removeAllListeners('exit');
    return await use({ port, pid: child.pid });
  } finally {
    child.kill('SIGKILL');
  }
}

/** `command` has {config} for the configuration file; what the clients of a row need is told by its `pings` or `way`. */
export async function withWhirl(command, { pings, way }, use) {
  const port = await freePort();
  const internalPort = way ? await freePort() : port;
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'whirl-bench-'));
  const file = path.join(dir, 'config.json');
  fs.writeFileSync(file, JSON.stringify(merge(config(port, pings), way && configOf(way, internalPort))));
  const [program, ...args] = command.split(' ').map((word) => word.replace('{config}', file));
  try {
    return await withServer(program, args, { port, probe: `http://127.0.0.1:${internalPort}/health` }, use);
  } finally {
    fs.rmSync(dir, { recursive: true });
  }
}

export async function withFloor(program, pings, use) {
  const port = await freePort();
  return withServer(program, [String(port), pings ? '1000' : '0'], { port, probe: `http://127.0.0.1:${port}/` }, use);
}
