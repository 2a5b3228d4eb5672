// A process of ill-behaved clients, so that the test that measures beside it has a thread to itself. Its parent sends
// { port, kind, clients } (with `token` to connect with one, and `secure` for TLS); it answers { codes, opened } every time it gets { ask: true } and floods until it is killed.
import crypto from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';

const CHUNK = 60_000;

/** A masked client frame; the mask of zeros leaves the payload as it is. */
function frame(payload, opcode = 1, last = true) {
  const body = Buffer.from(payload);
  const first = (last ? 0x80 : 0) | opcode;
  if (body.length < 126) return Buffer.concat([Buffer.from([first, 0x80 | body.length, 0, 0, 0, 0]), body]);
  if (body.length < 65_536) {
    return Buffer.concat([Buffer.from([first, 0xfe, body.length >> 8, body.length & 0xff, 0, 0, 0, 0]), body]);
  }
  const head = Buffer.alloc(14);
  head[0] = first;
  head[1] = 0xff;
  head.writeBigUInt64BE(BigInt(body.length), 2);
  return Buffer.concat([head, body]);
}

/** As many of the pieces that `make(i)` gives as fit in a write. */
function many(make) {
  const pieces = [];
  for (let size = 0, i = 1; size < CHUNK; i++) {
    pieces.push(Buffer.from(make(i)));
    size += pieces.at(-1).length;
  }
  return Buffer.concat(pieces);
}

const command = (id, fields) => JSON.stringify({ id: id + 10, ...fields });

/**
 * What a flood of each kind says over and over once it is connected; `once` instead is said one time only. A client
 * that is cut off comes again.
 */
const kinds = {
  'commands in a frame each': { flood: many((i) => frame(command(i, { rpc: { method: 'x' } }))) },
  'commands in one frame': { flood: frame(many((i) => `${command(i, { rpc: { method: 'x' } })}\n`).subarray(0, -1)) },
  publications: { flood: many((i) => frame(command(i, { publish: { channel: 'flooded', data: { i } } }))) },
  'subscribing and unsubscribing': {
    flood: many((i) => frame(`${command(2 * i, { subscribe: { channel: 'c' } })}\n${command(2 * i + 1, { unsubscribe: { channel: 'c' } })}`)),
  },
  'large messages': { flood: frame(command(1, { rpc: { method: 'x', data: 'y'.repeat(CHUNK) } })) },
  'native pings': { flood: many(() => frame('', 9)) },
  'tiny fragments': {
    flood: Buffer.concat([frame('', 1, false), many(() => frame('', 0, false)), frame(command(1, { rpc: { method: 'x' } }), 0)]),
  },
  'no reading': { once: many((i) => frame(command(i, { subscribe: { channel: `c${i % 3}` } }))), deaf: true },
  'commands without reading': { flood: many((i) => frame(command(i, { rpc: { method: 'x' } }))), deaf: true },
  'pipelined requests': { http: many(() => 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n') },
  'connecting and leaving': { leaves: true },
  'no JSON': { once: frame('{"id":1,"connect":{') },
  'a huge frame': { once: frame('x'.repeat(100_000)) },
  'no frames': { once: crypto.createHash('sha512').update('noise').digest() },
  'fragments of too much': { once: Buffer.concat([frame('x'.repeat(CHUNK), 1, false), frame('x'.repeat(CHUNK), 0, false)]) },
};

const codes = {};
let opened = 0;

const upgrade = (port) => [
  'GET /connection/websocket HTTP/1.1', `Host: 127.0.0.1:${port}`, 'Upgrade: websocket', 'Connection: Upgrade',
  `Sec-WebSocket-Key: ${crypto.randomBytes(16).toString('base64')}`, 'Sec-WebSocket-Version: 13', '', '',
].join('\r\n');

/** The code of the close frame that ends what came, if there is one. */
function closeCode(tail) {
  for (let at = tail.length - 4; at >= 0 && at >= tail.length - 127; at--) {
    if (tail[at] === 0x88 && tail[at + 1] === tail.length - at - 2) return tail.readUInt16BE(at + 2);
  }
  return 'none';
}

function run(server, kind) {
  const at = { host: '127.0.0.1', port: server.port };
  const socket = server.secure ? tls.connect({ ...at, rejectUnauthorized: false }) : net.connect(at);
  let tail = Buffer.alloc(0);
  let connected = false;
  const pour = () => {
    const bytes = kind.flood ?? kind.http;
    while (bytes && !socket.destroyed && socket.write(bytes));
  };
  opened++;
  socket.on('error', () => {});
  socket.on('drain', () => setImmediate(pour)); // which lets other sockets, and the parent, have their turn
  socket.on('data', (chunk) => {
    tail = chunk.length < 200 ? Buffer.concat([tail, chunk]).subarray(-200) : chunk.subarray(-200);
    if (connected || kind.http || !tail.includes('"connect"')) return;
    connected = true;
    if (kind.leaves) return socket.destroy();
    if (kind.deaf) socket.pause();
    if (kind.once) socket.write(kind.once);
    pour();
  });
  socket.on('close', () => {
    const code = connected ? closeCode(tail) : 'none';
    codes[code] = (codes[code] ?? 0) + 1;
    setImmediate(run, server, kind);
  });
  if (kind.http) return pour();
  const connect = JSON.stringify({ id: 1, connect: { token: server.token } });
  socket.write(Buffer.concat([Buffer.from(upgrade(server.port)), frame(connect)]));
}

process.on('message', ({ kind, clients, ask, ...server }) => {
  if (ask) return process.send({ codes, opened });
  for (let i = 0; i < clients; i++) run(server, kinds[kind]);
});
