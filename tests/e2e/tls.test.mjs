// TLS as clients see it: which certificate is shown and asked for, resumption, reload, and what a connection costs.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import tls from 'node:tls';
import { promisify } from 'node:util';
import WebSocket from 'ws';
import { collect, connect, disconnectAll, newClient, once, subscribe, variants } from './lib/clients.mjs';
import { Authority } from './lib/certificates.mjs';
import { Server, freePort, startProgram, until, within } from './lib/server.mjs';

const authority = new Authority();
const first = authority.issue();
const second = authority.issue();
const [json] = variants;

async function startServer(tlsConfig) {
  return Server.start({
    http_server: {
      internal_port: String(await freePort()), tls_external: true,
      tls: { enabled: true, cert_pem: first.cert, key_pem: first.key, ...tlsConfig },
    },
    channel: { without_namespace: { allow_subscribe_for_client: true, allow_publish_for_client: true } },
  });
}

/** A handshake; gives the socket. */
function shake(port, options = {}) {
  const socket = tls.connect({ host: '127.0.0.1', port, servername: 'localhost', ca: authority.cert, ...options });
  const ticket = new Promise((resolve) => socket.once('session', resolve));
  socket.ticket = () => within(5000, 'a ticket', ticket);
  const shaken = new Promise((resolve, reject) => {
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', reject);
  });
  return within(10_000, 'handshake', shaken);
}

/** The number of the certificate that the server shows, and its end. */
async function shownCertificate(port) {
  const socket = await shake(port);
  const { fingerprint256 } = socket.getPeerX509Certificate();
  socket.destroy();
  return fingerprint256;
}

const fingerprint = async ({ cert }) => {
  const { X509Certificate } = await import('node:crypto');
  return new X509Certificate(cert).fingerprint256;
};

/** The WebSocket class of the SDK's client, with what TLS needs. */
const webSocketWith = (options) => class extends WebSocket {
  constructor(url, protocols) {
    super(url, protocols, { ca: authority.cert, servername: 'localhost', ...options });
  }
};

const secureUrl = (server) => server.url('wss', '/connection/websocket');

/** A program with that section, which nobody has asked anything yet. */
async function launch(httpServer) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'whirl-e2e-'));
  const file = path.join(dir, 'config.json');
  const [port, internalPort] = [await freePort(), await freePort()];
  fs.writeFileSync(file, JSON.stringify({
    http_server: { address: '127.0.0.1', port, internal_port: String(internalPort), ...httpServer },
  }));
  const program = startProgram(['-c', file]);
  program.ended.then(() => fs.rmSync(dir, { recursive: true }));
  return { program, port, internalPort };
}

/** The same, when it listens. */
async function startWith(httpServer) {
  const { program, ...ports } = await launch(httpServer);
  await until('the start', () => program.output.includes(`"address":"127.0.0.1:${ports.internalPort}"`));
  return { ...ports, stop: () => { program.child.kill('SIGTERM'); return within(10_000, 'end', program.ended); } };
}

/** What the server says when it does not start. */
async function startupError(tlsConfig) {
  const { program } = await launch({ tls: { enabled: true, ...tlsConfig } });
  const exit = await within(10_000, 'end', program.ended);
  assert.equal(exit.code, 1);
  return program.output;
}

describe('certificates', () => {
  let server;
  after(() => server.close());

  it('come as PEM, as base64 and as files, and change with a reload', async () => {
    server = await startServer({});
    assert.equal(await shownCertificate(server.port), await fingerprint(first));
    const client = await connect(json, secureUrl(server), 'ann', { websocket: webSocketWith({}) });
    const messages = collect(await subscribe(client, 'news'), 'publication', (ctx) => ctx.data);

    const base64 = (text) => Buffer.from(text).toString('base64');
    server.reload({ http_server: { tls: { cert_pem: base64(second.cert), key_pem: base64(second.key) } } });
    const wanted = await fingerprint(second);
    await until('the second certificate', async () => (await shownCertificate(server.port)) === wanted);

    const third = authority.issue();
    const files = { cert_pem: server.file('cert.pem', third.cert), key_pem: server.file('key.pem', third.key) };
    server.reload({ http_server: { tls: files } });
    const wantedThird = await fingerprint(third);
    await until('the third certificate', async () => (await shownCertificate(server.port)) === wantedThird);
    server.file('cert.pem', first.cert);
    server.file('key.pem', first.key);
    server.program.child.kill('SIGHUP');
    const renewed = await fingerprint(first);
    await until('the renewed files', async () => (await shownCertificate(server.port)) === renewed);

    await server.publish('news', 'still here');
    assert.deepEqual(await messages.take(1), ['still here']);
    disconnectAll();
  });

  it('that cannot be used change nothing', async () => {
    server.reload({ http_server: { tls: { cert_pem: first.cert, key_pem: second.key } } });
    await until('a complaint', () => server.program.output.includes('http_server.tls.key_pem is not the key'));
    assert.equal(await shownCertificate(server.port), await fingerprint(first));
  });

  it('that cannot be used are told by their option', async () => {
    assert.match(await startupError({ cert_pem: first.cert, key_pem: second.key }), /http_server\.tls\.key_pem is not the key/);
    assert.match(await startupError({ cert_pem: '/no/such.pem', key_pem: first.key }), /http_server\.tls\.cert_pem .*No such file/);
    assert.match(await startupError({ cert_pem: first.cert, key_pem: 'secret' }), /http_server\.tls\.key_pem is neither PEM/);
    assert.match(await startupError({ cert_pem: first.cert }), /http_server\.tls\.key_pem is empty/);
    assert.match(await startupError({ cert_pem: first.cert, key_pem: first.key, client_ca_pem: first.key }),
      /http_server\.tls\.client_ca_pem has no usable certificate/);
  });
});

