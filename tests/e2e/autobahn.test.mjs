// The rules of WebSocket, case by case, numbered and named as in the Autobahn test suite. That one expects an echo
// server: here a message is a command to publish to a channel that the sender follows, and what comes back is the
// publication. The table of results is printed at the end.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { BINARY, CLOSE, PING, PONG, RawWebSocket, TEXT, closing, deflated, frame } from './lib/raw_websocket.mjs';
import { Server, token } from './lib/server.mjs';

const LIMIT = 65536;
const CHANNEL = 'echo';
const CONTINUATION = 0;
const PROTOCOL_ERROR = 1002;
const BAD_DATA = 1007;
const TOO_BIG = 1009;
const BAD_REQUEST = 3501;

let server;
const results = [];
before(async () => {
  server = await Server.start({
    websocket: { compression: true, message_size_limit: LIMIT },
    channel: { without_namespace: { allow_subscribe_for_client: true, allow_publish_for_client: true } },
  });
});
after(async () => {
  for (const { name, passed, total } of results) console.log(`${name.padEnd(34)} ${String(passed).padStart(3)} of ${total}`);
  const sum = (key) => results.reduce((all, row) => all + row[key], 0);
  console.log(`${'all'.padEnd(34)} ${String(sum('passed')).padStart(3)} of ${sum('total')}`);
  await server.close();
});

const command = (fields) => Buffer.from(JSON.stringify({ id: 9, ...fields }));
/** A message that comes back as a publication of the value. */
const publish = (value) => command({ publish: { channel: CHANNEL, data: value } });
/** The same, with these bytes inside its text. */
const publishBytes = (bytes) => {
  const [first, last] = publish('@').toString().split('@');
  return Buffer.concat([Buffer.from(first), bytes, Buffer.from(last)]);
};
/** A value whose message is so long. */
const valueOfSize = (size) => 'x'.repeat(size - publish('').length);

// The few fields of the Protobuf form that these cases need.
const varint = (n) => (n < 128 ? [n] : [(n & 0x7f) | 0x80, ...varint(n >> 7)]);
const field = (number, bytes) => Buffer.concat([Buffer.from([...varint((number << 3) | 2), ...varint(bytes.length)]), Buffer.from(bytes)]);
const lengthPrefixed = (bytes) => Buffer.concat([Buffer.from(varint(bytes.length)), bytes]);
const withId = (bytes) => lengthPrefixed(Buffer.concat([Buffer.from([8, 9]), bytes]));
const publishBinary = (data) => withId(field(7, Buffer.concat([field(1, Buffer.from(CHANNEL)), field(2, data)])));

/** A connected, subscribed client, whose `echo` waits for a publication. */
class Echo extends RawWebSocket {
  #waiting = [];

  static async start({ extensions, binary = false } = {}) {
    const headers = extensions ? [`Sec-WebSocket-Extensions: ${extensions}`] : [];
    const path = `/connection/websocket${binary ? '?format=protobuf' : ''}`;
    const echo = await Echo.open(server.port, path, headers);
    const jwt = token({ sub: 'autobahn' });
    if (binary) {
      echo.send(frame(BINARY, Buffer.concat([withId(field(4, field(1, Buffer.from(jwt)))), withId(field(5, field(1, Buffer.from(CHANNEL))))])));
    } else {
      echo.send(frame(TEXT, Buffer.concat([command({ connect: { token: jwt } }), Buffer.from('\n'), command({ subscribe: { channel: CHANNEL } })])));
    }
    for (let replies = 0; replies < 2;) {
      const { payload } = await echo.next();
      replies += binary ? 1 : payload.toString().split('\n').filter((line) => line.includes('"id":9')).length;
    }
    return echo;
  }

