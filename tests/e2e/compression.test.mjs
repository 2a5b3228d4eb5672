// Clients that agree to permessage-deflate, beside clients that do not.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import WebSocket from 'ws';
import { collect, connect, disconnectAll, subscribe, variants } from './lib/clients.mjs';
import { Server } from './lib/server.mjs';

/** Offers nothing. */
class Plain extends WebSocket {
  constructor(url, protocols, options) {
    super(url, protocols, { ...options, perMessageDeflate: false });
  }
}

/** Offers compression and remembers what was agreed to. */
class Compressing extends WebSocket {
  constructor(url, protocols, options) {
    super(url, protocols, { ...options, perMessageDeflate: { threshold: 0 } });
    this.on('upgrade', (response) => {
      Compressing.agreed = response.headers['sec-websocket-extensions'];
    });
  }
}

const channel = {
  namespaces: [
    {
      name: 'chat',
      allow_subscribe_for_client: true,
      allow_publish_for_subscriber: true,
      history_size: 20,
      history_ttl: '60s',
      force_recovery: true,
    },
  ],
};

for (const compression_min_size of [0, 300]) {
  describe(`compression from ${compression_min_size} bytes`, () => {
    let server;
    before(async () => {
      server = await Server.start({ channel, websocket: { compression: true, compression_min_size } });
    });
    after(() => server.close());
    afterEach(disconnectAll);

    for (const variant of variants) {
      it(`carries every message both ways with ${variant.name}`, async () => {
        const name = `chat:${variants.indexOf(variant)}`;
        const subs = [];
        for (const websocket of [Compressing, Compressing, Plain]) {
          const client = await connect(variant, server.websocket, 'ann', { websocket });
          subs.push(await subscribe(client, name));
        }
        assert.match(Compressing.agreed, /^permessage-deflate; server_no_context_takeover; client_no_context_takeover$/);
        const received = subs.map((sub) => collect(sub, 'publication', (ctx) => variant.decode(ctx.data)));
        const sent = [0, 1, 100, 299, 5000, 60_000].map((size, n) => ({ n, text: 'grüße 👋 '.repeat(size / 8) }));
        for (const message of sent) await server.publish(name, message);
        const own = { n: sent.length, text: 'x'.repeat(2000) };
        await subs[0].publish(variant.encode(own));
        for (const messages of received) assert.deepEqual(await messages.take(sent.length + 1), [...sent, own]);
      });
    }

    it('keeps up with many messages at once', async () => {
      const subs = [];
      for (const websocket of [Compressing, Plain]) {
        subs.push(await subscribe(await connect(variants[0], server.websocket, 'ann', { websocket }), 'chat:many'));
      }
      const received = subs.map((sub) => collect(sub, 'publication', (ctx) => ctx.data.n));
      const numbers = Array.from({ length: 300 }, (_, n) => n);
      await Promise.all(numbers.map((n) => subs[0].publish({ n, fill: 'ab'.repeat(n) })));
      const [one, other] = await Promise.all(received.map((messages) => messages.take(numbers.length)));
      assert.deepEqual(one, other);
      assert.deepEqual([...one].sort((a, b) => a - b), numbers);
    });
  });
}
