// Connecting: who is let in, what the client is told, and what happens when the server goes away.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { collect, connect, disconnectAll, newClient, once, subscribe, variants } from './lib/clients.mjs';
import { Server, now, token } from './lib/server.mjs';

for (const variant of variants) {
  describe(`connecting with ${variant.name}`, () => {
    let server;
    before(async () => {
      server = await Server.start({
        channel: { without_namespace: { allow_subscribe_for_client: true } },
        client: { expired_close_delay: '1s' },
      });
    });
    after(() => server.close());
    afterEach(disconnectAll);

    it('tells the client its id', async () => {
      const client = newClient(variant, server.websocket, 'ann');
      const connected = once(client, 'connected');
      client.connect();
      const ctx = await connected;
      assert.match(ctx.client, /^[0-9a-f-]{36}$/);
      assert.equal(ctx.transport, 'websocket');
    });

    it('refuses a connection without a token for good', async () => {
      const client = newClient(variant, server.websocket);
      const disconnected = once(client, 'disconnected');
      client.connect();
      assert.equal((await disconnected).code, 3501);
    });

    it('refuses a token with another signature for good', async () => {
      const client = newClient(variant, server.websocket, undefined, { token: token({ sub: 'ann' }, 'wrong') });
      const disconnected = once(client, 'disconnected');
      client.connect();
      assert.equal((await disconnected).code, 3500);
    });

    it('asks for a new token when the first has expired', async () => {
      let asked = 0;
      const client = await connect(variant, server.websocket, undefined, {
        token: token({ sub: 'ann', exp: now(-10) }),
        getToken: async () => {
          asked++;
          return token({ sub: 'ann' });
        },
      });
      assert.equal(client.state, 'connected');
      assert.equal(asked, 1);
    });

    it('keeps a connection whose token is refreshed in time', async () => {
      let asked = 0;
      let refreshed;
      const twice = new Promise((resolve) => { refreshed = resolve; });
      const client = await connect(variant, server.websocket, undefined, {
        getToken: async () => {
          if (++asked === 2) refreshed();
          return token({ sub: 'ann', exp: now(asked === 1 ? 2 : 3600) });
        },
      });
      const left = collect(client, 'connecting');
      await twice;
      await client.rpc('anything', variant.encode({})).catch(() => {}); // one more round trip on the connection
      assert.equal(client.state, 'connected');
      assert.deepEqual(left.seen, []);
    });

    it('gives up when getToken says that the user is not allowed', async () => {
      const client = newClient(variant, server.websocket, undefined, {
        getToken: () => Promise.reject(new variant.sdk.UnauthorizedError('no')),
      });
      const disconnected = once(client, 'disconnected');
      client.connect();
      assert.equal((await disconnected).code, 1); // the SDK's code for "unauthorized"
    });

    it('reconnects and subscribes again after the server restarts', async () => {
      const client = await connect(variant, server.websocket, 'ann');
      const sub = await subscribe(client, 'restart');
      const messages = collect(sub, 'publication', (ctx) => variant.decode(ctx.data));
      const connecting = once(client, 'connecting');
      await server.stop();
      assert.equal((await connecting).code, 3001);
      const subscribed = once(sub, 'subscribed', 20_000);
      await server.launch();
      await subscribed;
      await server.publish('restart', { n: 1 });
      assert.deepEqual(await messages.take(1), [{ n: 1 }]);
    });

    it('is disconnected by the API with the code of the backend', async () => {
      const client = await connect(variant, server.websocket, 'bob');
      const disconnected = once(client, 'disconnected');
      await server.api('disconnect', { user: 'bob', disconnect: { code: 4500, reason: 'go away' } });
      const ctx = await disconnected;
      assert.deepEqual([ctx.code, ctx.reason], [4500, 'go away']);
    });
  });
}
