// Every transport through nginx and HAProxy, with the configurations of the documentation; unix sockets and the PROXY
// protocol, which are for such neighbours.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import tls from 'node:tls';
import EventSource from 'eventsource';
import WebSocket from 'ws';
import { Balancer, documented } from './lib/balancer.mjs';
import { Authority } from './lib/certificates.mjs';
import { collect, connect, disconnectAll, subscribe, variants } from './lib/clients.mjs';
import { firstPublication, inEvents, inLines } from './lib/streams.mjs';
import { Server, freePort, token, until, within } from './lib/server.mjs';

const enabled = { enabled: true };
const config = {
  channel: { without_namespace: { allow_subscribe_for_client: true, allow_publish_for_client: true } },
  http_stream: enabled, sse: enabled, uni_sse: enabled, uni_http_stream: enabled, uni_websocket: enabled,
};

const newest = variants.filter((variant) => variant.newest);

/** What the SDK needs to connect by the transport. */
function endpoint(at, transport) {
  const scheme = transport === 'websocket' ? 'ws' : 'http';
  return [{ transport, endpoint: at.url(scheme, `/connection/${transport}`) }];
}
const options = (at) => ({ emulationEndpoint: at.url('http', '/emulation'), eventsource: EventSource, fetch, readableStream: ReadableStream });

/** Commands and publications of one client by one transport. */
async function talk(server, at, variant, transport, channel) {
  const client = await connect(variant, endpoint(at, transport), 'ann', options(at));
  const messages = collect(await subscribe(client, channel), 'publication', (ctx) => variant.decode(ctx.data));
  await server.publish(channel, { from: 'backend' });
  await client.publish(channel, variant.encode({ from: 'client' }));
  assert.deepEqual(await messages.take(2), [{ from: 'backend' }, { from: 'client' }]);
  for (let n = 0; n < 20; n++) await server.publish(channel, { n });
  assert.deepEqual((await messages.take(20)).map(({ n }) => n), Array.from({ length: 20 }, (_, n) => n));
}

for (const kind of ['nginx', 'haproxy']) {
  describe(`behind ${kind}`, () => {
    let server;
    let balancer;
    before(async () => {
      server = await Server.start(config);
      balancer = await Balancer.start(kind, documented(kind === 'nginx' ? 'nginx' : 'HAProxy'), `127.0.0.1:${server.port}`);
    });
    after(async () => {
      await balancer?.close();
      await server.close();
    });
    afterEach(disconnectAll);

    for (const variant of newest) {
      for (const transport of ['websocket', 'http_stream', 'sse']) {
        if (transport === 'sse' && variant.name.includes('Protobuf')) continue;
        it(`${transport} works (${variant.name})`, () => talk(server, balancer, variant, transport, `${kind}_${transport}`));
      }
    }

    const request = (channel) => JSON.stringify({ token: token({ sub: 'ann' }), subs: { [channel]: {} } });

    it('uni_http_stream and uni_sse work', async () => {
      const aborter = new AbortController();
      const { signal } = aborter;
      const lines = await fetch(balancer.url('http', '/connection/uni_http_stream'), { method: 'POST', body: request('uni'), signal });
      const query = encodeURIComponent(request('uni'));
      const events = await fetch(balancer.url('http', `/connection/uni_sse?cf_connect=${query}`), { signal });
      const got = Promise.all([firstPublication(lines, inLines), firstPublication(events, inEvents)]);
      await server.publish('uni', { n: 1 });
      assert.deepEqual(await within(5000, 'publications', got), [{ n: 1 }, { n: 1 }]);
      aborter.abort();
      await until('the end of the streams', async () => (await server.api('info')).nodes[0].num_clients === 0);
    });

    it('uni_websocket works', async () => {
      const socket = new WebSocket(balancer.url('ws', '/connection/uni_websocket'));
      const messages = collect(socket, 'message', (data) => JSON.parse(data));
      socket.on('open', () => socket.send(request('uni_ws')));
      assert.ok((await messages.take(1))[0].connect);
      await server.publish('uni_ws', { n: 1 });
      assert.deepEqual((await messages.take(1))[0].pub.data, { n: 1 });
      socket.close();
    });

    it('plain requests pass, one after another', async () => {
      const agent = new http.Agent({ keepAlive: true });
      for (let i = 0; i < 5; i++) {
        const done = new Promise((resolve, reject) => {
          http.get(balancer.url('http', '/health'), { agent }, (response) => response.resume().on('end', () => resolve(response.statusCode)))
            .on('error', reject);
        });
        assert.equal(await within(5000, 'health', done), 200);
      }
      agent.destroy();
    });

    it('a shutdown reaches the clients, which come back', async () => {
      const client = await connect(newest[0], endpoint(balancer, 'websocket'), 'ann', options(balancer));
      const back = new Promise((resolve) => client.once('connecting', ({ code }) => resolve(code)));
      await server.stop();
      assert.equal(await within(5000, 'the disconnect', back), 3001);
      await server.launch();
      await within(10_000, 'the reconnect', client.ready());
    });
  });
}

