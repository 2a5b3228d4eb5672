// Where a network breaks the better transports, the SDK gets through by the next: WebSocket, HTTP streaming, SSE, with
// Node and in a browser.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { createRequire } from 'node:module';
import EventSource from 'eventsource';
import { chromium } from 'playwright-core';
import { BlockingProxy } from './lib/blocking_proxy.mjs';
import { collect, disconnectAll, newClient, once, subscribe, variants } from './lib/clients.mjs';
import { Server, token, within } from './lib/server.mjs';

const TRANSPORTS = ['websocket', 'http_stream', 'sse'];
const NO_UPGRADE = /^upgrade: /im;
const NO_STREAM = /^\w+ \/connection\/http_stream/;
const networks = [
  { transport: 'websocket', blocked: [] },
  { transport: 'http_stream', blocked: [NO_UPGRADE] },
  { transport: 'sse', blocked: [NO_UPGRADE, NO_STREAM] },
];

let server;
before(async () => {
  server = await Server.start({
    http_stream: { enabled: true },
    sse: { enabled: true },
    channel: { without_namespace: { allow_subscribe_for_client: true, allow_publish_for_client: true } },
  });
});
after(() => server.close());
afterEach(disconnectAll);

const endpoints = (proxy) => TRANSPORTS.map((transport) => (
  { transport, endpoint: proxy.url(transport === 'websocket' ? 'ws' : 'http', `/connection/${transport}`) }));

for (const variant of variants.filter(({ name }) => name.includes('JSON'))) {
  for (const { transport, blocked } of networks) {
    it(`${variant.name} connects by ${transport}, whatever else is broken`, async () => {
      const proxy = await BlockingProxy.start(server.port, blocked);
      try {
        const options = { emulationEndpoint: proxy.url('http', '/emulation'), eventsource: EventSource, fetch, readableStream: ReadableStream };
        const client = newClient(variant, endpoints(proxy), 'ann', options);
        const connected = once(client, 'connected');
        client.connect();
        assert.equal((await connected).transport, transport);
        const channel = `node_${transport}_${variants.indexOf(variant)}`;
        const messages = collect(await subscribe(client, channel), 'publication', (ctx) => ctx.data);
        await client.publish(channel, { by: 'client' });
        await server.publish(channel, { by: 'backend' });
        assert.deepEqual(await messages.take(2), [{ by: 'client' }, { by: 'backend' }]);
      } finally {
        disconnectAll();
        await proxy.close();
      }
    });
  }
}

describe('a browser', () => {
  let browser;
  before(async () => {
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    });
  });
  after(() => browser?.close());

  /** Runs in the page: connects, publishes, and gives the transport and what came back. */
  async function playInPage({ transports, emulationEndpoint, jwt, channel }) {
    const client = new window.Centrifuge(transports, { token: jwt, emulationEndpoint, minReconnectDelay: 20, maxReconnectDelay: 200 });
    const connected = new Promise((resolve) => client.on('connected', resolve));
    client.connect();
    const { transport } = await connected;
    const sub = client.newSubscription(channel);
    const publication = new Promise((resolve) => sub.on('publication', resolve));
    sub.subscribe();
    await sub.ready();
    await sub.publish({ from: 'the page' });
    const { data } = await publication;
    client.disconnect();
    return { transport, data };
  }

  for (const { transport, blocked } of networks) {
    it(`connects by ${transport}, whatever else is broken`, async () => {
      const proxy = await BlockingProxy.start(server.port, blocked);
      const context = await browser.newContext();
      try {
        const page = await context.newPage();
        await page.goto(proxy.url('http', '/health'));
        const sdk = createRequire(import.meta.url).resolve('centrifuge').replace(/build\/.*$/, 'dist/centrifuge.js');
        await page.addScriptTag({ path: sdk });
        const args = { transports: endpoints(proxy), emulationEndpoint: proxy.url('http', '/emulation'), jwt: token({ sub: 'ann' }), channel: `page_${transport}` };
        const got = await within(20_000, 'the page', page.evaluate(playInPage, args));
        assert.deepEqual(got, { transport, data: { from: 'the page' } });
      } finally {
        await context.close();
        await proxy.close();
      }
    });
  }
});
