// Certificates by ACME, from an authority that checks everything: both challenges, the cache, renewal, and trouble.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, it } from 'node:test';
import tls from 'node:tls';
import WebSocket from 'ws';
import { AcmeServer } from './lib/acme_server.mjs';
import { connect, disconnectAll, variants } from './lib/clients.mjs';
import { Server, freePort, merge, until, within } from './lib/server.mjs';

const HOST = 'a.whirl.test';

/** The server and its authority; `tlsAutocert` and `challenges` are for the one and the other. */
async function start({ challenges, ...tlsAutocert } = {}) {
  const ports = { http: await freePort() };
  const acme = await AcmeServer.start(ports, challenges);
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'whirl-acme-'));
  const config = {
    http_server: {
      internal_port: String(await freePort()), tls_external: true,
      tls_autocert: {
        enabled: true, host_whitelist: [HOST], cache_dir: directory, email: 'admin@whirl.test',
        acme_directory_url: acme.directory, ...tlsAutocert,
      },
    },
  };
  if (tlsAutocert.http) config.http_server.tls_autocert.http_addr = `127.0.0.1:${ports.http}`;
  return { acme, directory, config, ports };
}

/** What a client sees that asks for the name; null if the handshake is refused. */
function certificateFor(port, name) {
  const shaken = new Promise((resolve) => {
    const socket = tls.connect({ host: '127.0.0.1', port, servername: name, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate());
      socket.destroy();
    }).on('error', () => resolve(null));
  });
  return within(10_000, 'handshake', shaken);
}

describe('a certificate', () => {
  let setting;
  let server;
  afterEach(async () => {
    disconnectAll();
    await server?.close();
    await setting.acme.close();
    fs.rmSync(setting.directory, { recursive: true });
  });

  async function run(options, overrides = {}) {
    setting = await start(options);
    // The authority must know the port before the server asks it for anything.
    server = await Server.start(merge(setting.config, overrides), { onPort: (port) => { setting.ports.tls = port; } });
  }

  const arrives = (name = HOST) => until(`a certificate for ${name}`, () => certificateFor(server.port, name), 30_000);

  it('comes by tls-alpn-01, is kept, and serves the SDK', async () => {
    await run();
    const certificate = await arrives();
    assert.equal(certificate.subjectAltName, `DNS:${HOST}`);
    assert.deepEqual(setting.acme.validated, [{ name: HOST, type: 'tls-alpn-01', good: true }]);
    assert.deepEqual([...setting.acme.accounts.values()][0].contact, ['mailto:admin@whirl.test']);
    assert.equal(await certificateFor(server.port, 'b.whirl.test'), null);

    const { cert } = setting.acme.authority;
    class Trusting extends WebSocket {
      constructor(url, protocols) { super(url, protocols, { ca: cert, servername: HOST }); }
    }
    await connect(variants[0], server.url('wss', '/connection/websocket'), 'ann', { websocket: Trusting });

    await server.stop();
    await server.launch();
    assert.equal((await certificateFor(server.port, HOST)).fingerprint256, certificate.fingerprint256);
    assert.equal(setting.acme.issued.length, 1);
    assert.equal(setting.acme.accounts.size, 1);
  });

  it('comes by http-01, whose port sends everybody else to HTTPS', async () => {
    await run({ http: true });
    await arrives();
    assert.deepEqual(setting.acme.validated, [{ name: HOST, type: 'http-01', good: true }]);
    const at = (suffix) => fetch(`http://127.0.0.1:${setting.ports.http}${suffix}`, { redirect: 'manual' });
    const answer = await at('/some%0d%0aplace?a=b');
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.get('location'), 'https://127.0.0.1/some%0D%0Aplace?a=b');
    assert.equal((await at('/.well-known/acme-challenge/unknown')).status, 404);
  });

  it('comes though nonces are lost on the way', async () => {
    setting = await start();
    setting.acme.refusedNonces = 3;
    server = await Server.start(setting.config, { onPort: (port) => { setting.ports.tls = port; } });
    await arrives();
  });

  it('is looked for again later if the authority does not believe the proof', async () => {
    setting = await start();
    setting.acme.refusedProofs = 1;
    server = await Server.start(setting.config, { onPort: (port) => { setting.ports.tls = port; } });
    await until('a complaint', () => server.program.output.includes('the proof is not there'));
    assert.match(server.program.output, /no certificate, trying again later/);
    assert.equal(await certificateFor(server.port, HOST), null);
  });

  it('is asked for by clients where no host is named, once for many of them', async () => {
    await run({ host_whitelist: [], server_name: 'c.whirl.test' });
    await Promise.all(Array.from({ length: 10 }, () => certificateFor(server.port, 'B.whirl.test')));
    await arrives('b.whirl.test');
    assert.deepEqual(setting.acme.issued, ['b.whirl.test']);
    await until('the certificate for nameless clients', () => certificateFor(server.port, ''), 30_000);
    assert.deepEqual(setting.acme.issued, ['b.whirl.test', 'c.whirl.test']);
    assert.equal(await certificateFor(server.port, 'localhost'), null);
  });

  it('that has less than a third of its life left is renewed while it serves', async () => {
    setting = await start();
    const day = 24 * 3600 * 1000;
    const old = setting.acme.authority.issue([HOST], { from: Date.now() - 3 * day, until: Date.now() + day });
    fs.writeFileSync(path.join(setting.directory, HOST), old.key + old.cert);
    server = await Server.start(setting.config, { onPort: (port) => { setting.ports.tls = port; } });
    const { fingerprint256 } = await certificateFor(server.port, HOST);
    await until('the renewal', () => setting.acme.issued.length === 1, 30_000);
    const renewed = async () => (await certificateFor(server.port, HOST)).fingerprint256 !== fingerprint256;
    await until('the renewed certificate', renewed, 30_000);
    assert.match(fs.readFileSync(path.join(setting.directory, HOST), 'utf8'), /^-----BEGIN PRIVATE KEY-----/);
  });
});
