// The bounds that protect the server, from the outside.
import assert from 'node:assert/strict';
import { after, afterEach, before, it } from 'node:test';
import { collect, connect, disconnectAll, newClient, once, subscribe, variants } from './lib/clients.mjs';
import { LightClient } from './lib/light_client.mjs';
import { Server, token, until, within } from './lib/server.mjs';

let server;
before(async () => {
  server = await Server.start({
    client: { queue_max_size: 300_000, channel_limit: 3, user_connection_limit: 2 },
    websocket: { write_timeout: '60s' }, // so that it is the queue's bound that ends a client
    channel: { without_namespace: { allow_subscribe_for_client: true } },
  });
});
after(() => server.close());
afterEach(disconnectAll);

const [json] = variants;

it('disconnects a client that does not read with 3008, and nobody else', async () => {
  const fast = await subscribe(await connect(json, server.websocket, 'fast'), 'firehose');
  const messages = collect(fast, 'publication', (ctx) => ctx.data.n);
  const subscribed = new Promise((resolve) => {
    const commands = [{ id: 1, connect: { token: token({ sub: 'slow' }) } }, { id: 2, subscribe: { channel: 'firehose' } }];
    const client = new LightClient(server.port, commands, (message) => message.id === 2 && resolve(client));
  });
  const slow = await within(5000, 'subscribe', subscribed);
  slow.stopReading();
  const disconnects = () => server.metric('centrifugo_client_num_server_disconnects', 'code="3008"');
  const text = 'x'.repeat(20_000);
  let sent = 0;
  for (; sent < 2000 && !(await disconnects()); sent++) await server.publish('firehose', { n: sent, text });
  assert.equal(await disconnects(), 1);
  slow.readOn();
  await within(10_000, 'the end of the slow connection', slow.ended);
  assert.ok(slow.closeCode === 3008 || slow.closeCode === null); // the kernel may have thrown the last frame away
  assert.deepEqual(await messages.take(sent), Array.from({ length: sent }, (_, n) => n));
});

it('refuses more channels than a client may have', async () => {
  const client = await connect(json, server.websocket, 'ann');
  for (const channel of ['a', 'b', 'c']) await subscribe(client, channel);
  const sub = client.newSubscription('d');
  const unsubscribed = once(sub, 'unsubscribed');
  sub.subscribe();
  assert.equal((await unsubscribed).code, 106);
});

it('refuses more connections than a user may have', async () => {
  await connect(json, server.websocket, 'bob');
  await connect(json, server.websocket, 'bob');
  await until('two connections', async () => (await server.api('info')).nodes[0].num_clients >= 2);
  const third = newClient(json, server.websocket, 'bob');
  const ended = Promise.race([once(third, 'disconnected'), once(third, 'error')]);
  third.connect();
  assert.ok(await ended);
  assert.notEqual(third.state, 'connected');
});
