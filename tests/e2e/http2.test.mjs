// HTTP/2 as its clients see it: curl, nghttp, h2load, Node and a browser; everything over one connection.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import http2 from 'node:http2';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { Authority } from './lib/certificates.mjs';
import { RawWebSocket, TEXT, deflated, frame } from './lib/raw_websocket.mjs';
import { API_KEY, Server, freePort, token, until, within } from './lib/server.mjs';

const run = promisify(execFile);
const certificate = new Authority().issue();

async function startServer(httpServer, config = {}) {
  return Server.start({
    http_server: { internal_port: String(await freePort()), ...httpServer },
    http_api: { external: true },
    init: { enabled: true },
    channel: { without_namespace: { allow_subscribe_for_client: true, allow_publish_for_client: true } },
    websocket: { compression: true },
    ...Object.fromEntries(['http_stream', 'sse', 'uni_sse', 'uni_http_stream'].map((name) => [name, { enabled: true }])),
    ...config,
  });
}

const open = new Set();
async function connect(server, options = {}) {
  const session = http2.connect(server.url(options.secure ? 'https' : 'http', ''), { rejectUnauthorized: false });
  open.add(session);
  session.on('error', () => {});
  session.ended = new Promise((resolve) => session.once('close', resolve));
  await within(5000, 'settings', once(session, 'remoteSettings'));
  return session;
}

/** A request whose response goes on; `next(read)` waits for the next line that `read` finds something in. */
async function openStream(session, headers, body) {
  const stream = session.request(headers, { endStream: false });
  stream.on('error', () => {});
  stream.end(body);
  const [answer] = await within(5000, 'an answer', once(stream, 'response'));
  const lines = [];
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop();
    lines.push(...parts);
  });
  const next = (read) => until('a line', () => {
    while (lines.length) {
      const found = read(lines.shift());
      if (found) return found;
    }
    return null;
  });
  return { stream, status: answer[':status'], answer, next };
}

async function request(session, headers, body = '') {
  const stream = session.request(headers, { endStream: false });
  stream.end(body);
  const [answer] = await within(5000, 'an answer', once(stream, 'response'));
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  return { status: answer[':status'], text };
}

const post = (path, more = {}) => ({ ':method': 'POST', ':path': path, 'content-type': 'application/json', ...more });
const publish = (session, channel, data) => request(session, post('/api/publish', { 'x-api-key': API_KEY }), JSON.stringify({ channel, data }));
const inLine = (line) => (line.startsWith('{') && line !== '{}' ? JSON.parse(line) : null);
const inEvent = (line) => (line.startsWith('data: {') ? JSON.parse(line.slice(6)) : null);
const publication = (reader) => (line) => (reader(line)?.push?.pub ?? reader(line)?.pub)?.data;
const connectCommand = { id: 1, connect: { token: token({ sub: 'ann' }), subs: {} } };