  /** Waits for publications of the values, in this order. */
  async echo(...values) {
    for (const value of values) assert.ok((await this.#publication()) === value, 'another publication came');
  }

  async #publication() {
    for (;;) {
      if (this.#waiting.length) return this.#waiting.shift();
      const got = await this.next();
      assert.ok(got, 'the connection ended');
      assert.notEqual(got.opcode, CLOSE, `closed: ${got.payload.toString('latin1')}`);
      if (got.opcode !== TEXT) continue;
      const messages = got.payload.toString().split('\n').filter(Boolean).map((line) => JSON.parse(line));
      this.#waiting.push(...messages.filter((message) => message.push?.pub).map((message) => message.push.pub.data));
    }
  }

  async echoBinary(data) {
    for (;;) {
      const got = await this.next();
      assert.ok(got, 'the connection ended');
      assert.notEqual(got.opcode, CLOSE, `closed: ${got.payload.toString('latin1')}`);
      if (got.payload.includes(Buffer.concat([Buffer.from([(4 << 3) | 2, ...varint(data.length)]), data]))) return;
    }
  }

  /** Waits for pongs with these payloads, in this order. */
  async pong(...payloads) {
    for (const payload of payloads) {
      let got;
      do got = await this.next(); while (got && got.opcode !== PONG);
      assert.ok(got?.payload.equals(Buffer.from(payload)), 'another pong came');
    }
  }

  async closes(code) {
    assert.equal(await this.closeCode(), code);
  }
}
/** A test of a section: each row is a case's number and what it does with a fresh client. */
function section(name, rows, options) {
  it(name, async () => {
    const failures = [];
    for (const [id, play] of rows) {
      const client = await Echo.start(options);
      try {
        await play(client);
      } catch (error) {
        failures.push(`${id}: ${error.message}`);
      } finally {
        client.destroy();
      }
    }
    results.push({ name, passed: rows.length - failures.length, total: rows.length });
    assert.deepEqual(failures, []);
  });
}

/** Sends the message as frames of so many bytes each, `between` after each but the last. */
function sendFragments(client, opcode, message, size, { rsv = 0, between = () => {} } = {}) {
  for (let at = 0; at < message.length; at += size) {
    const fin = at + size >= message.length;
    client.send(frame(at ? CONTINUATION : opcode, message.subarray(at, at + size), { fin, rsv: at ? 0 : rsv }));
    if (!fin) between(at / size);
  }
}

/** Two halves of a message that comes back as the value. */
function halves(value) {
  const message = publish(value);
  const middle = Math.floor(message.length / 2);
  return [message.subarray(0, middle), message.subarray(middle)];
}

const text = (value, options) => frame(TEXT, publish(value), options);

section('1.1 text messages', [
  ['1.1.1', async (c) => { c.send(frame(TEXT, '')); await c.closes(BAD_REQUEST); }], // no command has no bytes
  ...[100, 125, 126, 127, 128, 65535, 65536].map((size, i) => [`1.1.${i + 2}`, async (c) => {
    const value = valueOfSize(size);
    c.send(text(value));
    await c.echo(value);
  }]),
  ['1.1.9', async (c) => {
    const value = valueOfSize(65536);
    await c.sendChopped(text(value), 997);
    await c.echo(value);
  }],
]);

section('1.2 binary messages', [1, 84, 125, 126, 127, 128, 65000].map((size, i) => [`1.2.${i + 1}`, async (c) => {
  const data = Buffer.alloc(size, 0xfe);
  await c.sendChopped(frame(BINARY, publishBinary(data)), i % 2 ? 997 : 70000);
  await c.echoBinary(data);
}]), { binary: true });

const payloads = { empty: '', text: 'Hello, world!', binary: Buffer.from([0, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0, 0xff]), long: Buffer.alloc(125, 0xfe) };
const tenPings = Array.from({ length: 10 }, (_, i) => `payload-${i}`);

section('2 pings and pongs', [
  ...Object.values(payloads).map((payload, i) => [`2.${i + 1}`, async (c) => {
    c.send(frame(PING, payload));
    await c.pong(payload);
  }]),
  ['2.5', async (c) => { c.send(frame(PING, Buffer.alloc(126, 0xfe))); await c.closes(PROTOCOL_ERROR); }],
  ['2.6', async (c) => { await c.sendChopped(frame(PING, payloads.long), 1); await c.pong(payloads.long); }],
  ['2.7', async (c) => { c.send(frame(PONG)); c.send(text('7')); await c.echo('7'); }],
  ['2.8', async (c) => { c.send(frame(PONG, 'unsolicited')); c.send(text('8')); await c.echo('8'); }],
  ['2.9', async (c) => { c.send(Buffer.concat([frame(PONG, 'unsolicited'), frame(PING, 'ping')])); await c.pong('ping'); }],
  ['2.10', async (c) => { for (const ping of tenPings) c.send(frame(PING, ping)); await c.pong(...tenPings); }],
  ['2.11', async (c) => { for (const ping of tenPings) await c.sendChopped(frame(PING, ping), 1); await c.pong(...tenPings); }],
]);

section('3 reserved bits', [
  ['3.1', async (c) => { c.send(text('1', { rsv: 4 })); await c.closes(PROTOCOL_ERROR); }],
  ['3.2', async (c) => {
    c.send(text('2'));
    c.send(text('never', { rsv: 2 }));
    c.send(frame(PING));
    await c.echo('2');
    await c.closes(PROTOCOL_ERROR);
  }],
  ['3.3', async (c) => { c.send(Buffer.concat([text('3'), text('never', { rsv: 3 })])); await c.echo('3'); await c.closes(PROTOCOL_ERROR); }],
  ['3.4', async (c) => { await c.sendChopped(text('4', { rsv: 4 }), 1); await c.closes(PROTOCOL_ERROR); }],
  ['3.5', async (c) => { c.send(frame(BINARY, payloads.binary, { rsv: 5 })); await c.closes(PROTOCOL_ERROR); }],
  ['3.6', async (c) => { c.send(frame(PING, 'ping', { rsv: 6 })); await c.closes(PROTOCOL_ERROR); }],
  ['3.7', async (c) => { c.send(frame(CLOSE, closing(1000), { rsv: 7 })); await c.closes(PROTOCOL_ERROR); }],
  ['3.8', async (c) => { c.send(text('unmasked', { masked: false })); await c.closes(PROTOCOL_ERROR); }],
]);

section('4 reserved opcodes', [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode, i) => [`4.${i < 5 ? 1 : 2}.${(i % 5) + 1}`, async (c) => {
  c.send(text('before'));
  c.send(frame(opcode, i % 2 ? 'payload' : ''));
  c.send(frame(PING));
  await c.echo('before');
  await c.closes(PROTOCOL_ERROR);
}]));

section('5 fragmentation', [
  ['5.1', async (c) => { c.send(frame(PING, 'a', { fin: false })); c.send(frame(CONTINUATION, 'b')); await c.closes(PROTOCOL_ERROR); }],
  ['5.2', async (c) => { c.send(frame(PONG, 'a', { fin: false })); c.send(frame(CONTINUATION, 'b')); await c.closes(PROTOCOL_ERROR); }],
  ...[70000, 70000, 1].map((chop, i) => [`5.${i + 3}`, async (c) => {
    const [first, last] = halves('in two');
    const frames = [frame(TEXT, first, { fin: false }), frame(CONTINUATION, last)];
    if (i === 1) for (const one of frames) c.send(one);
    else await c.sendChopped(Buffer.concat(frames), chop);
    await c.echo('in two');
  }]),
  ...[70000, 70000, 1].map((chop, i) => [`5.${i + 6}`, async (c) => {
    const [first, last] = halves('around a ping');
    const frames = [frame(TEXT, first, { fin: false }), frame(PING, 'inside'), frame(CONTINUATION, last)];
    if (i === 1) for (const one of frames) c.send(one);
    else await c.sendChopped(Buffer.concat(frames), chop);
    await c.pong('inside');
    await c.echo('around a ping');
  }]),
  ...[true, true, true, false, false, false].map((fin, i) => [`5.${i + 9}`, async (c) => {
    await c.sendChopped(Buffer.concat([frame(CONTINUATION, 'of nothing', { fin }), text('never')]), i % 3 === 2 ? 1 : 70000);
    await c.closes(PROTOCOL_ERROR);
  }]),
  ['5.15', async (c) => {
    const [first, last] = halves('whole');
    c.send(Buffer.concat([frame(TEXT, first, { fin: false }), frame(CONTINUATION, last), frame(CONTINUATION, 'x', { fin: false }), text('never')]));
    await c.echo('whole');
    await c.closes(PROTOCOL_ERROR);
  }],
  ...[false, true].map((fin, i) => [`5.${i + 16}`, async (c) => {
    for (let n = 0; n < 2; n++) c.send(Buffer.concat([frame(CONTINUATION, 'x', { fin }), frame(TEXT, 'y', { fin }), frame(CONTINUATION, 'z')]));
    await c.closes(PROTOCOL_ERROR);
  }]),
  ['5.18', async (c) => { c.send(frame(TEXT, 'a', { fin: false })); c.send(frame(TEXT, 'b')); await c.closes(PROTOCOL_ERROR); }],
  ...[false, true].map((slowly, i) => [`5.${i + 19}`, async (c) => {
    const value = 'five fragments and pings';
    const message = publish(value);
    const step = Math.ceil(message.length / 5);
    const pings = ['0', '1', '2', '3'];
    if (slowly) {
      for (let n = 0; n < 5; n++) {
        await c.sendChopped(frame(n ? CONTINUATION : TEXT, message.subarray(n * step, (n + 1) * step), { fin: n === 4 }), 7);
        if (n < 4) await c.sendChopped(frame(PING, pings[n]), 1);
      }
    } else {
      sendFragments(c, TEXT, message, step, { between: (n) => c.send(frame(PING, pings[n])) });
    }
    await c.pong(...pings);
    await c.echo(value);
  }]),
]);

const hex = (bytes) => Buffer.from(bytes, 'hex');
// Sections 6.5 to 6.23 and Markus Kuhn's stress test: what is a character and what is not.
const goodUtf8 = ['cebae1bdb9cf83cebcceb5', 'c280', 'e0a080', 'f0908080', 'dfbf', 'efbfbf', 'f48fbfbf', 'ed9fbf', 'ee8080', 'efbfbd', 'efbfbe',
  'f09fbfbe', 'f3bfbfbf', 'e282ac', 'f0a4ada2', '7f'];
const badUtf8 = ['80', 'bf', '80bf80', 'c0', 'df', 'e0', 'ef', 'f0', 'f7', 'c080', 'c1bf', 'e08080', 'e09fbf', 'f0808080', 'f08fbfbf', 'f8', 'fb',
  'fc', 'fe', 'ff', 'fefeffff', 'eda080', 'edad bf', 'edbfbf', 'eda080edb080', 'f4908080', 'f7bfbfbf', 'f888808080', 'fc8480808080', 'e282',
  'f0a4ad', 'cebae1bdb9cf83cebcceb5eda080656469746564', 'cebae1bdb9cf83cebcceb5f4908080656469746564'].map((text) => text.replaceAll(' ', ''));

section('6 UTF-8', [
  ['6.1.1', async (c) => {
    c.send(Buffer.concat([frame(TEXT, '', { fin: false }), frame(CONTINUATION, publish('empty around'), { fin: false }), frame(CONTINUATION, '')]));
    await c.echo('empty around');
  }],
  ...goodUtf8.flatMap((bytes) => [70000, 1].map((size) => [`6.2 ${bytes} in frames of ${size}`, async (c) => {
    sendFragments(c, TEXT, publishBytes(hex(bytes)), size);
    await c.echo(hex(bytes).toString());
  }])),
  ...badUtf8.flatMap((bytes) => [70000, 1].map((size) => [`6.3 ${bytes} in frames of ${size}`, async (c) => {
    sendFragments(c, TEXT, publishBytes(hex(bytes)), size);
    await c.closes(BAD_DATA);
  }])),
]);

section('7 closing', [
  ['7.1.1', async (c) => { c.send(text('first')); c.send(frame(CLOSE, closing(1000))); await c.echo('first'); await c.closes(1000); }],
  ['7.1.2', async (c) => { c.send(Buffer.concat([frame(CLOSE, closing(1000)), frame(CLOSE, closing(1001))])); await c.closes(1000); }],
  ['7.1.3', async (c) => {
    c.send(Buffer.concat([frame(CLOSE, closing(1000)), frame(PING, 'late')]));
    assert.equal((await c.next()).opcode, CLOSE);
    assert.equal(await c.next(), null);
  }],
  ['7.1.4', async (c) => {
    c.send(Buffer.concat([frame(CLOSE, closing(1000)), text('late')]));
    assert.equal((await c.next()).opcode, CLOSE);
    assert.equal(await c.next(), null);
  }],
  ['7.1.5', async (c) => {
    const [first, last] = halves('late');
    c.send(Buffer.concat([frame(TEXT, first, { fin: false }), frame(CLOSE, closing(1000)), frame(CONTINUATION, last)]));
    await c.closes(1000);
  }],
  ['7.1.6', async (c) => { c.send(Buffer.concat([text(valueOfSize(LIMIT)), frame(CLOSE, closing(1000)), frame(PING)])); await c.closes(1000); }],
  ['7.3.1', async (c) => { c.send(frame(CLOSE)); assert.ok([0, 1000].includes(await c.closeCode())); }],
  ['7.3.2', async (c) => { c.send(frame(CLOSE, 'x')); await c.closes(PROTOCOL_ERROR); }],
  ['7.3.3', async (c) => { c.send(frame(CLOSE, closing(1000))); await c.closes(1000); }],
  ['7.3.4', async (c) => { c.send(frame(CLOSE, closing(1000, 'Hello, world!'))); await c.closes(1000); }],
  ['7.3.5', async (c) => { c.send(frame(CLOSE, closing(1000, '*'.repeat(123)))); await c.closes(1000); }],
  ['7.3.6', async (c) => { c.send(frame(CLOSE, closing(1000, '*'.repeat(124)))); await c.closes(PROTOCOL_ERROR); }],
  ['7.5.1', async (c) => { c.send(frame(CLOSE, closing(1000, hex(badUtf8[31])))); await c.closes(BAD_DATA); }],
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999].map((code, i) => [`7.7.${i + 1}`, async (c) => {
    c.send(frame(CLOSE, closing(code)));
    await c.closes(code);
  }]),
  ...[0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65535].map((code, i) => [`7.9.${i + 1}`, async (c) => {
    c.send(frame(CLOSE, closing(code)));
    await c.closes(PROTOCOL_ERROR);
  }]),
]);

