// gRPC as its libraries for Node and for Python (which wraps that of C++) see it: the server API and the stream of pushes.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';
import { Balancer, documented } from './lib/balancer.mjs';
import { Authority } from './lib/certificates.mjs';
import { Server, freePort, token, until, within } from './lib/server.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const KEY = 'grpc-key';
const options = { keepCase: true, longs: Number, defaults: false };
const load = (name) => grpc.loadPackageDefinition(protoLoader.loadSync(path.join(here, '..', '..', 'proto', name), options)).centrifugal.centrifugo;
const { CentrifugoApi } = load('api.proto').api;
const { CentrifugoUniStream } = load('unistream.proto').unistream;
const CODES = grpc.status;

const clients = new Set();
function newClient(Client, port, credentials = grpc.credentials.createInsecure(), more = {}) {
  const client = new Client(`localhost:${port}`, credentials, more);
  clients.add(client);
  return client;
}
const closeClients = () => {
  for (const client of clients) client.close();
  clients.clear();
};

function metadata(entries) {
  const out = new grpc.Metadata();
  for (const [key, value] of Object.entries(entries)) out.set(key, value);
  return out;
}
const withKey = (more = {}) => metadata({ authorization: `apikey ${KEY}`, ...more });

/** A unary call; rejects with the status. */
const call = (client, method, request, meta = withKey(), more = {}) => within(10_000, method, new Promise((resolve, reject) => {
  client[method](request, meta, more, (error, response) => (error ? reject(error) : resolve(response)));
}));

/** A stream whose pushes are taken one by one. */
function consume(client, request, more = {}) {
  const stream = client.Consume(request, more);
  const pushes = [];
  const seen = { stream, ended: new Promise((resolve) => stream.on('status', resolve)) };
  stream.on('data', (push) => pushes.push(push));
  stream.on('error', () => {});
  seen.next = () => until('a push', () => pushes.shift());
  return seen;
}

const json = (value) => Buffer.from(JSON.stringify(value));
const authority = new Authority();
const certificate = authority.issue();

let server;
let apiPort;
let uniPort;
async function start(api = {}, uni = {}, more = {}) {
  const ports = [await freePort(), await freePort()];
  const running = await Server.start({
    grpc_api: { enabled: true, address: '127.0.0.1', port: ports[0], key: KEY, ...api },
    uni_grpc: { enabled: true, address: '127.0.0.1', port: ports[1], ...uni },
    channel: { without_namespace: { allow_subscribe_for_client: true, presence: true, history_size: 10, history_ttl: '60s' } },
    ...more,
  });
  return [running, ...ports];
}
before(async () => { [server, apiPort, uniPort] = await start({ max_receive_message_size: 100_000 }, { max_receive_message_size: 100_000 }); });
after(() => server.close());
afterEach(closeClients);