describe('HTTP/2 in clear text', () => {
  let server;
  before(async () => { server = await startServer({ h2c_external: true }); });
  after(async () => {
    open.forEach((session) => session.destroy());
    await server.close();
  });

  it('serves curl', async () => {
    const args = ['-sS', '--max-time', '10', '-w', ' %{http_version}'];
    const api = [server.url('http', '/api/info'), '-H', `X-API-Key: ${API_KEY}`, '-d', '{}'];
    assert.match((await run('curl', [...args, '--http2-prior-knowledge', ...api])).stdout, /^\{"result":.* 2$/);
    assert.match((await run('curl', [...args, '--http1.1', ...api])).stdout, /^\{"result":.* 1\.1$/);
    const internal = server.internalUrl('/health');
    await assert.rejects(run('curl', [...args, '--http2-prior-knowledge', internal]));
  });

  it('serves nghttp and h2load', async () => {
    const url = server.url('http', '/connection/init');
    const { stdout } = await run('nghttp', ['-nv', '-t', '10', url]);
    assert.match(stdout, /SETTINGS_MAX_CONCURRENT_STREAMS\(0x03\):250/);
    assert.match(stdout, /:status: 200/);
    const load = await run('h2load', ['-n', '2000', '-c', '4', '-m', '50', '-T', '20', url]);
    assert.match(load.stdout, /2000 succeeded, 0 failed, 0 errored/);
  });

  it('carries the API and every transport over one connection', async () => {
    const session = await connect(server);
    const connectBody = JSON.stringify({ token: token({ sub: 'ann' }), subs: { news: {} } });
    const uniSse = await openStream(session, { ':path': `/connection/uni_sse?cf_connect=${encodeURIComponent(connectBody)}` });
    const uniHttp = await openStream(session, post('/connection/uni_http_stream'), connectBody);
    const httpStream = await openStream(session, post('/connection/http_stream'), JSON.stringify(connectCommand));
    const command = encodeURIComponent(JSON.stringify(connectCommand));
    const sse = await openStream(session, { ':path': `/connection/sse?cf_connect=${command}` });
    const socket = await RawWebSocket.openOver(session);
    socket.send(frame(TEXT, JSON.stringify(connectCommand)));
    assert.equal(JSON.parse((await socket.next()).payload).connect.ping, 25);
    socket.send(frame(TEXT, JSON.stringify({ id: 2, subscribe: { channel: 'news' } })));
    assert.ok(JSON.parse((await socket.next()).payload).subscribe);

    for (const [stream, reader] of [[httpStream, inLine], [sse, inEvent]]) {
      const reply = await stream.next((line) => reader(line)?.connect);
      const data = JSON.stringify({ id: 2, subscribe: { channel: 'news' } });
      const sent = await request(session, post('/emulation'), JSON.stringify({ session: reply.session, node: reply.node, data }));
      assert.equal(sent.status, 204);
      await stream.next((line) => reader(line)?.subscribe);
    }
    assert.equal((await publish(session, 'news', { n: 1 })).text, '{"result":{}}');
    assert.deepEqual(await uniSse.next(publication(inEvent)), { n: 1 });
    assert.deepEqual(await uniHttp.next(publication(inLine)), { n: 1 });
    assert.deepEqual(await httpStream.next(publication(inLine)), { n: 1 });
    assert.deepEqual(await sse.next(publication(inEvent)), { n: 1 });
    assert.deepEqual(JSON.parse((await socket.next()).payload).push.pub.data, { n: 1 });
    assert.equal(uniHttp.answer['transfer-encoding'], undefined);

    for (const { stream } of [uniSse, uniHttp, httpStream, sse]) stream.close(http2.constants.NGHTTP2_CANCEL);
    socket.socket.end();
    await until('the sessions to end', async () => (await server.metric('centrifugo_node_num_clients')) === 0);
    session.close();
  });

  it('carries WebSockets with compression and large messages, and closes them', async () => {
    const session = await connect(server);
    const socket = await RawWebSocket.openOver(session, '/connection/websocket', {
      'sec-websocket-extensions': 'permessage-deflate', 'sec-websocket-protocol': 'centrifuge-json',
    });
    assert.match(socket.head['sec-websocket-extensions'], /^permessage-deflate/);
    assert.equal(socket.head['sec-websocket-protocol'], 'centrifuge-json');
    socket.send(frame(TEXT, deflated(JSON.stringify(connectCommand)), { rsv: 4 }));
    assert.ok(JSON.parse((await socket.next()).payload).connect);
    const large = 'x'.repeat(50_000);
    socket.send(frame(TEXT, JSON.stringify({ id: 2, publish: { channel: 'large', data: large } })));
    assert.ok(JSON.parse((await socket.next()).payload).publish);
    socket.send(frame(TEXT, 'no command'));
    assert.equal(await socket.closeCode(), 3501);
    session.close();
  });

  it('refuses handshakes as over HTTP/1.1', async () => {
    const session = await connect(server);
    const status = async (headers) => {
      const stream = session.request({ ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/connection/websocket', ...headers });
      const [answer] = await within(5000, 'an answer', once(stream, 'response'));
      stream.close();
      return answer[':status'];
    };
    assert.equal(await status({}), 400); // no version
    assert.equal(await status({ ':protocol': 'other', 'sec-websocket-version': '13' }), 400);
    session.close();
  });

  it('ends the connection of a flood and no other one', async () => {
    const [calm, wild] = [await connect(server), await connect(server)];
    const socket = await RawWebSocket.openOver(calm);
    const gone = new Promise((resolve) => wild.once('goaway', resolve));
    for (let i = 0; i < 3000 && !wild.closed && !wild.destroyed; i++) {
      const stream = wild.request(post('/emulation'), { endStream: false });
      stream.on('error', () => {});
      stream.close(http2.constants.NGHTTP2_CANCEL);
      if (i % 100 === 99) await new Promise(setImmediate);
    }
    assert.equal(await within(5000, 'GOAWAY', gone), http2.constants.NGHTTP2_ENHANCE_YOUR_CALM);
    await within(5000, 'the end', wild.ended);
    socket.send(frame(TEXT, JSON.stringify(connectCommand)));
    assert.ok(JSON.parse((await socket.next()).payload).connect);
    socket.destroy();
    calm.close();
  });

  it('lets clients go when the server stops', async () => {
    const own = await startServer({ h2c_external: true });
    const session = await connect(own);
    const socket = await RawWebSocket.openOver(session);
    socket.send(frame(TEXT, JSON.stringify(connectCommand)));
    await socket.next();
    const gone = new Promise((resolve) => session.once('goaway', resolve));
    const closed = socket.closeCode();
    await own.close();
    assert.equal(await gone, http2.constants.NGHTTP2_NO_ERROR);
    assert.equal(await closed, 3001);
    await within(5000, 'the end', session.ended);
  });
});

describe('HTTP/2 over TLS', () => {
  let server;
  before(async () => {
    server = await startServer({ tls_external: true, tls: { enabled: true, cert_pem: certificate.cert, key_pem: certificate.key } }, { log: { level: 'debug' } });
  });
  after(async () => {
    open.forEach((session) => session.destroy());
    await server.close();
  });

  it('is agreed upon with curl and Node', async () => {
    const args = ['-sSk', '--max-time', '10', '-w', ' %{http_version}', server.url('https', '/connection/init')];
    assert.equal((await run('curl', args)).stdout, '{} 2');
    assert.equal((await run('curl', ['--http1.1', ...args])).stdout, '{} 1.1');
    const session = await connect(server, { secure: true });
    assert.equal(session.alpnProtocol, 'h2');
    const large = JSON.stringify('x'.repeat(2_000_000));
    assert.equal((await publish(session, 'large', large)).status, 200);
    session.close();
  });

  it('carries a WebSocket of a browser', async () => {
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync', '--ignore-certificate-errors'],
    });
    try {
      const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
      await page.goto(server.url('https', '/connection/init'));
      const reply = await page.evaluate(({ url, command }) => new Promise((resolve, reject) => {
        const socket = new WebSocket(url);
        socket.onopen = () => socket.send(command);
        socket.onmessage = (message) => resolve(message.data);
        socket.onerror = () => reject(new Error('no WebSocket'));
      }), { url: server.url('wss', '/connection/websocket'), command: JSON.stringify(connectCommand) });
      assert.ok(JSON.parse(reply).connect);
      assert.match(server.program.output, /"method":"CONNECT","path":"\/connection\/websocket"/);
    } finally {
      await browser.close();
    }
  });
});