section('9 limits', [
  ...[4096, 16384, LIMIT].flatMap((size, i) => [
    [`9.1.${i + 1}`, async (c) => { c.send(text(valueOfSize(size))); await c.echo(valueOfSize(size)); }],
    ...[64, 256, 1024, 4096].map((part) => [`9.3.${i + 1} in frames of ${part}`, async (c) => {
      sendFragments(c, TEXT, publish(valueOfSize(size)), part);
      await c.echo(valueOfSize(size));
    }]),
    ...[1024, 2048].map((chop) => [`9.5.${i + 1} in writes of ${chop}`, async (c) => {
      await c.sendChopped(text(valueOfSize(size)), chop);
      await c.echo(valueOfSize(size));
    }]),
  ]),
  ['9.1.4', async (c) => { c.send(text(valueOfSize(LIMIT + 1))); await c.closes(TOO_BIG); }],
  ['9.1.5', async (c) => { c.send(frame(TEXT, Buffer.alloc(10)).fill(0xff, 1, 2).subarray(0, 2)); c.send(Buffer.alloc(12, 0x7f)); await c.closes(TOO_BIG); }],
  ['9.3.4', async (c) => { sendFragments(c, TEXT, publish(valueOfSize(LIMIT + 1)), 1024); await c.closes(TOO_BIG); }],
  ['9.7', async (c) => {
    const values = Array.from({ length: 1000 }, (_, n) => `message ${n}`);
    for (const value of values) c.send(text(value));
    await c.echo(...values);
  }],
]);