describe('the API', () => {
  it('serves all methods', async () => {
    const client = newClient(CentrifugoApi, apiPort);
    const publish = { channel: 'log', data: json({ n: 1 }), tags: { a: 'b' } };
    assert.equal((await call(client, 'Publish', publish)).result.offset, 1);
    assert.equal((await call(client, 'Broadcast', { channels: ['log', 'other'], data: json(2) })).result.responses.length, 2);
    const { result } = await call(client, 'History', { channel: 'log', limit: 10 });
    assert.deepEqual(result.publications.map(({ data, offset }) => [JSON.parse(data), offset]), [[{ n: 1 }, 1], [2, 2]]);
    assert.deepEqual(result.publications[0].tags, { a: 'b' });
    assert.ok((await call(client, 'HistoryRemove', { channel: 'log' })).result);
    assert.ok((await call(client, 'Presence', { channel: 'log' })).result);
    assert.ok((await call(client, 'PresenceStats', { channel: 'log' })).result);
    assert.equal((await call(client, 'Info', {})).result.nodes.length, 1);
    assert.ok((await call(client, 'Channels', {})).result);
    for (const method of ['Subscribe', 'Unsubscribe']) assert.ok((await call(client, method, { channel: 'log', user: 'nobody' })).result);
    for (const method of ['Disconnect', 'Refresh']) assert.ok((await call(client, method, { user: 'nobody' })).result);
    assert.equal((await call(client, 'RPC', { method: 'none' })).error.code, 104);
    const batch = { commands: [{ publish }, { info: {} }, { publish: { channel: '' } }], parallel: true };
    const { replies } = await call(client, 'Batch', batch);
    assert.ok(replies[0].publish && replies[1].info.nodes);
    assert.equal(replies[2].error.code, 107);
  });

  it('wants the key', async () => {
    const client = newClient(CentrifugoApi, apiPort);
    for (const meta of [metadata({}), metadata({ authorization: 'apikey wrong' }), metadata({ authorization: KEY })]) {
      await assert.rejects(call(client, 'Info', {}, meta), { code: CODES.UNAUTHENTICATED });
    }
  });

  it('tells errors in the response, or as a status if that is asked for', async () => {
    const client = newClient(CentrifugoApi, apiPort);
    const unknown = { channel: 'nowhere:x', data: json(1) };
    assert.equal((await call(client, 'Publish', unknown)).error.code, 102);
    await assert.rejects(call(client, 'Publish', unknown, withKey({ 'x-centrifugo-error-mode': 'transport' })), (error) => {
      assert.equal(error.code, CODES.NOT_FOUND);
      assert.equal(error.details, 'unknown channel');
      const [details] = error.metadata.get('grpc-status-details-bin');
      assert.ok(details.includes('centrifugal.centrifugo.api.Error'));
      return true;
    });
  });

  it('takes gzip and answers with it', async () => {
    const client = newClient(CentrifugoApi, apiPort, undefined, { 'grpc.default_compression_algorithm': 2 });
    const large = { text: 'x'.repeat(50_000) };
    assert.ok((await call(client, 'Publish', { channel: 'zipped', data: json(large) })).result);
    const { result } = await call(client, 'History', { channel: 'zipped', limit: 1 });
    assert.deepEqual(JSON.parse(result.publications[0].data), large);
  });

  it('bounds messages and keeps deadlines', async () => {
    const client = newClient(CentrifugoApi, apiPort);
    const tooLarge = { channel: 'log', data: Buffer.alloc(100_001) };
    await assert.rejects(call(client, 'Publish', tooLarge), { code: CODES.RESOURCE_EXHAUSTED });
    assert.ok((await call(client, 'Info', {}, withKey(), { deadline: Date.now() + 5000 })).result);
  });

  it('counts calls by themselves', async () => {
    const client = newClient(CentrifugoApi, apiPort);
    const count = () => server.metric('centrifugo_api_command_duration_seconds_count', 'protocol="grpc"');
    const before = await count();
    await call(client, 'Info', {});
    assert.equal(await count(), before + 1);
  });
});

