// HTTP/3 with ngtcp2's client, and WebTransport with the official SDK in a real browser.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { selfSigned } from './lib/certificates.mjs';
import { Server, freePort, refusal, sleep, token, until, within } from './lib/server.mjs';

const run = promisify(execFile);
const modules = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', 'node_modules');
const certificate = selfSigned();
const tls = { enabled: true, cert_pem: certificate.cert, key_pem: certificate.key };
const http3 = { http_server: { tls, http3: { enabled: true } }, webtransport: { enabled: true } };

/** Clients come to an encrypted port of its own, TCP and UDP; the test's own calls stay where they were. */
async function startServer(more = {}) {
  const external = await freePort();
  const config = {
    ...http3,
    ...more,
    http_server: { ...http3.http_server, address: '127.0.0.1', port: external, tls_external: true },
    init: { enabled: true },
    channel: { without_namespace: { allow_subscribe_for_client: true, allow_publish_for_client: true } },
  };
  const server = await Server.start(config, {
    onPort: (port) => { config.http_server.internal_port = String(port); },
  });
  server.external = external;
  return server;
}

const skip = (await refusal(http3)) ?? false;

describe('HTTP/3', { skip }, () => {
  let server;
  before(async () => {
    server = await startServer({ http_api: { external: true, insecure: true } });
  });
  after(() => server.close());

  /** The body that ngtcp2's client gets. */
  async function ask(suffix, args = []) {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'whirl-e2e-http3-'));
    const url = `https://localhost:${server.external}${suffix}`;
    await run('gtlsclient', [
      '--quiet', '--exit-on-all-streams-close', '--timeout=5s', `--download=${dir}`, ...args, '127.0.0.1',
      String(server.external), url,
    ], { timeout: 10_000 });
    const body = fs.readFileSync(path.join(dir, path.basename(suffix)), 'utf8');
    fs.rmSync(dir, { recursive: true });
    return body;
  }

  it('answers requests', async () => {
    assert.equal(await ask('/connection/init'), '{}');
  });

  it('serves the API', async () => {
    const file = path.join(os.tmpdir(), `whirl-e2e-publish-${process.pid}.json`);
    fs.writeFileSync(file, JSON.stringify({ channel: 'news', data: {} }));
    assert.deepEqual(JSON.parse(await ask('/api/publish', ['--http-method=POST', `--data=${file}`])), { result: {} });
    fs.rmSync(file);
  });

  it('goes on when clients change their address, whichever loop that leads to', async () => {
    const moving = ['--change-local-addr=50ms', '--delay-stream=100ms'];
    const bodies = await Promise.all(Array.from({ length: 5 }, () => ask('/connection/init', moving)));
    assert.deepEqual(bodies, Array(5).fill('{}'));
  });

  it('is told of over TCP', async () => {
    const headers = await new Promise((resolve, reject) => {
      https.get(`https://127.0.0.1:${server.external}/connection/init`, { rejectUnauthorized: false }, (response) => {
        response.resume();
        resolve(response.headers);
      }).on('error', reject);
    });
    assert.equal(headers['alt-svc'], `h3=":${server.external}"; ma=2592000`);
  });
});

