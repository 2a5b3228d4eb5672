// The official SDK, in each version and format under test, and waiting for its events.
import * as newest from 'centrifuge';
import * as newestProtobuf from 'centrifuge/build/protobuf';
import * as of2024 from 'centrifuge-2024';
import * as of2024Protobuf from 'centrifuge-2024/build/protobuf';
import WebSocket from 'ws';
import { token, within } from './server.mjs';

const EVENT_MS = 10_000;

const jsonData = (value) => value;
const bytes = (value) => new TextEncoder().encode(JSON.stringify(value));

/**
 * SDK version × wire format. In Protobuf the SDK's payloads are bytes: `encode` makes what it sends and `decode`
 * reads what it gives, so that tests speak of values.
 */
export const variants = [
  { name: 'newest SDK, JSON', sdk: newest, encode: jsonData, decode: jsonData, newest: true },
  { name: 'newest SDK, Protobuf', sdk: newestProtobuf, encode: bytes, decode: parse, newest: true },
  { name: 'SDK of 2024, JSON', sdk: of2024, encode: jsonData, decode: jsonData, newest: false },
  { name: 'SDK of 2024, Protobuf', sdk: of2024Protobuf, encode: bytes, decode: parse, newest: false },
];

function parse(data) {
  return JSON.parse(Buffer.from(data).toString());
}

const open = new Set();

/** A client of the user, not yet connected; `options` go to the SDK. */
export function newClient(variant, url, user, options = {}) {
  const client = new variant.sdk.Centrifuge(url, {
    websocket: WebSocket,
    minReconnectDelay: 20,
    maxReconnectDelay: 200,
    ...(user === undefined ? {} : { token: token({ sub: user }) }),
    ...options,
  });
  client.on('error', () => {}); // transport errors of a reconnect are told as states too
  open.add(client);
  return client;
}

/** A connected client. */
export async function connect(variant, url, user, options) {
  const client = newClient(variant, url, user, options);
  client.connect();
  await within(EVENT_MS, 'connect', client.ready());
  return client;
}

/** A subscription in the subscribed state, with `context` what the event told. */
export async function subscribe(client, channel, options) {
  const sub = client.newSubscription(channel, options);
  const subscribed = once(sub, 'subscribed');
  sub.on('error', () => {});
  sub.subscribe();
  sub.context = await subscribed;
  return sub;
}

/** The next event of that name. */
export function once(emitter, event, ms = EVENT_MS) {
  return within(ms, event, new Promise((resolve) => emitter.once(event, resolve)));
}

/** Everything an emitter tells from now on under a name; `take(n)` waits for the next n of them. */
export function collect(emitter, event, map = (ctx) => ctx) {
  const seen = [];
  let wake = () => {};
  emitter.on(event, (ctx) => {
    seen.push(map(ctx));
    wake();
  });
  const enough = async (n) => {
    while (seen.length < n) await new Promise((resolve) => { wake = resolve; });
  };
  return {
    seen,
    async take(n, ms = EVENT_MS) {
      await within(ms, `${n} × ${event}, after ${seen.length}`, enough(n));
      return seen.splice(0, n);
    },
  };
}

/** Disconnects every client that a test left open. For `afterEach`. */
export function disconnectAll() {
  for (const client of open) client.disconnect();
  open.clear();
}
