// What an idle client costs the server in memory, by the way it came; TLS by itself is in tls.test.mjs.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import http2 from 'node:http2';
import net from 'node:net';
import { describe, it } from 'node:test';
import { Authority } from './lib/certificates.mjs';
import { Server, freePort, token, within } from './lib/server.mjs';

const COUNT = Number(process.env.E2E_CONNECTIONS ?? 600);
const certificate = new Authority().issue();
const residentBytes = (pid) => Number(/VmRSS:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;

const command = JSON.stringify({ id: 1, connect: { token: token({ sub: 'idle' }) } });
const SSE = `/connection/sse?cf_connect=${encodeURIComponent(command)}`;

/** A client over a connection of its own, which has its answer to the connect command. */
async function openHttp1(server, request) {
  const socket = net.connect(server.port, '127.0.0.1');
  socket.write(request);
  let got = '';
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    got += chunk;
    if (got.includes('"connect":')) break;
  }
  socket.resume();
  return { close: () => socket.destroy() };
}

async function openStream(session) {
  const stream = session.request({ ':path': SSE });
  stream.on('error', () => {});
  let got = '';
  await within(5000, 'the connect reply', new Promise((resolve) => stream.on('data', (chunk) => {
    got += chunk;
    if (got.includes('"connect":')) resolve();
  })));
}

/** A connection of HTTP/2 with one SSE stream. */
async function openHttp2(server, scheme) {
  const session = http2.connect(server.url(scheme, ''), { rejectUnauthorized: false });
  session.on('error', () => {});
  await within(5000, 'the settings', once(session, 'remoteSettings'));
  await openStream(session);
  return { session, close: () => session.destroy() };
}

const ways = [
  { name: 'SSE', most: 2 * 1024, open: (server) => openHttp1(server, `GET ${SSE} HTTP/1.1\r\nHost: x\r\n\r\n`) },
  {
    name: 'an HTTP stream',
    most: 2 * 1024,
    open: (server) => openHttp1(server, `POST /connection/http_stream HTTP/1.1\r\nHost: x\r\nContent-Length: ${command.length}\r\n\r\n${command}`),
  },
  { name: 'SSE on HTTP/2 of its own', most: 24 * 1024, open: (server) => openHttp2(server, 'http') },
  { name: 'SSE on HTTP/2 over TLS of its own', most: 56 * 1024, tls: true, open: (server) => openHttp2(server, 'https') },
  { name: 'one of many SSE streams on HTTP/2', most: 4 * 1024, open: openShared },
];

let shared;
/** One of a hundred streams of a connection. */
async function openShared(server) {
  if (!shared || shared.streams === 100) shared = Object.assign(await openHttp2(server, 'http'), { streams: 0 });
  await openStream(shared.session);
  shared.streams += 1;
  return shared;
}

/** What so many idle clients add, each; the first ones warm the server up. */
async function bytesEach(server, open) {
  const clients = [];
  const grow = async (n) => {
    for (let i = 0; i < n; i++) clients.push(await open(server));
  };
  await grow(COUNT / 2);
  const before = residentBytes(server.pid);
  await grow(COUNT);
  const each = (residentBytes(server.pid) - before) / COUNT;
  for (const client of clients) client.close();
  return each;
}

describe('an idle client', () => {
  for (const { name, most, tls, open } of ways) {
    it(`by ${name} costs at most ${most / 1024} KiB`, async (t) => {
      const own = tls ? { tls: { enabled: true, cert_pem: certificate.cert, key_pem: certificate.key } } : { h2c_external: true };
      const server = await Server.start({ http_server: { ...own, internal_port: String(await freePort()), tls_external: true }, sse: { enabled: true }, http_stream: { enabled: true } });
      t.after(() => server.close());
      const bytes = await bytesEach(server, open);
      t.diagnostic(`bytes of an idle client by ${name}: ${Math.round(bytes)}`);
      assert.ok(bytes <= most, `${bytes}`);
    });
  }
});