describe('a unix socket', () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'whirl-e2e-'));
  const file = path.join(dir, 'whirl.sock');
  let server;
  let balancer;
  after(async () => {
    disconnectAll();
    await balancer?.close();
    await server?.close();
    fs.rmSync(dir, { recursive: true });
  });

  it('serves nginx', async () => {
    const http_server = { address: `unix:${file}`, unix_socket_mode: '0600', internal_port: String(await freePort()) };
    server = await Server.start({ ...config, http_server });
    assert.equal(fs.statSync(file).mode & 0o777, 0o600);
    balancer = await Balancer.start('nginx', documented('nginx'), `unix:${file}`);
    await talk(server, balancer, newest[0], 'websocket', 'by_unix');
    await talk(server, balancer, newest[0], 'http_stream', 'by_unix_stream');
  });

  it('goes with the server, and a stale one is replaced', async () => {
    await server.stop();
    assert.ok(!fs.existsSync(file));
    await server.launch();
    server.program.child.kill('SIGKILL');
    await server.program.ended;
    assert.ok(fs.existsSync(file));
    await server.launch();
    await until('an answer', async () => (await fetch(balancer.url('http', '/connection/websocket'))).status === 400);
  });
});

describe('the PROXY protocol', () => {
  const authority = new Authority();
  const { cert, key } = authority.issue();
  let server;
  before(async () => {
    server = await Server.start({
      ...config,
      log: { level: 'debug' },
      http_server: { proxy_protocol: true, internal_port: String(await freePort()), tls_external: true, tls: { enabled: true, cert_pem: cert, key_pem: key } },
    });
  });
  after(() => server.close());

  for (const word of ['send-proxy', 'send-proxy-v2']) {
    it(`is understood as HAProxy speaks it (${word})`, async () => {
      const change = (text) => text.replace('send-proxy-v2', word);
      const balancer = await Balancer.start('haproxy', documented('Passing TCP on'), `127.0.0.1:${server.port}`, change);
      try {
        class Trusting extends WebSocket {
          constructor(url, protocols) { super(url, protocols, { ca: authority.cert, servername: 'localhost' }); }
        }
        const url = balancer.url('wss', '/connection/websocket');
        const client = await connect(newest[0], url, 'ann', { websocket: Trusting });
        await subscribe(client, 'proxied');
      } finally {
        disconnectAll();
        await balancer.close();
      }
    });
  }

  it('says who the client is', async () => {
    const socket = net.connect({ host: '127.0.0.1', port: server.port });
    socket.write('PROXY TCP4 192.0.2.9 198.51.100.1 4711 443\r\n');
    const secure = tls.connect({ socket, servername: 'localhost', ca: authority.cert });
    secure.write('GET /somewhere HTTP/1.1\r\nHost: x\r\n\r\n');
    await until('the log', () => server.program.output.split('\n').some((line) => line.includes('/somewhere') && line.includes('192.0.2.9:4711')));
    secure.destroy();
  });

  it('is required', async () => {
    const secure = tls.connect({ host: '127.0.0.1', port: server.port, servername: 'localhost', ca: authority.cert });
    const failed = new Promise((resolve) => secure.on('error', resolve));
    assert.ok(await within(5000, 'the refusal', failed));
  });
});
