// The other ways to connect: HTTP streaming and SSE with the SDK's emulation, and the one-way streams.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import EventSource from 'eventsource';
import { collect, connect, disconnectAll, subscribe, variants } from './lib/clients.mjs';
import { Server, refusal, token, within } from './lib/server.mjs';
import { firstPublication, inEvents, inLines } from './lib/streams.mjs';

/** Each transport, and why it cannot be tested, if so. */
const transports = {};
for (const name of ['http_stream', 'sse', 'uni_sse', 'uni_http_stream']) {
  transports[name] = { skip: (await refusal({ [name]: { enabled: true } })) ?? false };
}

let server;
before(async () => {
  const built = Object.entries(transports).filter(([, { skip }]) => !skip);
  server = await Server.start({
    channel: { without_namespace: { allow_subscribe_for_client: true, allow_publish_for_client: true } },
    ...Object.fromEntries(built.map(([name]) => [name, { enabled: true }])),
  });
});
after(() => server.close());
afterEach(disconnectAll);

const options = (transport) => ({
  emulationEndpoint: server.url('http', '/emulation'),
  eventsource: EventSource,
  fetch,
  readableStream: ReadableStream,
  transport,
});

for (const variant of variants) {
  for (const transport of ['http_stream', 'sse']) {
    // Protobuf has no form as text, so SSE is always JSON.
    const textOnly = transport === 'sse' && variant.name.includes('Protobuf');
    const skip = textOnly || transports[transport].skip;
    it(`${transport} carries commands and publications (${variant.name})`, { skip }, async () => {
      const endpoint = server.url('http', `/connection/${transport}`);
      const client = await connect(variant, [{ transport, endpoint }], 'ann', options(transport));
      const channel = `over_${transport}`;
      const sub = await subscribe(client, channel);
      const messages = collect(sub, 'publication', (ctx) => variant.decode(ctx.data));
      await server.publish(channel, { from: 'backend' });
      await sub.publish(variant.encode({ from: 'client' }));
      assert.deepEqual(await messages.take(2), [{ from: 'backend' }, { from: 'client' }]);
    });
  }
}

describe('one-way streams', () => {
  it('uni_http_stream gives publications as lines', { skip: transports.uni_http_stream.skip }, async () => {
    const aborter = new AbortController();
    const response = await fetch(server.url('http', '/connection/uni_http_stream'), {
      method: 'POST',
      body: JSON.stringify({ token: token({ sub: 'ann' }), subs: { lines: {} } }),
      signal: aborter.signal,
    });
    assert.equal(response.status, 200);
    const got = firstPublication(response, inLines);
    await server.publish('lines', { n: 1 });
    assert.deepEqual(await within(5000, 'a publication', got), { n: 1 });
    aborter.abort();
  });

  it('uni_sse gives publications as events', { skip: transports.uni_sse.skip }, async () => {
    const aborter = new AbortController();
    const query = encodeURIComponent(JSON.stringify({ token: token({ sub: 'ann' }), subs: { events: {} } }));
    const response = await fetch(server.url('http', `/connection/uni_sse?cf_connect=${query}`), { signal: aborter.signal });
    assert.equal(response.headers.get('content-type').split(';')[0], 'text/event-stream');
    const got = firstPublication(response, inEvents);
    await server.publish('events', { n: 1 });
    assert.deepEqual(await within(5000, 'a publication', got), { n: 1 });
    aborter.abort();
  });
});
