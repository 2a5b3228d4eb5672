// Two nodes on one Redis: what one does reaches the clients of the other, and an outage of Redis ends by itself.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { collect, connect, disconnectAll, newClient, once, subscribe, variants } from './lib/clients.mjs';
import { noRedis, Redis } from './lib/redis.mjs';
import { Server, token, until } from './lib/server.mjs';

const [json] = variants;
const common = { allow_subscribe_for_client: true, presence: true, join_leave: true, allow_presence_for_subscriber: true };
const stream = { ...common, history_size: 1000, history_ttl: '300s', force_recovery: true };

const config = (redis, more = {}) => ({
  engine: { type: 'redis', redis: { address: [redis.address], connect_timeout: '500ms', io_timeout: '1s', ...more } },
  channel: {
    namespaces: [
      { name: 'plain', ...common },
      { name: 'stream', ...stream, force_push_join_leave: false },
      { name: 'joins', ...common, force_push_join_leave: true },
      { name: 'delta', ...stream, allowed_delta_types: ['fossil'], delta_publish: true },
    ],
  },
});

const isReady = async (server) => (await fetch(server.url('http', '/health/ready'))).status === 200;
const ready = (...servers) =>
  Promise.all(servers.map((server) => until('readiness', () => isReady(server), 20_000)));
const payloads = (sub) => collect(sub, 'publication', (ctx) => ctx.data);

describe('two nodes on one Redis', { skip: noRedis }, () => {
  let redis;
  let a;
  let b;
  before(async () => {
    redis = await Redis.start();
    [a, b] = await Promise.all([Server.start(config(redis)), Server.start(config(redis))]);
    await ready(a, b);
    await until('the nodes to know each other', async () => (await a.api('info')).nodes.length === 2);
    await until('the nodes to know each other', async () => (await b.api('info')).nodes.length === 2);
  });
  after(async () => {
    await Promise.all([a?.close(), b?.close()]);
    await redis?.close();
  });
  afterEach(disconnectAll);

  for (const variant of variants) {
    it(`delivers what the other node published, ${variant.name}`, async () => {
      const client = await connect(variant, b.websocket, 'ann');
      const sub = await subscribe(client, 'stream:across');
      const messages = collect(sub, 'publication', (ctx) => variant.decode(ctx.data));
      for (const n of [1, 2, 3]) await a.publish('stream:across', n);
      assert.deepEqual(await messages.take(3), [1, 2, 3]);
      await a.api('history_remove', { channel: 'stream:across' });
    });
  }

  it('keeps one history', async () => {
    await a.publish('stream:kept', 1);
    await b.publish('stream:kept', 2);
    const of = async (server) => (await server.api('history', { channel: 'stream:kept', limit: -1 })).publications.map((p) => p.data);
    assert.deepEqual(await of(a), [1, 2]);
    assert.deepEqual(await of(b), [1, 2]);
    assert.match(await redis.command('TYPE', 'centrifugo.stream.stream:kept'), /\+stream/);
  });

  it('suppresses a publication that the other node has done already', async () => {
    const first = await a.publish('stream:once', 1, { idempotency_key: 'k' });
    assert.deepEqual(await b.publish('stream:once', 1, { idempotency_key: 'k' }), first);
    assert.equal((await a.api('history', { channel: 'stream:once', limit: -1 })).publications.length, 1);
  });

  it('shows who is present on both, and tells of joins and leaves', async () => {
    const watcher = await connect(json, a.websocket, 'ann');
    const watching = await subscribe(watcher, 'joins:room');
    const joins = collect(watching, 'join', (ctx) => ctx.info.user);
    const leaves = collect(watching, 'leave', (ctx) => ctx.info.user);
    const visitor = await connect(json, b.websocket, 'bob');
    await subscribe(visitor, 'joins:room');
    await until('bob joining', () => joins.seen.includes('bob'));
    const { clients } = await watching.presence();
    assert.deepEqual(Object.values(clients).map((info) => info.user).sort(), ['ann', 'bob']);
    assert.deepEqual(await watching.presenceStats(), { numClients: 2, numUsers: 2 });
    visitor.disconnect();
    await until('bob leaving', () => leaves.seen.includes('bob'));
  });

  it('sends deltas against the publication before, whichever node it came from', async () => {
    const client = await connect(json, b.websocket, 'ann');
    const sub = await subscribe(client, 'delta:a', { delta: 'fossil' });
    const messages = payloads(sub);
    const text = 'the same long text in every message, '.repeat(20);
    await a.publish('delta:a', { text, n: 1 });
    await b.publish('delta:a', { text, n: 2 });
    await a.publish('delta:a', { text, n: 3 });
    assert.deepEqual((await messages.take(3)).map((data) => data.n), [1, 2, 3]);
  });

  it('counts channels of all nodes', async () => {
    await subscribe(await connect(json, a.websocket, 'ann'), 'plain:counted');
    await subscribe(await connect(json, b.websocket, 'bob'), 'plain:counted');
    const { channels } = await a.api('channels', { pattern: 'plain:counted' });
    assert.deepEqual(channels, { 'plain:counted': { num_clients: 2 } });
  });

  it('reaches a user on the other node: subscribe, unsubscribe, refresh, disconnect', async () => {
    const client = newClient(json, b.websocket, 'cat', { getToken: async () => token({ sub: 'cat' }) });
    const serverSide = once(client, 'subscribed');
    client.connect();
    await client.ready();
    await a.api('subscribe', { user: 'cat', channel: 'plain:given' });
    assert.equal((await serverSide).channel, 'plain:given');

    const sub = await subscribe(client, 'plain:taken');
    const gone = once(sub, 'unsubscribed');
    await a.api('unsubscribe', { user: 'cat', channel: 'plain:taken' });
    await gone;

    await a.api('refresh', { user: 'cat', expire_at: Math.floor(Date.now() / 1000) + 3600 });
    const end = once(client, 'disconnected');
    await a.api('disconnect', { user: 'cat' });
    await end;
  });

  it('loses nothing that is published through another node in the moment of a subscribe reply', async () => {
    const ROUNDS = 1000;
    const client = await connect(json, b.websocket, 'ann');
    const one = async (n) => {
      const sub = client.newSubscription(`plain:moment-${n}`);
      const got = once(sub, 'publication');
      const subscribed = once(sub, 'subscribed');
      sub.subscribe();
      await subscribed;
      await a.publish(`plain:moment-${n}`, n);
      assert.equal((await got).data, n);
      sub.unsubscribe();
      client.removeSubscription(sub);
    };
    for (let n = 0; n < ROUNDS; n += 20) await Promise.all(Array.from({ length: 20 }, (_, i) => one(n + i)));
  });

  it('keeps the order and misses nothing while many publish through both nodes', async () => {
    const client = await connect(json, b.websocket, 'ann');
    const sub = await subscribe(client, 'stream:busy');
    const offsets = collect(sub, 'publication', (ctx) => ctx.offset);
    await Promise.all(Array.from({ length: 200 }, (_, n) => (n % 2 ? a : b).publish('stream:busy', n)));
    assert.deepEqual(await offsets.take(200), Array.from({ length: 200 }, (_, n) => n + 1));
  });
});