/** Offers of permessage-deflate, whether they are taken, and the window that the client may then use. */
const offers = [
  ['permessage-deflate', true, 15],
  ['permessage-deflate; client_no_context_takeover; server_no_context_takeover', true, 15],
  ['permessage-deflate; client_max_window_bits', true, 15],
  ['permessage-deflate; client_max_window_bits=9', true, 9],
  ['permessage-deflate; server_max_window_bits=15', true, 15],
  ['permessage-deflate; server_max_window_bits=9, permessage-deflate', true, 15],
  ['permessage-deflate; server_max_window_bits=9', false, 0],
  ['permessage-deflate; unknown', false, 0],
  ['x-webkit-deflate-frame', false, 0],
];

for (const [i, [offer, taken, windowBits]] of offers.entries()) {
  const sized = (size) => Array.from({ length: size }, (_, n) => String.fromCharCode(97 + ((n * n) % 23))).join('');
  section(`${i < 7 ? 12 : 13}.${i + 1} ${taken ? 'compression' : 'no compression'}`, [
    ['agreed', async (c) => assert.equal(/permessage-deflate/i.test(c.head), taken)],
    ...(taken ? [16, 64, 256, 1024, 4096, 8192, 16384, 32768, 65000, 200000] : []).flatMap((size) => [
      [`${size} bytes`, async (c) => {
        c.send(frame(TEXT, deflated(publish(sized(size)), { windowBits }), { rsv: 4 }));
        await c.echo(sized(size));
      }],
      [`${size} bytes in frames`, async (c) => {
        sendFragments(c, TEXT, deflated(publish(sized(size)), { windowBits }), 256, { rsv: 4 });
        c.send(text('uncompressed'));
        await c.echo(sized(size), 'uncompressed');
      }],
    ]),
    ...(taken ? [
      ['a mark on a later frame', async (c) => {
        const message = deflated(publish('marked twice'));
        c.send(frame(TEXT, message.subarray(0, 5), { fin: false, rsv: 4 }));
        c.send(frame(CONTINUATION, message.subarray(5), { rsv: 4 }));
        await c.closes(PROTOCOL_ERROR);
      }],
      ['a marked ping', async (c) => { c.send(frame(PING, deflated('ping'), { rsv: 4 })); await c.closes(PROTOCOL_ERROR); }],
      ['what is not deflate', async (c) => { c.send(frame(TEXT, 'not deflate', { rsv: 4 })); await c.closes(BAD_REQUEST); }],
      ['what inflates to too much', async (c) => { c.send(frame(TEXT, deflated(Buffer.alloc(11 * LIMIT, 0x20)), { rsv: 4 })); await c.closes(TOO_BIG); }],
    ] : [
      ['a marked message', async (c) => { c.send(frame(TEXT, deflated(publish('x')), { rsv: 4 })); await c.closes(PROTOCOL_ERROR); }],
    ]),
  ], { extensions: offer });
}