describe('handshakes', () => {
  let server;
  before(async () => { server = await startServer({}); });
  after(() => server.close());

  for (const version of ['TLSv1.2', 'TLSv1.3']) {
    it(`resume on every loop and over a reload (${version})`, async () => {
      const fixed = { minVersion: version, maxVersion: version };
      const socket = await shake(server.port, fixed);
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      const session = await socket.ticket();
      socket.destroy();
      for (let i = 0; i < 8; i++) {
        const again = await shake(server.port, { ...fixed, session });
        assert.ok(again.isSessionReused(), `attempt ${i}`);
        again.destroy();
      }
      const next = authority.issue();
      server.reload({ http_server: { tls: { cert_pem: next.cert, key_pem: next.key } } });
      const wanted = await fingerprint(next);
      await until('the reload', async () => (await shownCertificate(server.port)) === wanted);
      const resumed = await shake(server.port, { ...fixed, session });
      assert.ok(resumed.isSessionReused());
      resumed.destroy();
    });
  }

  it('refuse what is old', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' };
    await assert.rejects(shake(server.port, old));
    const tls12 = { maxVersion: 'TLSv1.2' };
    await assert.rejects(shake(server.port, { ...tls12, ciphers: 'AES128-SHA:AES128-GCM-SHA256:ECDHE-ECDSA-AES128-SHA' }));
    (await shake(server.port, tls12)).destroy();
  });

  it('agree on HTTP/1.1', async () => {
    const socket = await shake(server.port, { ALPNProtocols: ['unknown', 'http/1.1'] });
    assert.equal(socket.alpnProtocol, 'http/1.1');
    socket.destroy();
  });

  it('satisfy curl and openssl', async () => {
    const ca = server.file('ca.pem', authority.cert);
    const run = promisify(execFile);
    const url = `https://localhost:${server.port}/connection/websocket`;
    const { stdout } = await run('curl', ['-sS', '--max-time', '10', '--cacert', ca, '-o', '/dev/null', '-w', '%{http_code}', url]);
    assert.equal(stdout, '400'); // no handshake of a WebSocket
    const shaken = run('openssl', ['s_client', '-connect', `127.0.0.1:${server.port}`, '-servername', 'localhost', '-CAfile', ca,
      '-verify_return_error', '-brief'], { timeout: 10_000 });
    shaken.child.stdin.end();
    assert.match((await shaken).stderr, /Protocol version: TLSv1\.3[\s\S]*Verification: OK/);
  });
});

describe('the internal listener', () => {
  /** The certificate that a port shows; null if it speaks no TLS. */
  const shown = (port) => shownCertificate(port).catch(() => null);
  const section = ({ cert, key }) => ({ enabled: true, cert_pem: cert, key_pem: key });
  for (const [what, config, external, internal] of [
    ['has the certificate of the external one', { tls: section(first) }, first, first],
    ['may have its own', { tls: section(first), internal_tls: section(second) }, first, second],
    ['may have one alone', { internal_tls: section(second) }, null, second],
  ]) {
    it(what, async (t) => {
      const server = await startWith({ ...config, tls_external: false });
      t.after(() => server.stop());
      const print = async (certificate) => certificate && fingerprint(certificate);
      assert.equal(await shown(server.port), await print(external));
      assert.equal(await shown(server.internalPort), await print(internal));
    });
  }
});

describe('certificates of clients', () => {
  let server;
  const clients = new Authority('clients');
  before(async () => { server = await startServer({ client_ca_pem: clients.cert }); });
  after(() => server.close());
  afterEach(disconnectAll);

  it('are required', async () => {
    const client = newClient(json, secureUrl(server), 'ann', { websocket: webSocketWith({}) });
    const refused = once(client, 'error');
    client.connect();
    assert.ok(await refused);
    const foreign = authority.issue(['ann']);
    const stranger = newClient(json, secureUrl(server), 'ann', { websocket: webSocketWith(foreign) });
    const refusedToo = once(stranger, 'error');
    stranger.connect();
    assert.ok(await refusedToo);
  });

  it('are accepted from the right authority, and sessions resume', async () => {
    const known = clients.issue(['ann']);
    await connect(json, secureUrl(server), 'ann', { websocket: webSocketWith(known) });
    const socket = await shake(server.port, known);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const session = await socket.ticket();
    const again = await shake(server.port, { ...known, session });
    assert.ok(again.isSessionReused());
    for (const open of [socket, again]) open.destroy();
  });
});
