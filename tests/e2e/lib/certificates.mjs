// Certificates for tests, made by the openssl program.
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const openssl = (args, cwd) => execFileSync('openssl', args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] }).toString();

/** An authority that signs certificates; all of them are PEM. */
export class Authority {
  constructor(name = 'tests') {
    this.key = newKey();
    this.cert = inFiles({ key: this.key }, (file) => openssl(
      ['req', '-x509', '-new', '-key', file.key, '-subj', `/CN=${name}`, '-days', '2']));
  }

  /** A certificate for the names, by a new key; good for a day, or within `period` ({ from, until }, in ms). */
  issue(names = ['localhost'], period = {}) {
    const key = newKey();
    const request = inFiles({ key }, (file) => openssl(['req', '-new', '-key', file.key, '-subj', `/CN=${names[0]}`]));
    return { key, cert: this.sign(request, names, period) };
  }

  /** The certificate that a request (PEM) asks for. */
  sign(request, names, { from = Date.now() - 60_000, until = Date.now() + 24 * 3600 * 1000 } = {}) {
    const config = `
[ca]
default_ca = own
[own]
database = index
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = names
unique_subject = no
[any]
commonName = optional
[names]
subjectAltName = ${names.map((name) => `DNS:${name}`).join(',')}
`;
    const time = (ms) => new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
    return inFiles({ request, config, cert: this.cert, key: this.key, index: '' }, (file, cwd) => openssl([
      'ca', '-batch', '-notext', '-config', file.config, '-in', file.request, '-cert', file.cert, '-keyfile', file.key,
      '-subj', `/CN=${names[0]}`, '-startdate', time(from), '-enddate', time(until)], cwd));
  }
}

const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest();

/**
 * A certificate for "localhost" that signed itself, which browsers take for WebTransport if they are told of it: by
 * its `hash` (bytes; it must not live for more than 14 days) or by that of its key (`keyHash`, in base64).
 */
export function selfSigned() {
  const key = newKey();
  const cert = inFiles({ key }, (file) => openssl([
    'req', '-x509', '-new', '-key', file.key, '-days', '10', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']));
  const parsed = new crypto.X509Certificate(cert);
  const publicKey = parsed.publicKey.export({ type: 'spki', format: 'der' });
  return { key, cert, hash: sha256(parsed.raw), keyHash: sha256(publicKey).toString('base64') };
}

function newKey() {
  return openssl(['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']);
}

/** Calls with the names of files that hold the texts, and their directory, which are gone afterwards. */
function inFiles(texts, use) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'whirl-e2e-'));
  try {
    const names = {};
    for (const [name, text] of Object.entries(texts)) {
      names[name] = path.join(dir, name);
      fs.writeFileSync(names[name], text);
    }
    return use(names, dir);
  } finally {
    fs.rmSync(dir, { recursive: true });
  }
}
