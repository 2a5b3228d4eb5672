// Starting, reloading and ending the process.
import assert from 'node:assert/strict';
import http from 'node:http';
import { afterEach, beforeEach, it } from 'node:test';
import { connect, disconnectAll, once, subscribe, variants } from './lib/clients.mjs';
import { LightClient } from './lib/light_client.mjs';
import { Server, freePort, startProgram, token, until, waitHealthy, within } from './lib/server.mjs';

const [json] = variants;
let server;
beforeEach(async () => {
  server = await Server.start({ channel: { without_namespace: { allow_subscribe_for_client: true } } });
});
afterEach(async () => {
  disconnectAll();
  await server.close();
});

it('tells clients on SIGTERM that it shuts down, and exits with 0', async () => {
  const client = await connect(json, server.websocket, 'ann');
  const connecting = once(client, 'connecting');
  await server.stop();
  assert.equal((await connecting).code, 3001);
  assert.deepEqual(server.program.exit, { code: 0, signal: null });
});

it('spreads the farewell to many clients, and leaves none out', async () => {
  const opened = [];
  const farewells = [];
  for (let i = 0; i < 1000; i++) {
    const client = new LightClient(server.port, [{ id: 1, connect: { token: token({ sub: 'crowd' }) } }], () => opened.push(i));
    client.ended.then(() => farewells.push({ code: client.closeCode, at: performance.now() }));
  }
  await until('a thousand connected', () => opened.length === 1000);
  await server.stop();
  await until('a thousand ended', () => farewells.length === 1000);
  assert.deepEqual(new Set(farewells.map((f) => f.code)), new Set([3001]));
  assert.ok(farewells.at(-1).at - farewells[0].at >= 50, 'all in the same moment');
  assert.deepEqual(server.program.exit, { code: 0, signal: null });
});

it('takes new channel options and keys on SIGHUP and keeps its connections', async () => {
  const client = await connect(json, server.websocket, 'ann');
  await subscribe(client, 'open');
  server.reload({
    channel: { without_namespace: { allow_subscribe_for_client: false } },
    client: { token: { hmac_secret_key: 'another secret' } },
  });
  await until('closed channels', async () => {
    const sub = client.newSubscription(`probe${Math.random()}`);
    const outcome = Promise.race([once(sub, 'subscribed').then(() => null), once(sub, 'unsubscribed')]);
    sub.subscribe();
    const ctx = await outcome;
    client.removeSubscription(sub);
    return ctx?.code === 103;
  });
  assert.equal(client.state, 'connected');
  await connect(json, server.websocket, undefined, { token: token({ sub: 'bob' }, 'another secret') });
});

/** How the server answers a page that wants a WebSocket. */
const upgradeStatus = (origin) => new Promise((resolve, reject) => {
  const headers = {
    Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': 13,
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', Origin: origin,
  };
  const request = http.request({ host: '127.0.0.1', port: server.port, path: '/connection/websocket', headers });
  request.on('response', (response) => {
    response.resume();
    resolve(response.statusCode);
  });
  request.on('upgrade', (response, socket) => {
    socket.destroy();
    resolve(response.statusCode);
  });
  request.on('error', reject).end();
});

it('takes new origins and another rate of connections on SIGHUP', async () => {
  server.reload({ client: { allowed_origins: ['https://a.example'] } });
  await until('pages from elsewhere are refused', async () => (await upgradeStatus('https://b.example')) === 403);
  assert.equal(await upgradeStatus('https://a.example'), 101);
  server.reload({ client: { allowed_origins: ['https://b.example'] } });
  await until('pages from there connect', async () => (await upgradeStatus('https://b.example')) === 101);
  server.reload({ client: { connection_rate_limit: 1 } });
  await until('the rate is reached', async () => (await upgradeStatus('https://a.example')) === 503);
});

it('keeps its configuration when the new one is broken', async () => {
  const client = await connect(json, server.websocket, 'ann');
  server.reload({ client: { ping_interval: 'soon' } });
  await until('a word about it in the log', () => /ping_interval|reload|config/i.test(server.program.output.slice(-4000)));
  await subscribe(client, 'still-open');
  assert.equal(server.program.exit, null);
});

it('does not start on a port that is taken, and says why', async () => {
  const second = startProgram(['--http_server.address', '127.0.0.1', '--http_server.port', String(server.port)]);
  const exit = await within(10_000, 'end', second.ended);
  assert.notEqual(exit.code, 0);
  assert.match(second.output, /address|in use|bind/i);
});

it('takes options from the environment under both prefixes', async () => {
  const port = await freePort();
  const program = startProgram([], {
    CENTRIFUGO_HTTP_SERVER_PORT: String(port),
    WHIRL_HTTP_SERVER_ADDRESS: '127.0.0.1',
    WHIRL_HEALTH_ENABLED: 'true',
  });
  try {
    await waitHealthy(program, port);
  } finally {
    program.child.kill('SIGTERM');
    await within(10_000, 'end', program.ended);
  }
});