describe('WebTransport', { skip, concurrency: true }, () => {
  let pages;
  let browser;
  before(async () => {
    // Pages of "localhost" may use WebTransport without a certificate of their own.
    pages = http.createServer((request, response) => {
      const file = { '/json.js': 'centrifuge.js', '/protobuf.js': 'centrifuge.protobuf.js' }[request.url];
      response.setHeader('Content-Type', file ? 'text/javascript' : 'text/html');
      response.end(file ? fs.readFileSync(path.join(modules, 'centrifuge', 'dist', file)) : '<!doctype html>');
    });
    await new Promise((resolve) => pages.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: [
        '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync', '--webtransport-developer-mode',
        `--ignore-certificate-errors-spki-list=${certificate.keyHash}`,
      ],
    });
  });
  after(async () => {
    await browser?.close();
    pages.close();
  });

  /** A page whose `client` is the SDK's, connected by WebTransport; `events` are what it told. */
  async function openPage(server, variant, user) {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`http://localhost:${pages.address().port}/`);
    await page.addScriptTag({ url: `/${variant}.js` });
    await page.evaluate(({ port, tokenOfUser }) => {
      globalThis.events = [];
      globalThis.client = new globalThis.Centrifuge(
        [{ transport: 'webtransport', endpoint: `https://127.0.0.1:${port}/connection/webtransport` }],
        { token: tokenOfUser, minReconnectDelay: 50, maxReconnectDelay: 200 },
      );
      for (const name of ['connecting', 'connected', 'disconnected', 'error']) {
        client.on(name, (ctx) => events.push({ name, code: ctx.code, transport: ctx.transport, error: ctx.error?.message }));
      }
      client.connect();
    }, { port: server.external, tokenOfUser: token({ sub: user }) });
    await sees(page, (e) => e.name === 'connected');
    return page;
  }

  const told = (page) => page.evaluate(() => events);
  const sees = (page, wanted, ms = 10_000) => until(`an event in ${wanted}`, async () => (await told(page)).find(wanted), ms)
    .catch(async (err) => { throw new Error(`${err.message}; last events: ${JSON.stringify((await told(page)).slice(-5))}`); });

  for (const variant of ['json', 'protobuf']) {
    describe(variant, { concurrency: 1 }, () => {
      let server;
      before(async () => {
        server = await startServer({
          client: { allowed_origins: ['http://localhost:*'], ping_interval: '1s', pong_timeout: '700ms' },
        });
      });
      after(() => server.close());

      it('connects, subscribes and gets publications', async () => {
        const page = await openPage(server, variant, 'ann');
        assert.equal((await sees(page, (e) => e.name === 'connected')).transport, 'webtransport');
        await page.evaluate(async (binary) => {
          const sub = client.newSubscription('news');
          globalThis.got = [];
          sub.on('publication', (ctx) => got.push(binary ? JSON.parse(new TextDecoder().decode(ctx.data)) : ctx.data));
          sub.subscribe();
          await sub.ready();
        }, variant === 'protobuf');
        await server.publish('news', { text: 'hello' });
        const large = 'x'.repeat(200_000);
        await server.publish('news', { text: large });
        await until('publications', () => page.evaluate(() => got.length === 2));
        assert.deepEqual(await page.evaluate(() => got), [{ text: 'hello' }, { text: large }]);
        await page.evaluate(async (binary) => {
          const data = { text: 'from the page' };
          await client.publish('news', binary ? new TextEncoder().encode(JSON.stringify(data)) : data);
        }, variant === 'protobuf');
        await until('its own', () => page.evaluate(() => got.length === 3));
        assert.ok(await server.metric('centrifugo_client_connections_accepted', 'transport="webtransport"') >= 1);
        assert.ok(await server.metric('centrifugo_transport_messages_sent', 'transport="webtransport"') > 3);
        await page.context().close();
      });

      it('stays connected as long as pings are answered', async () => {
        const page = await openPage(server, variant, 'bea');
        await sleep(2500);
        assert.equal((await told(page)).filter((e) => e.name === 'connected').length, 1);
        await page.context().close();
      });

      it('is told why it is disconnected, and does not come back', async () => {
        const page = await openPage(server, variant, 'cid');
        await server.api('disconnect', { user: 'cid' });
        assert.equal((await sees(page, (e) => e.name === 'disconnected')).code, 3503);
        await page.context().close();
      });

      it('comes back after the server restarted', async () => {
        const page = await openPage(server, variant, 'dan');
        await server.stop();
        assert.equal((await sees(page, (e) => e.name === 'connecting' && e.code !== 0)).code, 3001);
        await server.launch();
        await until('connected again', async () => (await told(page)).filter((e) => e.name === 'connected').length === 2, 20_000);
        await page.evaluate(() => client.disconnect());
        await until('gone', async () => (await server.metric('centrifugo_node_num_clients')) === 0);
        await page.context().close();
      });
    });
  }

  it('refuses pages of other origins', async () => {
    const server = await startServer({ client: { allowed_origins: ['https://example.com'] } });
    const page = await (await browser.newContext()).newPage();
    await page.goto(`http://localhost:${pages.address().port}/`);
    const outcome = page.evaluate(({ port, hash }) => new WebTransport(
      `https://127.0.0.1:${port}/connection/webtransport`,
      { serverCertificateHashes: [{ algorithm: 'sha-256', value: new Uint8Array(hash) }] },
    ).ready.then(() => 'ready', () => 'refused'), { port: server.external, hash: [...certificate.hash] });
    assert.equal(await within(10_000, 'an outcome', outcome), 'refused');
    await page.context().close();
    await server.close();
  });
});
