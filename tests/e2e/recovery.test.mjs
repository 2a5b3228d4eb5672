// What a client missed while it was away: recovery, and the two ways to send less, deltas and tag filters.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { collect, connect, disconnectAll, once, subscribe, variants } from './lib/clients.mjs';
import { Server } from './lib/server.mjs';
import { TcpProxy } from './lib/tcp_proxy.mjs';

const common = { allow_subscribe_for_client: true, history_size: 5, history_ttl: '60s', force_recovery: true };

for (const variant of variants) {
  describe(`recovery with ${variant.name}`, () => {
    let server;
    let proxy;
    before(async () => {
      server = await Server.start({
        channel: {
          namespaces: [
            { name: 'stream', ...common },
            { name: 'cache', ...common, history_size: 1, force_recovery_mode: 'cache' },
            { name: 'delta', ...common, allowed_delta_types: ['fossil'], delta_publish: true },
            { name: 'tags', allow_subscribe_for_client: true, allow_tags_filter: true },
          ],
        },
      });
      proxy = await TcpProxy.start(server.port);
    });
    after(async () => {
      proxy.close();
      await server.close();
    });
    afterEach(() => {
      disconnectAll();
      proxy.mend();
    });

    const payloads = (sub) => collect(sub, 'publication', (ctx) => variant.decode(ctx.data));

    /** Publishes while the network of the client is down; resolves to the context of the new subscription. */
    async function missing(client, sub, publish) {
      const lost = once(client, 'connecting');
      proxy.cut();
      await lost;
      await publish();
      const subscribed = once(sub, 'subscribed');
      proxy.mend();
      return subscribed;
    }

    it('gives what was published while the connection was broken, once and in order', async () => {
      const client = await connect(variant, proxy.websocket, 'ann');
      const sub = await subscribe(client, 'stream:missed');
      const messages = payloads(sub);
      await server.publish('stream:missed', 1);
      await messages.take(1);
      const ctx = await missing(client, sub, async () => {
        for (const n of [2, 3, 4]) await server.publish('stream:missed', n);
      });
      assert.deepEqual([ctx.wasRecovering, ctx.recovered], [true, true]);
      await server.publish('stream:missed', 5);
      assert.deepEqual(await messages.take(4), [2, 3, 4, 5]);
      assert.deepEqual(messages.seen, []);
    });

    it('says so when more was missed than the history keeps', async () => {
      const client = await connect(variant, proxy.websocket, 'ann');
      const sub = await subscribe(client, 'stream:lost');
      await server.publish('stream:lost', 0);
      const ctx = await missing(client, sub, async () => {
        for (let n = 1; n <= 8; n++) await server.publish('stream:lost', n);
      });
      assert.deepEqual([ctx.wasRecovering, ctx.recovered], [true, false]);
    });

    it('says so when the server has lost its history', async () => {
      const client = await connect(variant, server.websocket, 'ann');
      const sub = await subscribe(client, 'stream:forgotten');
      const messages = payloads(sub);
      await server.publish('stream:forgotten', 1);
      await messages.take(1);
      const subscribed = once(sub, 'subscribed', 20_000);
      await server.stop();
      await server.launch();
      const ctx = await subscribed;
      assert.deepEqual([ctx.wasRecovering, ctx.recovered], [true, false]);
    });

    it('gives the last value of a cache channel at once', async () => {
      await server.publish('cache:value', { v: 1 });
      await server.publish('cache:value', { v: 2 });
      const client = await connect(variant, proxy.websocket, 'ann');
      const sub = client.newSubscription('cache:value', { since: { offset: 0, epoch: '' } });
      const messages = payloads(sub);
      sub.subscribe();
      assert.deepEqual(await messages.take(1), [{ v: 2 }]);
    });

    it('restores publications from deltas', async () => {
      const document = (n) => ({ n, text: 'the same long text in every version of the document '.repeat(20) });
      const client = await connect(variant, proxy.websocket, 'ann');
      const sub = await subscribe(client, 'delta:doc', { delta: 'fossil' });
      const messages = payloads(sub);
      for (const n of [1, 2, 3]) await server.publish('delta:doc', document(n));
      assert.deepEqual(await messages.take(3), [1, 2, 3].map(document));
      await missing(client, sub, async () => {
        for (const n of [4, 5]) await server.publish('delta:doc', document(n));
      });
      await server.publish('delta:doc', document(6));
      assert.deepEqual(await messages.take(3), [4, 5, 6].map(document));
      if (variant.newest && sub.deltaStats()) assert.ok(sub.deltaStats().numDeltaPayloads >= 3);
    });

    it('sends only the publications whose tags fit', { skip: !variant.newest }, async () => {
      const client = await connect(variant, server.websocket, 'ann');
      const tagsFilter = { op: 'and', nodes: [{ key: 'kind', cmp: 'eq', val: 'goal' }, { key: 'minute', cmp: 'gte', val: '45' }] };
      const messages = payloads(await subscribe(client, 'tags:match', { tagsFilter }));
      await server.publish('tags:match', 'early', { tags: { kind: 'goal', minute: '12' } });
      await server.publish('tags:match', 'card', { tags: { kind: 'card', minute: '60' } });
      await server.publish('tags:match', 'none');
      await server.publish('tags:match', 'late', { tags: { kind: 'goal', minute: '88' } });
      assert.deepEqual(await messages.take(1), ['late']);
    });
  });
}
