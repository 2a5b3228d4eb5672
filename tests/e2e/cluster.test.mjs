// Nodes that know each other, over each server that can join them: what is asked of one is done by all.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import EventSource from 'eventsource';
import { joiners } from './lib/backends.mjs';
import { collect, connect, disconnectAll, newClient, once, subscribe, variants } from './lib/clients.mjs';
import { Server, refusal, until } from './lib/server.mjs';

const [variant] = variants;
const channel = {
  without_namespace: { allow_subscribe_for_client: true },
  namespaces: [{ name: 'one', presence: true }],
};
const client = {
  subscribe_to_user_personal_channel: { enabled: true, personal_channel_namespace: 'one', single_connection: true },
};

for (const joiner of joiners) {
  const skip = (await refusal(joiner.config(1))) ?? false;
  describe(`a cluster joined by ${joiner.name}`, { skip }, () => {
    let backend;
    let nodes;
    const config = (more = {}) => ({
      channel,
      sse: { enabled: true },
      http_stream: { enabled: true },
      ...joiner.config(backend.port),
      ...more,
    });
    const nodeOptions = (n) => ({ name: `node-${n}`, info_metrics_aggregate_interval: '2s' });
    const knows = (node, count) =>
      until(`${count} nodes`, async () => (await node.api('info')).nodes.length === count, 15_000);

    before(async () => {
      backend = await joiner.start();
      nodes = await Promise.all([1, 2, 3].map((n) => Server.start(config({ node: nodeOptions(n) }))));
      for (const node of nodes) await knows(node, 3);
    });
    after(async () => {
      for (const node of nodes ?? []) await node.close();
      await backend.close();
    });
    afterEach(disconnectAll);

    it('knows its nodes', async () => {
      const names = (await nodes[1].api('info')).nodes.map(({ name }) => name);
      assert.deepEqual(names.sort(), ['node-1', 'node-2', 'node-3']);
      const [ann, bob] = await Promise.all([0, 2].map((n) => connect(variant, nodes[n].websocket, `user${n}`)));
      const clients = async () =>
        (await nodes[1].api('info')).nodes.reduce((sum, node) => sum + (node.num_clients ?? 0), 0);
      await until('pings tell of both', async () => (await clients()) === 2);
      ann.disconnect();
      bob.disconnect();
      await until('and of their end', async () => (await clients()) === 0);
    });

    it('tells what each of its nodes counted in the last interval', async () => {
      await nodes[0].publish('counted', {});
      const publications = async (name) => {
        const { metrics } = (await nodes[1].api('info')).nodes.find((node) => node.name === name);
        assert.equal(metrics.interval, 2);
        return metrics.items['centrifugo.node.messages_sent_count.type.publication'];
      };
      await until('the publication is counted', async () => (await publications('node-1')) === 1, 15_000);
      assert.equal(await publications('node-2'), 0);
      await until('an interval without one', async () => (await publications('node-1')) === 0, 15_000);
    });

    it('lists the channels of all nodes', async () => {
      const clients = await Promise.all(nodes.map((node, n) => connect(variant, node.websocket, `user${n}`)));
      await Promise.all(clients.map((c) => subscribe(c, 'shared')));
      await subscribe(clients[2], 'alone');
      const { channels } = await nodes[0].api('channels');
      assert.deepEqual(channels, { alone: { num_clients: 1 }, shared: { num_clients: 3 } });
      assert.deepEqual((await nodes[1].api('channels', { pattern: 'al*' })).channels, { alone: { num_clients: 1 } });
    });

    it('reaches a user on every node', async () => {
      const clients = await Promise.all(nodes.map((node) => connect(variant, node.websocket, 'ann')));
      const all = (event) => Promise.all(clients.map((c) => once(c, event)));
      const subscribed = all('subscribed');
      await nodes[0].api('subscribe', { user: 'ann', channel: 'wanted' });
      await subscribed;
      const got = all('publication');
      await nodes[1].publish('wanted', 1);
      assert.deepEqual((await got).map(({ data }) => data), [1, 1, 1]);
      const unsubscribed = all('unsubscribed');
      await nodes[2].api('unsubscribe', { user: 'ann', channel: 'wanted' });
      await unsubscribed;
      const disconnected = all('disconnected');
      await nodes[1].api('disconnect', { user: 'ann' });
      assert.deepEqual((await disconnected).map(({ code }) => code), [3503, 3503, 3503]);
    });

    it('refreshes a user on every node', async () => {
      const clients = await Promise.all(nodes.map((node) => connect(variant, node.websocket, 'ann')));
      const gone = Promise.all(clients.map((c) => once(c, 'connecting')));
      await nodes[0].api('refresh', { user: 'ann', expired: true });
      assert.deepEqual((await gone).map(({ code }) => code), [3005, 3005, 3005]);
    });

    for (const transport of ['sse', 'http_stream']) {
      it(`takes the commands of ${transport} at any node`, async () => {
        const endpoint = nodes[0].url('http', `/connection/${transport}`);
        const c = await connect(variant, [{ transport, endpoint }], 'ann', {
          emulationEndpoint: nodes[1].url('http', '/emulation'),
          eventsource: EventSource,
          fetch,
          readableStream: ReadableStream,
        });
        const sub = await subscribe(c, `emulated_${transport}`);
        const messages = collect(sub, 'publication', (ctx) => ctx.data);
        await nodes[2].publish(`emulated_${transport}`, 'here');
        assert.deepEqual(await messages.take(1), ['here']);
      });
    }

    it('leaves a user one connection', { skip: joiner.sharesPresence ? false : 'presence is each node’s own' }, async () => {
      const single = await Promise.all([1, 2].map(() => Server.start(config({ client }))));
      try {
        for (const node of single) await knows(node, 5);
        const first = await connect(variant, single[0].websocket, 'ann');
        const gone = once(first, 'disconnected');
        const second = newClient(variant, single[1].websocket, 'ann');
        second.connect();
        assert.equal((await gone).code, 3504);
        await second.ready(5000);
      } finally {
        for (const node of single) await node.close();
      }
    });

    it('notices nodes that leave, and nodes that die', async () => {
      const [leaves, dies] = await Promise.all([1, 2].map(() => Server.start(config())));
      await knows(nodes[0], 5);
      await leaves.stop();
      await until('it said so', async () => (await nodes[0].api('info')).nodes.length === 4, 2500);
      dies.program.child.kill('SIGKILL');
      await knows(nodes[0], 3);
      await Promise.all([leaves.close(), dies.close()]);
    });
  });
}