describe('an outage of Redis', { skip: noRedis }, () => {
  let redis;
  let server;
  before(async () => {
    redis = await Redis.start(['--appendonly', 'yes', '--appendfsync', 'always']);
    server = await Server.start(config(redis));
    await ready(server);
  });
  after(async () => {
    await server?.close();
    await redis?.close();
  });
  afterEach(disconnectAll);

  it('fails publications in bounded time, keeps clients, and is over without a restart', async () => {
    const client = await connect(json, server.websocket, 'ann');
    const disconnects = collect(client, 'disconnected');
    const sub = await subscribe(client, 'stream:outage');
    const plain = await subscribe(client, 'plain:outage');
    const messages = payloads(sub);
    const plainMessages = payloads(plain);
    await server.publish('stream:outage', 1);
    await messages.take(1);

    await redis.kill();
    await until('the node to be not ready', async () => !(await isReady(server)));
    assert.match(await (await fetch(server.url('http', '/health/ready'))).text(), new RegExp(`127.0.0.1:${redis.port}`));
    const started = Date.now();
    await assert.rejects(server.publish('stream:outage', 'lost'), /"code":100/);
    assert.ok(Date.now() - started < 3000, `${Date.now() - started} ms`);
    assert.equal(client.state, 'connected');

    await redis.launch();
    await ready(server);
    await server.publish('stream:outage', 2);
    await server.publish('plain:outage', 'again');
    assert.deepEqual(await messages.take(1, 20_000), [2]);
    assert.deepEqual(await plainMessages.take(1), ['again']);
    assert.deepEqual(disconnects.seen, []);
  });

  it('gives subscribers what was published while their node could not hear', async () => {
    const client = await connect(json, server.websocket, 'ann');
    const sub = await subscribe(client, 'stream:deaf');
    const messages = payloads(sub);
    await server.publish('stream:deaf', 1);
    await messages.take(1);
    // The subscription connection is cut, and a publication is stored before it is back.
    await Promise.all([redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub'), server.publish('stream:deaf', 2)]);
    assert.deepEqual(await messages.take(1, 20_000), [2]);
    await server.publish('stream:deaf', 3);
    assert.deepEqual(await messages.take(1), [3]);
  });

  it('notices a Redis that is there but does nothing', async () => {
    await redis.freeze();
    try {
      await until('the node to be not ready', async () => !(await isReady(server)), 20_000);
    } finally {
      redis.thaw();
    }
    await ready(server);
  });

  it('begins a lost stream anew and tells its subscribers', async () => {
    const volatile = await Redis.start();
    const node = await Server.start(config(volatile));
    try {
      await ready(node);
      const client = await connect(json, node.websocket, 'ann');
      const sub = await subscribe(client, 'stream:lost');
      const messages = payloads(sub);
      await node.publish('stream:lost', 1);
      await messages.take(1);
      const again = once(sub, 'subscribed', 20_000);
      await volatile.kill();
      await volatile.launch();
      const ctx = await again;
      assert.deepEqual([ctx.wasRecovering, ctx.recovered], [true, false]);
      await node.publish('stream:lost', 2);
      assert.deepEqual(await messages.take(1), [2]);
    } finally {
      await node.close();
      await volatile.close();
    }
  });

  it('says what is wrong when Redis refuses it', async () => {
    const guarded = await Redis.start(['--requirepass', 'right']);
    const node = await Server.start(config(guarded, { password: 'wrong' }));
    try {
      await until('a log line', () => /the (user or )?password is wrong/.test(node.program.output));
      assert.equal(await isReady(node), false);
    } finally {
      await node.close();
      await guarded.close();
    }
  });
});
