// Nodes joined by NATS: publications at most once, no history, patterns and raw subjects if wanted.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import WebSocket from 'ws';
import { natsConfig, natsServer } from './lib/backends.mjs';
import { collect, connect, disconnectAll, once, subscribe, variants } from './lib/clients.mjs';
import { Server, token, until } from './lib/server.mjs';

const [variant] = variants;
const channels = {
  without_namespace: { allow_subscribe_for_client: true, allow_publish_for_client: true },
  namespaces: [
    {
      name: 'room',
      allow_subscribe_for_client: true,
      presence: true,
      join_leave: true,
      force_push_join_leave: true,
    },
    {
      name: 'kept',
      allow_subscribe_for_client: true,
      allow_history_for_client: true,
      history_size: 5,
      history_ttl: '60s',
      force_recovery: true,
    },
    {
      name: 'old',
      allow_subscribe_for_client: true,
      allow_publish_for_client: true,
      allow_history_for_client: true,
      history_size: 5,
      history_ttl: '60s',
    },
  ],
};

/** Two nodes at one NATS. */
async function startNodes(nats, options) {
  const config = { channel: channels, ...natsConfig(nats.port, options) };
  return Promise.all([Server.start(config), Server.start(config)]);
}

const payloads = (sub) => collect(sub, 'publication', (ctx) => variant.decode(ctx.data));
const refused = (sub) => once(sub, 'unsubscribed').then(({ code }) => code);
const isReady = async (node) => (await fetch(node.url('http', '/health/ready'))).ok;

describe('NATS', () => {
  let nats;
  let near;
  let far;
  let late;
  before(async () => {
    nats = await natsServer().start();
    [near, far] = await startNodes(nats);
  });
  after(async () => {
    await Promise.all([near.close(), far.close(), late?.close()]);
    await nats.close();
  });
  afterEach(disconnectAll);

  it('carries publications, joins and leaves to the other node', async () => {
    const ann = await connect(variant, near.websocket, 'ann');
    const sub = await subscribe(ann, 'room:1');
    const joins = collect(sub, 'join', (ctx) => ctx.info.user);
    const leaves = collect(sub, 'leave', (ctx) => ctx.info.user);
    const messages = payloads(sub);
    await joins.take(1); // its own
    const bob = await connect(variant, far.websocket, 'bob');
    const room = await subscribe(bob, 'room:1');
    assert.deepEqual(await joins.take(1), ['bob']);
    await far.publish('room:1', { n: 1 });
    assert.deepEqual(await messages.take(1), [{ n: 1 }]);
    room.unsubscribe();
    assert.deepEqual(await leaves.take(1), ['bob']);
  });

  it('loses nothing that is published elsewhere after the subscribe reply', async () => {
    const TIMES = 1000;
    const client = await connect(variant, near.websocket, 'ann');
    for (let n = 0; n < TIMES; n++) {
      const sub = client.newSubscription(`moment_${n}`);
      const got = once(sub, 'publication');
      sub.on('subscribed', () => far.publish(`moment_${n}`, n));
      sub.subscribe();
      assert.equal((await got).data, n);
      client.removeSubscription(sub);
    }
  });

  it('keeps the order of a publisher', async () => {
    const client = await connect(variant, near.websocket, 'ann');
    const messages = payloads(await subscribe(client, 'order'));
    const bob = await connect(variant, far.websocket, 'bob');
    await subscribe(bob, 'order');
    const count = 300;
    await Promise.all(Array.from({ length: count }, (_, n) => bob.publish('order', n)));
    assert.deepEqual(await messages.take(count), Array.from({ length: count }, (_, n) => n));
  });

  it('has no history, no positions and no patterns, and says so', async () => {
    const client = await connect(variant, near.websocket, 'ann');
    for (const [channel, code] of [['kept:1', 108], ['a.*', 107], ['a.>', 107]]) {
      const sub = client.newSubscription(channel);
      const gone = refused(sub);
      sub.subscribe();
      assert.equal(await gone, code, channel);
    }
    const old = await subscribe(client, 'old:1');
    await assert.rejects(old.history({ limit: 1 }), { code: 108 });
    await assert.rejects(client.publish('a.*', {}), { code: 107 });
    await assert.rejects(near.api('history', { channel: 'old:1' }), /"code":100/);
    await near.publish('old:1', {}); // published all the same
  });

  it('is alive again after a restart of NATS', async () => {
    const client = await connect(variant, near.websocket, 'ann');
    const sub = await subscribe(client, 'lasting');
    const messages = payloads(sub);
    await nats.kill();
    await until('not ready', async () => !(await isReady(near)));
    await assert.rejects(far.publish('lasting', 'lost'), /"code":100/);
    late = await Server.start({ channel: channels, ...natsConfig(nats.port) }); // starts without NATS too
    assert.equal(await isReady(late), false);
    await until('a log line', () => /cannot connect to NATS/.test(late.program.output));
    await nats.start();
    await until('ready', async () => (await Promise.all([near, far, late].map(isReady))).every(Boolean), 20_000);
    await far.publish('lasting', 'kept');
    assert.deepEqual(await messages.take(1), ['kept']);
    assert.equal(client.state, 'connected');
    await subscribe(client, 'new');
    await until('all nodes', async () => (await near.api('info')).nodes.length === 3);
    await late.publish('lasting', 'more');
    assert.deepEqual(await messages.take(1), ['more']);
  });
});

