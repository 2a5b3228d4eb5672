// An authority that speaks ACME (RFC 8555) as strictly as real ones: nonces count once, signatures are verified, and a
// name is confirmed by connecting to who claims it. Names lead to ports of this machine.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import http from 'node:http';
import tls from 'node:tls';
import { Authority } from './certificates.mjs';

const ACME_IDENTIFIER = Buffer.from('06082b0601050507011f0101ff04220420', 'hex'); // up to the hash

const sha256 = (data) => crypto.createHash('sha256').update(data).digest();
const fromBase64url = (text) => Buffer.from(text, 'base64url');

class Refusal extends Error {
  constructor(type, detail, status = 400) {
    super(detail);
    this.document = { type: `urn:ietf:params:acme:error:${type}`, detail };
    this.status = status;
  }
}

/** GET http://name/path of whoever listens on the port. */
function get(port, name, path) {
  return new Promise((resolve, reject) => {
    http.get({ host: '127.0.0.1', port, path, headers: { Host: name }, timeout: 5000 }, (response) => {
      let body = '';
      response.on('data', (chunk) => { body += chunk; }).on('end', () => resolve({ status: response.statusCode, body }));
    }).on('error', reject);
  });
}

const validators = {
  async 'http-01'({ ports, name, token, proof }) {
    const { status, body } = await get(ports.http, name, `/.well-known/acme-challenge/${token}`);
    return status === 200 && body === proof;
  },
  'tls-alpn-01': ({ ports, name, proof }) => new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: ports.tls, servername: name, ALPNProtocols: ['acme-tls/1'], rejectUnauthorized: false };
    const socket = tls.connect(options, () => {
      const certificate = socket.getPeerX509Certificate();
      const wanted = Buffer.concat([ACME_IDENTIFIER, sha256(proof)]);
      resolve(socket.alpnProtocol === 'acme-tls/1' && certificate.subjectAltName === `DNS:${name}` && certificate.raw.includes(wanted));
      socket.destroy();
    }).on('error', reject);
  }),
};

export class AcmeServer {
  authority = new Authority('acme');
  /** What happened, for tests to look at. */
  accounts = new Map();
  issued = [];
  validated = [];
  /** Troubles to make: so many good nonces are refused, so many good proofs are not believed. */
  refusedNonces = 0;
  refusedProofs = 0;
  #nonces = new Set();
  #orders = [];

