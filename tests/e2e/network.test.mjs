// A node whose network to Redis is gone without a word: no connection is closed, nothing arrives any more.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { Backend } from './lib/backends.mjs';
import { collect, connect, disconnectAll, subscribe, variants } from './lib/clients.mjs';
import { Network } from './lib/network.mjs';
import { noRedis } from './lib/redis.mjs';
import { Server, until } from './lib/server.mjs';

const [variant] = variants;
const isReady = async (server) => (await fetch(server.url('http', '/health/ready'))).ok;
const ready = (server) => until('readiness', () => isReady(server), 20_000);

describe('a network to Redis that is cut', { skip: noRedis || Network.unavailable }, () => {
  let network;
  let redis;
  let cut;
  let whole;
  let cable;
  before(async () => {
    network = new Network();
    cable = network.lay();
    const other = network.lay();
    const options = ['--bind', '0.0.0.0', '--protected-mode', 'no', '--save', ''];
    redis = await new Backend(
      (port) => [...network.launcher, 'redis-server', '--port', String(port), ...options],
      'Ready to accept connections',
    ).start();
    const node = ({ address }) =>
      Server.start({
        engine: {
          type: 'redis',
          redis: { address: `redis://${address}:${redis.port}`, connect_timeout: '500ms', io_timeout: '1s' },
        },
        channel: {
          without_namespace: { allow_subscribe_for_client: true, history_size: 100, history_ttl: '60s', force_recovery: true },
        },
      });
    [cut, whole] = await Promise.all([node(cable), node(other)]);
    await Promise.all([ready(cut), ready(whole)]);
  });
  after(async () => {
    await Promise.all([cut?.close(), whole?.close()]);
    await redis?.close();
    network?.close();
  });
  afterEach(disconnectAll);

  it('is noticed, and nothing is missing when it is back', async () => {
    const client = await connect(variant, cut.websocket, 'ann');
    const disconnects = collect(client, 'disconnected');
    const messages = collect(await subscribe(client, 'news'), 'publication', (ctx) => variant.decode(ctx.data));
    await whole.publish('news', 1);
    assert.deepEqual(await messages.take(1), [1]);

    cable.pull();
    await until('the node to be not ready', async () => !(await isReady(cut)), 20_000);
    await until('it to be counted', async () => (await cut.metric('centrifugo_broker_redis_pub_sub_errors')) > 0, 20_000);
    assert.equal(await isReady(whole), true);
    await assert.rejects(cut.publish('else', 'maybe done, maybe not'), /"code":100/);
    for (const n of [2, 3]) await whole.publish('news', n);
    await until('the node to be thought dead', async () => (await whole.api('info')).nodes.length === 1, 20_000);

    cable.put();
    await ready(cut);
    assert.deepEqual(await messages.take(2, 20_000), [2, 3]);
    await cut.publish('news', 4);
    assert.deepEqual(await messages.take(1), [4]);
    assert.deepEqual(disconnects.seen, []);
    await until('both nodes', async () => (await whole.api('info')).nodes.length === 2, 20_000);
  });
});
