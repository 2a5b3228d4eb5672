// Idle clients by each way into a server, and the memory that one costs it.
import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';
import { Authority } from '../../tests/e2e/lib/certificates.mjs';
import { LightClient } from '../../tests/e2e/lib/light_client.mjs';
import { residentBytes } from '../../tests/e2e/lib/server.mjs';

const KB = 1024;
const STREAMS = 100; // of a connection that is shared
const connect = { id: 1, connect: {} };
const command = JSON.stringify(connect);
const SSE = `/connection/sse?cf_connect=${encodeURIComponent(command)}`;

/**
 * Each opens one client and gives { close } once it has its answer to the connect command. `most` is what it may cost, in
 * bytes.
 */
export const ways = [
  { name: 'WebSocket over TLS', most: 16 * KB, tls: true, open: openWebSocket },
  { name: 'SSE', most: 1.1 * KB, open: ({ port }) => openHttp1(port, `GET ${SSE} HTTP/1.1\r\nHost: x\r\n\r\n`) },
  {
    name: 'HTTP stream',
    most: 1.1 * KB,
    open: ({ port }) => openHttp1(port, `POST /connection/http_stream HTTP/1.1\r\nHost: x\r\nContent-Length: ${command.length}\r\n\r\n${command}`),
  },
  { name: 'SSE on HTTP/2 of its own', most: 20 * KB, open: ({ port }) => openHttp2(`http://127.0.0.1:${port}`) },
  { name: 'SSE on HTTP/2 over TLS of its own', most: 48 * KB, tls: true, open: ({ port }) => openHttp2(`https://127.0.0.1:${port}`) },
  { name: `one of ${STREAMS} SSE streams on HTTP/2`, most: 2 * KB, open: openShared },
];

let certificate;
/** What a server must be told so that clients can come by a way; the API and health are at `internalPort`. */
export function configOf({ tls: encrypted }, internalPort) {
  certificate ??= encrypted && new Authority().issue();
  const way = encrypted ? { tls: { enabled: true, cert_pem: certificate.cert, key_pem: certificate.key } } : { h2c_external: true };
  return {
    client: { allow_anonymous_connect_without_token: true },
    http_server: { internal_port: String(internalPort), tls_external: true, ...way },
    sse: { enabled: true },
    http_stream: { enabled: true },
  };
}

/** What one of `count` idle clients adds to a server at { port, pid }; half as many before them warm it up. */
export async function bytesEach(server, { open }, count) {
  const clients = [];
  const grow = async (n) => {
    for (let i = 0; i < n; i++) clients.push(await open(server));
  };
  await grow(Math.ceil(count / 2));
  const before = residentBytes(server.pid);
  await grow(count);
  const each = (residentBytes(server.pid) - before) / count;
  for (const client of clients) client.close();
  return each;
}

function openWebSocket({ port }) {
  const secure = () => tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  return new Promise((resolve, reject) => {
    const client = new LightClient(port, [connect], (message) => message.id === 1 && resolve(client), secure);
    client.ended.then(() => reject(client.error ?? new Error('ended')));
  });
}

/** Reads until the answer to the connect command has come. */
async function answered(stream) {
  let got = '';
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    got += chunk;
    if (got.includes('"connect":')) return stream.resume();
  }
  throw new Error(`no answer to the connect command, but: ${got}`);
}

async function openHttp1(port, request) {
  const socket = net.connect(port, '127.0.0.1');
  socket.write(request);
  await answered(socket);
  return { close: () => socket.destroy() };
}

function openStream(session) {
  const stream = session.request({ ':path': SSE });
  stream.on('error', () => {});
  return answered(stream);
}

/** A connection of HTTP/2 with one SSE stream. */
async function openHttp2(url) {
  const session = http2.connect(url, { rejectUnauthorized: false });
  session.on('error', () => {});
  await once(session, 'remoteSettings');
  await openStream(session);
  return { session, close: () => session.destroy() };
}

let shared;
async function openShared({ port }) {
  if (!shared || shared.port !== port || shared.streams === STREAMS) {
    shared = { ...await openHttp2(`http://127.0.0.1:${port}`), port, streams: 1 };
  } else {
    await openStream(shared.session);
    shared.streams += 1;
  }
  return shared;
}