  /** `ports`: where names lead to, { http, tls }; `challenges`: the types that are offered. */
  static async start(ports, challenges = ['http-01', 'tls-alpn-01', 'dns-01']) {
    const acme = new AcmeServer();
    acme.ports = ports;
    acme.challenges = challenges;
    acme.server = http.createServer((request, response) => acme.#serve(request, response));
    await new Promise((resolve) => acme.server.listen(0, '127.0.0.1', resolve));
    acme.base = `http://127.0.0.1:${acme.server.address().port}`;
    return acme;
  }

  get directory() {
    return `${this.base}/directory`;
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  async #serve(request, response) {
    let body = '';
    for await (const chunk of request) body += chunk;
    const nonce = crypto.randomBytes(12).toString('base64url');
    this.#nonces.add(nonce);
    response.setHeader('Replay-Nonce', nonce);
    try {
      const answer = await this.#answer(request, body);
      response.writeHead(answer.status ?? 200, answer.headers);
      response.end(answer.text ?? JSON.stringify(answer.document ?? {}));
    } catch (error) {
      if (!(error instanceof Refusal)) console.error(error);
      response.writeHead(error.status ?? 500, { 'Content-Type': 'application/problem+json' });
      response.end(JSON.stringify(error.document ?? {}));
    }
  }

  async #answer(request, body) {
    const { base } = this;
    if (request.url === '/directory') {
      return { document: { newNonce: `${base}/nonce`, newAccount: `${base}/account`, newOrder: `${base}/order` } };
    }
    if (request.url === '/nonce') return { text: '' };
    const { payload, account, jwk } = this.#verify(request, body);
    const [, resource, number, type] = request.url.split('/');
    if (resource === 'account') return this.#newAccount(jwk, payload);
    assert.ok(account, 'an account');
    if (resource === 'order' && number === undefined) return this.#newOrder(payload);
    const order = this.#orders[Number(number)];
    const resources = {
      order: () => ({ document: this.#orderDocument(order) }),
      authz: () => ({ document: this.#authorization(order) }),
      challenge: () => this.#validate(order, type, account),
      finalize: () => this.#finalize(order, payload),
      certificate: () => ({ text: order.certificate, headers: { 'Content-Type': 'application/pem-certificate-chain' } }),
    };
    return resources[resource]();
  }

  /** What a signed request says, if everything about it is right. */
  #verify(request, body) {
    assert.equal(request.method, 'POST');
    assert.equal(request.headers['content-type'], 'application/jose+json');
    const jws = JSON.parse(body);
    const head = JSON.parse(fromBase64url(jws.protected));
    if (!this.#nonces.delete(head.nonce) || this.refusedNonces-- > 0) throw new Refusal('badNonce', 'not a nonce of mine');
    assert.equal(head.url, this.base + request.url);
    assert.equal(head.alg, 'ES256');
    assert.ok(!head.jwk !== !head.kid, 'a key or an account');
    const account = head.kid && this.accounts.get(head.kid);
    const jwk = head.jwk ?? account?.jwk;
    if (!jwk) throw new Refusal('accountDoesNotExist', 'unknown account');
    const key = { key: crypto.createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' };
    const good = crypto.verify('sha256', Buffer.from(`${jws.protected}.${jws.payload}`), key, fromBase64url(jws.signature));
    if (!good) throw new Refusal('malformed', 'the signature is wrong');
    return { account, jwk, payload: jws.payload === '' ? null : JSON.parse(fromBase64url(jws.payload)) };
  }

  #newAccount(jwk, payload) {
    assert.equal(payload.termsOfServiceAgreed, true);
    const url = `${this.base}/account/${thumbprint(jwk)}`;
    const known = this.accounts.has(url);
    this.accounts.set(url, { jwk, contact: payload.contact });
    return { status: known ? 200 : 201, headers: { Location: url }, document: { status: 'valid' } };
  }

  #newOrder({ identifiers: [{ value: name }] }) {
    const order = { number: this.#orders.length, name, token: crypto.randomBytes(16).toString('base64url'), status: 'pending', proof: 'pending' };
    this.#orders.push(order);
    return { status: 201, headers: { Location: `${this.base}/order/${order.number}` }, document: this.#orderDocument(order) };
  }

  #orderDocument({ number, name, status, certificate }) {
    return {
      status,
      identifiers: [{ type: 'dns', value: name }],
      authorizations: [`${this.base}/authz/${number}`],
      finalize: `${this.base}/finalize/${number}`,
      ...(certificate && { certificate: `${this.base}/certificate/${number}` }),
    };
  }

  #authorization({ number, name, token, proof, problem }) {
    const challenge = (type) => ({ type, token, url: `${this.base}/challenge/${number}/${type}`, status: proof, error: problem });
    return { status: proof, identifier: { type: 'dns', value: name }, challenges: this.challenges.map(challenge) };
  }

  /** Answers at once; the check goes on, as with real authorities. */
  #validate(order, type, account) {
    const proof = `${order.token}.${thumbprint(account.jwk)}`;
    const check = validators[type]({ ports: this.ports, name: order.name, token: order.token, proof });
    Promise.resolve(check).catch(() => false).then((good) => {
      const believed = good && this.refusedProofs-- <= 0;
      this.validated.push({ name: order.name, type, good });
      order.proof = believed ? 'valid' : 'invalid';
      order.status = believed ? 'ready' : 'invalid';
      if (!believed) order.problem = { type: 'urn:ietf:params:acme:error:unauthorized', detail: 'the proof is not there' };
    });
    return { document: { type, status: 'processing' } };
  }

  #finalize(order, { csr }) {
    if (order.status !== 'ready') throw new Refusal('orderNotReady', 'not yet', 403);
    const request = `-----BEGIN CERTIFICATE REQUEST-----\n${fromBase64url(csr).toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
    order.certificate = this.authority.sign(request, [order.name]) + this.authority.cert;
    order.status = 'valid';
    this.issued.push(order.name);
    return { document: this.#orderDocument(order) };
  }
}

function thumbprint({ crv, kty, x, y }) {
  return sha256(JSON.stringify({ crv, kty, x, y })).toString('base64url');
}
