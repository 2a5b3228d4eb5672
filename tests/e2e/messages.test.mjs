// The everyday life of a client: subscriptions, publications, presence, history, calls.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { collect, connect, disconnectAll, once, subscribe, variants } from './lib/clients.mjs';
import { Server, token } from './lib/server.mjs';

const channelOptions = {
  allow_subscribe_for_client: true,
  allow_publish_for_subscriber: true,
  presence: true,
  allow_presence_for_subscriber: true,
  join_leave: true,
  force_push_join_leave: true,
  history_size: 10,
  history_ttl: '60s',
  allow_history_for_subscriber: true,
};

for (const variant of variants) {
  describe(`messages with ${variant.name}`, () => {
    let server;
    before(async () => {
      server = await Server.start({
        channel: {
          namespaces: [
            { name: 'chat', ...channelOptions },
            { name: 'closed' },
            { name: 'quiet', allow_subscribe_for_client: true },
          ],
        },
        client: { subscription_token: { enabled: false } },
      });
    });
    after(() => server.close());
    afterEach(disconnectAll);

    const user = (name, options) => connect(variant, server.websocket, name, options);
    const payloads = (sub) => collect(sub, 'publication', (ctx) => variant.decode(ctx.data));

    it('delivers what the backend publishes, in order', async () => {
      const sub = await subscribe(await user('ann'), 'chat:order');
      const messages = payloads(sub);
      const sent = Array.from({ length: 50 }, (_, n) => ({ n, text: 'grüße 👋' }));
      for (const message of sent) await server.publish('chat:order', message);
      assert.deepEqual(await messages.take(50), sent);
    });

    it('delivers what another client publishes, with who it was', async () => {
      const ann = await subscribe(await user('ann'), 'chat:two');
      const bob = await subscribe(await user('bob'), 'chat:two');
      const got = once(ann, 'publication');
      await bob.publish(variant.encode({ from: 'bob' }));
      const ctx = await got;
      assert.deepEqual(variant.decode(ctx.data), { from: 'bob' });
      assert.equal(ctx.info.user, 'bob');
      assert.ok(ctx.offset >= 1);
    });

    it('delivers to every channel of a broadcast', async () => {
      const client = await user('ann');
      const one = payloads(await subscribe(client, 'quiet:b1'));
      const two = payloads(await subscribe(client, 'quiet:b2'));
      await server.api('broadcast', { channels: ['quiet:b1', 'quiet:b2'], data: { all: true } });
      assert.deepEqual(await one.take(1), [{ all: true }]);
      assert.deepEqual(await two.take(1), [{ all: true }]);
    });

    it('delivers nothing more after unsubscribe', async () => {
      const client = await user('ann');
      const gone = await subscribe(client, 'quiet:gone');
      const other = payloads(await subscribe(client, 'quiet:other'));
      const messages = payloads(gone);
      gone.unsubscribe();
      await client.rpc('none', variant.encode({})).catch(() => {}); // the server has seen the unsubscribe
      await server.publish('quiet:gone', 1);
      await server.publish('quiet:other', 2);
      await other.take(1);
      assert.deepEqual(messages.seen, []);
    });

    it('refuses a channel that the client may not have', async () => {
      const sub = (await user('ann')).newSubscription('closed:door');
      const unsubscribed = once(sub, 'unsubscribed');
      sub.subscribe();
      assert.equal((await unsubscribed).code, 103);
    });

    it('refuses a publication that the client may not make', async () => {
      const sub = await subscribe(await user('ann'), 'quiet:read');
      await assert.rejects(sub.publish(variant.encode({})), { code: 103 });
    });

    it('lets in whoever has a token for the channel, and takes a fresh one before it expires', async () => {
      const channel = 'closed:token';
      const claims = { sub: 'ann', channel };
      let asked = 0;
      let refreshed;
      const twice = new Promise((resolve) => { refreshed = resolve; });
      const sub = await subscribe(await user('ann'), channel, {
        getToken: async (ctx) => {
          assert.equal(ctx.channel, channel);
          if (++asked === 2) refreshed();
          return token({ ...claims, exp: Math.floor(Date.now() / 1000) + (asked === 1 ? 2 : 3600) });
        },
      });
      const messages = payloads(sub);
      await twice;
      await server.publish(channel, 'still here');
      assert.deepEqual(await messages.take(1), ['still here']);
    });

    it('tells who is in a channel', async () => {
      const ann = await subscribe(await user('ann'), 'chat:who');
      await subscribe(await user('bob'), 'chat:who');
      await subscribe(await user('bob'), 'chat:who');
      const { clients } = await ann.presence();
      assert.deepEqual(Object.values(clients).map((c) => c.user).sort(), ['ann', 'bob', 'bob']);
      const stats = await ann.presenceStats();
      assert.deepEqual([stats.numClients, stats.numUsers], [3, 2]);
    });

    it('tells who comes and who goes', async () => {
      const ann = await subscribe(await user('ann'), 'chat:door');
      const joins = collect(ann, 'join', (ctx) => ctx.info.user);
      const leaves = collect(ann, 'leave', (ctx) => ctx.info.user);
      const bob = await user('bob');
      await subscribe(bob, 'chat:door');
      while ((await joins.take(1))[0] !== 'bob') { /* ann's own join may come first */ }
      bob.disconnect();
      assert.deepEqual(await leaves.take(1), ['bob']);
    });

    it('keeps history and gives it page by page, both ways', async () => {
      const sub = await subscribe(await user('ann'), 'chat:history');
      for (let n = 1; n <= 12; n++) await server.publish('chat:history', { n });
      const numbers = (result) => result.publications.map((p) => variant.decode(p.data).n);
      const top = await sub.history({ limit: 0 });
      assert.equal(top.offset, 12);
      assert.deepEqual(top.publications, []);
      const first = await sub.history({ limit: 3, since: { offset: 2, epoch: top.epoch } });
      assert.deepEqual(numbers(first), [3, 4, 5]);
      const last = await sub.history({ limit: 2, reverse: true });
      assert.deepEqual(numbers(last), [12, 11]);
      const all = await sub.history({ limit: -1 });
      assert.deepEqual(numbers(all), [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]); // the oldest two fell out
    });

    it('says that there is no such method', async () => {
      await assert.rejects((await user('ann')).rpc('nothing', variant.encode({ a: 1 })), { code: 108 });
    });

    it('answers every command of a batch', async () => {
      const client = await user('ann');
      const sub = await subscribe(client, 'chat:batch');
      const messages = payloads(sub);
      client.startBatching();
      const replies = [1, 2, 3].map((n) => sub.publish(variant.encode({ n })));
      replies.push(sub.presenceStats());
      client.stopBatching();
      assert.equal((await Promise.all(replies)).length, 4);
      assert.deepEqual(await messages.take(3), [{ n: 1 }, { n: 2 }, { n: 3 }]);
    });

    it('subscribes on behalf of the client, by the token and by the API', async () => {
      const client = await user(undefined, { token: token({ sub: 'ann', channels: ['quiet:mine'] }) });
      const messages = collect(client, 'publication', (ctx) => [ctx.channel, variant.decode(ctx.data)]);
      await server.publish('quiet:mine', 1);
      assert.deepEqual(await messages.take(1), [['quiet:mine', 1]]);
      const subscribed = once(client, 'subscribed');
      await server.api('subscribe', { user: 'ann', channel: 'quiet:later' });
      assert.equal((await subscribed).channel, 'quiet:later');
      await server.publish('quiet:later', 2);
      assert.deepEqual(await messages.take(1), [['quiet:later', 2]]);
      const unsubscribed = once(client, 'unsubscribed');
      await server.api('unsubscribe', { user: 'ann', channel: 'quiet:later' });
      assert.equal((await unsubscribed).channel, 'quiet:later');
    });

    it('takes a subscription away when the API says so', async () => {
      const sub = await subscribe(await user('cut'), 'quiet:away');
      const unsubscribed = once(sub, 'unsubscribed');
      await server.api('unsubscribe', { user: 'cut', channel: 'quiet:away' });
      assert.equal((await unsubscribed).code, 2000);
    });
  });
}