describe('the stream', () => {
  it('gives pushes, and the reason when the server ends it', async () => {
    const client = newClient(CentrifugoUniStream, uniPort);
    const one = consume(client, { token: token({ sub: 'ann' }), subs: { news: {} }, data: json({}) });
    const { connect } = await one.next();
    assert.ok(connect.client && connect.subs.news);
    assert.equal(connect.ping, 25);
    await server.publish('news', { n: 1 });
    const push = await one.next();
    assert.equal(push.channel, 'news');
    assert.deepEqual(JSON.parse(push.pub.data), { n: 1 });
    await server.api('disconnect', { user: 'ann' });
    assert.equal((await one.next()).disconnect.code, 3503);
    assert.equal((await one.ended).code, CODES.OK);
  });

  it('ends at the deadline of the call', async () => {
    const client = newClient(CentrifugoUniStream, uniPort);
    const one = consume(client, { token: token({ sub: 'bob' }) }, { deadline: Date.now() + 500 });
    await one.next();
    assert.equal((await one.ended).code, CODES.DEADLINE_EXCEEDED);
    await until('the end', async () => (await server.metric('centrifugo_node_num_clients')) === 0);
  });

  it('bounds connect requests', async () => {
    const one = consume(newClient(CentrifugoUniStream, uniPort), { token: token({ sub: 'ann' }), data: Buffer.alloc(100_001) });
    assert.equal((await one.ended).code, CODES.RESOURCE_EXHAUSTED);
  });

  it('goes to clients that take gzip too', async () => {
    const one = consume(newClient(CentrifugoUniStream, uniPort, undefined, { 'grpc.default_compression_algorithm': 2 }), { token: token({ sub: 'ann' }) });
    assert.ok((await one.next()).connect);
    one.stream.cancel();
    await one.ended;
  });

  it('ends when the client cancels', async () => {
    const client = newClient(CentrifugoUniStream, uniPort);
    const one = consume(client, { token: token({ sub: 'bob' }) });
    await one.next();
    assert.equal(await server.metric('centrifugo_node_num_clients'), 1);
    one.stream.cancel();
    await until('the end', async () => (await server.metric('centrifugo_node_num_clients')) === 0);
  });

  it('refuses a bad token by a push', async () => {
    const client = newClient(CentrifugoUniStream, uniPort);
    const one = consume(client, { token: 'no token' });
    assert.equal((await one.next()).disconnect.code, 3500);
    assert.equal((await one.ended).code, CODES.OK);
  });

  const MANY = 2000;
  it(`carries ${MANY} clients on one connection`, async () => {
    const client = newClient(CentrifugoUniStream, uniPort);
    const all = Array.from({ length: MANY }, (_, i) => consume(client, { token: token({ sub: `user${i}` }), subs: { crowd: {} } }));
    for (const one of all) assert.ok((await one.next()).connect);
    await server.publish('crowd', 'all');
    for (const one of all) assert.equal((await one.next()).channel, 'crowd');
    closeClients();
    for (const one of all) one.stream.cancel();
    await until('the end', async () => (await server.metric('centrifugo_node_num_clients')) === 0);
  });
});

for (const kind of ['nginx', 'haproxy']) {
  it(`passes ${kind}`, async (t) => {
    const through = async (port) => {
      const heading = `gRPC through ${kind === 'nginx' ? 'nginx' : 'HAProxy'}`;
      const balancer = await Balancer.start(kind, documented(heading), `127.0.0.1:${port}`);
      t.after(() => balancer.close());
      return balancer.port;
    };
    const [api, uni] = [await through(apiPort), await through(uniPort)];
    const one = consume(newClient(CentrifugoUniStream, uni), { token: token({ sub: 'ann' }), subs: { [kind]: {} } });
    assert.ok((await one.next()).connect);
    const client = newClient(CentrifugoApi, api);
    await assert.rejects(call(client, 'Publish', {}, metadata({})), { code: CODES.UNAUTHENTICATED });
    for (const n of [1, 2]) {
      await call(client, 'Publish', { channel: kind, data: json({ n }) });
      assert.deepEqual(JSON.parse((await one.next()).pub.data), { n });
    }
    one.stream.cancel();
    await until('the end', async () => (await server.metric('centrifugo_node_num_clients')) === 0);
  });
}

it('serves the library of C++ too', async () => {
  const script = path.join(here, 'lib', 'grpc_client.py');
  const args = [script, String(apiPort), KEY, String(uniPort), token({ sub: 'py' })];
  const { stdout } = await promisify(execFile)('/usr/bin/python3', args, { timeout: 30_000 });
  assert.equal(stdout, 'without key: UNAUTHENTICATED\nconnected: True\npublished: True\n');
});