describe('NATS with patterns', () => {
  let nats;
  let near;
  let far;
  before(async () => {
    nats = await natsServer().start();
    [near, far] = await startNodes(nats, { allow_wildcards: true });
  });
  after(async () => {
    await Promise.all([near.close(), far.close()]);
    await nats.close();
  });
  afterEach(disconnectAll);

  // The SDK does not show the field, so this client speaks for itself.
  it('gives a subscriber of a pattern what fits, with its channel', async () => {
    const socket = new WebSocket(near.websocket);
    const got = [];
    let subscribed = false;
    socket.addEventListener('message', ({ data }) => {
      for (const message of data.split('\n').map((line) => JSON.parse(line))) {
        if (message.subscribe) subscribed = true;
        if (message.push?.pub) got.push([message.push.channel, message.push.pub.channel, message.push.pub.data]);
      }
    });
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    const connect = { token: token({ sub: 'ann' }) };
    socket.send(`${JSON.stringify({ id: 1, connect })}\n${JSON.stringify({ id: 2, subscribe: { channel: 'news.*' } })}`);
    await until('the subscription', () => subscribed);
    await far.publish('news.1', 'a');
    await far.publish('other.1', 'b');
    await near.publish('news.2', 'c');
    await until('both', () => got.length === 2);
    assert.deepEqual(got, [['news.*', 'news.1', 'a'], ['news.*', 'news.2', 'c']]);
    socket.close();
  });
});

/** Somebody else at NATS, by its text protocol. */
async function stranger(port) {
  const socket = net.connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.write('CONNECT {"verbose":false}\r\n');
  return {
    send: (line) => socket.write(`${line}\r\n`),
    sees: (part) => until(`${part} at NATS`, () => text.includes(part)),
    end: () => socket.destroy(),
  };
}

describe('NATS in raw mode', () => {
  let nats;
  let near;
  let far;
  before(async () => {
    nats = await natsServer().start();
    [near, far] = await startNodes(nats, {
      raw_mode: { enabled: true, channel_replacements: { ':': '.' }, prefix: 'app.' },
    });
  });
  after(async () => {
    await Promise.all([near.close(), far.close()]);
    await nats.close();
  });
  afterEach(disconnectAll);

  it('exchanges plain payloads with others at NATS', async () => {
    const other = await stranger(nats.port);
    other.send('SUB app.old.index 1');
    other.send('PING');
    await other.sees('PONG');
    const client = await connect(variant, near.websocket, 'ann');
    const messages = payloads(await subscribe(client, 'old:index'));
    await far.publish('old:index', { n: 1 });
    await other.sees('{"n":1}');
    other.send('PUB app.old.index 7\r\n{"n":2}');
    assert.deepEqual(await messages.take(2), [{ n: 1 }, { n: 2 }]);
    other.end();
  });
});
