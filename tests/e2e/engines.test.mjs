// Who carries publications, keeps history and presence: every combination, and namespaces with engines of their own.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { natsServer } from './lib/backends.mjs';
import { collect, connect, disconnectAll, subscribe, variants } from './lib/clients.mjs';
import { noRedis, Redis } from './lib/redis.mjs';
import { Server, until } from './lib/server.mjs';

const [variant] = variants;
const kept = { history_size: 10, history_ttl: '60s' };
const common = { allow_subscribe_for_client: true, presence: true };
const isReady = (server) =>
  until('readiness', async () => (await fetch(server.url('http', '/health/ready'))).ok, 20_000);

/** Publishes to a channel with a subscriber, and tells what became of it. */
async function use(server, channel) {
  const client = await connect(variant, server.websocket, 'ann');
  const sub = await subscribe(client, channel);
  const messages = collect(sub, 'publication', (ctx) => variant.decode(ctx.data));
  await server.publish(channel, 'hello');
  assert.deepEqual(await messages.take(1), ['hello']);
  const { num_clients: clients } = await server.api('presence_stats', { channel });
  assert.equal(clients, 1);
  return sub;
}

describe('engines', { skip: noRedis }, () => {
  let redis;
  let nats;
  before(async () => {
    [redis, nats] = await Promise.all([Redis.start(), natsServer().start()]);
  });
  after(() => Promise.all([redis?.close(), nats?.close()]));
  afterEach(disconnectAll);

  const redisAt = (prefix) => ({ address: [redis.address], prefix });
  const exists = async (key) => (await redis.command('EXISTS', key)) === ':1\r\n';

  /** Redis' prefix where the part keeps its data, or null. */
  const place = (part, engine, prefix) => {
    const type = part === 'engine' ? engine : part;
    if (type !== 'redis') return null;
    return part === 'engine' ? 'e' : prefix;
  };

  for (const engine of ['memory', 'redis']) {
    for (const broker of ['engine', 'memory', 'redis', 'nats']) {
      for (const presence of ['engine', 'memory', 'redis']) {
        it(`engine ${engine}, broker ${broker}, presence manager ${presence}`, async () => {
          await redis.command('FLUSHALL');
          const server = await Server.start({
            engine: { type: engine, redis: redisAt('e') },
            broker: {
              enabled: broker !== 'engine',
              type: broker === 'engine' ? 'memory' : broker,
              redis: redisAt('b'),
              nats: { url: `nats://127.0.0.1:${nats.port}`, prefix: `${engine}-${presence}` },
            },
            presence_manager: {
              enabled: presence !== 'engine',
              type: presence === 'engine' ? 'memory' : presence,
              redis: redisAt('p'),
            },
            channel: { namespaces: [{ name: 'room', ...common, ...kept }] },
          });
          try {
            await isReady(server);
            await use(server, 'room:1');
            const history = place(broker, engine, 'b');
            const present = place(presence, engine, 'p');
            for (const prefix of ['e', 'b', 'p']) {
              assert.equal(await exists(`${prefix}.stream.room:1`), prefix === history, `history in ${prefix}`);
              assert.equal(await exists(`${prefix}.presence.data.room:1`), prefix === present, `presence in ${prefix}`);
            }
          } finally {
            await server.close();
          }
        });
      }
    }
  }

  describe('of namespaces', () => {
    let near;
    let far;
    const config = () => ({
      engine: { type: 'memory' },
      brokers: [
        { enabled: true, name: 'streams', type: 'redis', redis: redisAt('s') },
        { enabled: true, name: 'subjects', type: 'nats', nats: { url: `nats://127.0.0.1:${nats.port}`, allow_wildcards: true } },
      ],
      presence_managers: [{ enabled: true, name: 'shared', type: 'redis', redis: redisAt('shared') }],
      channel: {
        without_namespace: common,
        namespaces: [
          { name: 'local', ...common, ...kept, force_recovery: true },
          { name: 'chat', ...common, ...kept, force_recovery: true, broker_name: 'streams', presence_manager_name: 'shared' },
          { name: 'rates', ...common, broker_name: 'subjects' },
          { name: 'odd', ...common, ...kept, force_recovery: true, broker_name: 'subjects' },
        ],
      },
    });
    before(async () => {
      [near, far] = await Promise.all([Server.start(config()), Server.start(config())]);
      await Promise.all([isReady(near), isReady(far)]);
    });
    after(() => Promise.all([near?.close(), far?.close()]));

    it('each use their own', async () => {
      for (const channel of ['local:1', 'chat:1', 'rates:1', 'plain']) await use(near, channel);
      assert.equal(await exists('s.stream.chat:1'), true);
      assert.equal(await exists('s.stream.local:1'), false);
      assert.equal(await exists('shared.presence.data.chat:1'), true);
      assert.equal(await exists('shared.presence.data.rates:1'), false);
      const { publications } = await near.api('history', { channel: 'local:1', limit: -1 });
      assert.equal(publications.length, 1);
    });

    it('reach other nodes through them', async () => {
      for (const channel of ['chat:2', 'rates:2', 'rates:a.*']) {
        const client = await connect(variant, near.websocket, 'ann');
        const sub = await subscribe(client, channel);
        const messages = collect(sub, 'publication', (ctx) => variant.decode(ctx.data));
        await far.publish(channel.replace('*', '3'), 'far');
        assert.deepEqual(await messages.take(1), ['far'], channel);
      }
      const { publications } = await far.api('history', { channel: 'chat:1', limit: -1 });
      assert.equal(publications.length, 1, 'one history');
      assert.deepEqual((await far.api('history', { channel: 'local:1', limit: -1 })).publications ?? [], []);
    });

    it('can do what their broker can', async () => {
      const client = await connect(variant, near.websocket, 'ann');
      const sub = client.newSubscription('odd:1');
      const gone = new Promise((resolve) => sub.once('unsubscribed', resolve));
      sub.subscribe();
      assert.equal((await gone).code, 108, 'NATS keeps no history');
      const pattern = client.newSubscription('chat:*');
      const made = new Promise((resolve) => pattern.once('subscribed', resolve));
      pattern.subscribe();
      assert.equal((await made).recoverable, true, 'an ordinary name at Redis');
    });
  });
});