describe('reflection', () => {
  // As in grpc/reflection/v1/reflection.proto.
  const text = (id) => ({ type: 'string', id });
  const many = (type) => ({ fields: { item: { rule: 'repeated', type, id: 1 } } });
  const reflection = (version) => grpc.loadPackageDefinition(protoLoader.fromJSON({ nested: { grpc: { nested: { reflection: { nested: { [version]: { nested: {
    Request: { fields: { file_containing_symbol: text(4), list_services: text(7) } },
    Response: { fields: { files: { type: 'Files', id: 4 }, services: { type: 'Services', id: 6 } } },
    Files: many('bytes'),
    Named: { fields: { name: text(1) } },
    Services: many('Named'),
    ServerReflection: { methods: { ServerReflectionInfo: { requestType: 'Request', requestStream: true, responseType: 'Response', responseStream: true } } },
  } } } } } } } }, options)).grpc.reflection[version].ServerReflection;

  it('tells clients without a description of the service how to call it', async (t) => {
    const [running, port] = await start({ reflection: true });
    t.after(() => running.close());
    for (const version of ['v1', 'v1alpha']) {
      const stream = newClient(reflection(version), port).ServerReflectionInfo();
      const answers = [];
      stream.on('data', (answer) => answers.push(answer));
      stream.write({ list_services: '' });
      const { services } = await until('the services', () => answers.shift());
      const [name] = services.item.map((service) => service.name);
      assert.equal(name, 'centrifugal.centrifugo.api.CentrifugoApi');
      stream.write({ file_containing_symbol: name });
      const { files } = await until('the file', () => answers.shift());
      stream.end();
      assert.equal((await within(5000, 'the status', new Promise((resolve) => stream.on('status', resolve)))).code, CODES.OK);
      // A FileDescriptorSet has its files in field 1, as the answer has.
      const varint = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >> 7)]);
      const set = Buffer.concat(files.item.flatMap((file) => [Buffer.from([10, ...varint(file.length)]), file]));
      const told = grpc.loadPackageDefinition(protoLoader.loadFileDescriptorSetFromBuffer(set, options));
      const client = newClient(told.centrifugal.centrifugo.api.CentrifugoApi, port);
      assert.equal((await call(client, 'Info', {})).result.nodes.length, 1);
    }
  });

  it('is off if it is not asked for', async () => {
    const stream = newClient(reflection('v1'), apiPort).ServerReflectionInfo();
    stream.on('error', () => {});
    stream.on('data', () => {});
    const status = await within(5000, 'the status', new Promise((resolve) => stream.on('status', resolve)));
    assert.equal(status.code, CODES.UNIMPLEMENTED);
  });
});

it('wants certificates of clients, if it has an authority for them', async (t) => {
  const clientsOf = new Authority('clients');
  const own = clientsOf.issue(['a client']);
  const tls = { enabled: true, cert_pem: certificate.cert, key_pem: certificate.key, client_ca_pem: clientsOf.cert };
  const [secure, port, streamPort] = await start({ tls }, { tls });
  t.after(() => secure.close());
  const credentials = (certs = []) => grpc.credentials.createSsl(Buffer.from(authority.cert), ...certs.map((pem) => Buffer.from(pem)));
  const stranger = credentials();
  await assert.rejects(call(newClient(CentrifugoApi, port, stranger), 'Info', {}), { code: CODES.UNAVAILABLE });
  const refused = consume(newClient(CentrifugoUniStream, streamPort, stranger), { token: token({ sub: 'ann' }) });
  assert.equal((await refused.ended).code, CODES.UNAVAILABLE);
  const known = credentials([own.key, own.cert]);
  assert.ok((await call(newClient(CentrifugoApi, port, known), 'Info', {})).result);
  const one = consume(newClient(CentrifugoUniStream, streamPort, known), { token: token({ sub: 'ann' }) });
  assert.ok((await one.next()).connect);
});

it('is encrypted if that is wanted, and ends its streams with the server', async () => {
  const tls = { enabled: true, cert_pem: certificate.cert, key_pem: certificate.key };
  const [secure, port, streamPort] = await start({ tls, key: '', error_mode: 'transport' }, { tls });
  const credentials = grpc.credentials.createSsl(Buffer.from(authority.cert));
  const client = newClient(CentrifugoApi, port, credentials);
  assert.ok((await call(client, 'Info', {}, metadata({}))).result);
  await assert.rejects(call(client, 'Publish', {}, metadata({})), { code: CODES.INVALID_ARGUMENT });
  const one = consume(newClient(CentrifugoUniStream, streamPort, credentials), { token: token({ sub: 'ann' }) });
  await one.next();
  await secure.close();
  assert.equal((await one.next()).disconnect.code, 3001);
  assert.equal((await one.ended).code, CODES.OK);
});
