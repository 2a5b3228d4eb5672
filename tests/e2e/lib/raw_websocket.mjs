// A WebSocket client that sends exactly the bytes it is told to, right or wrong, and writes down what comes back.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import zlib from 'node:zlib';
import { until, within } from './server.mjs';

export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;
const END_MARK = Buffer.from([0x00, 0x00, 0xff, 0xff]);
const WAIT_MS = 10_000;

/** One masked frame. */
export function frame(opcode, payload = '', { fin = true, rsv = 0, masked = true } = {}) {
  const body = Buffer.from(payload);
  const mask = masked ? crypto.randomBytes(4) : Buffer.alloc(0);
  const bit = masked ? 0x80 : 0;
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  let head = Buffer.from([first, bit | body.length]);
  if (body.length > 65535) {
    head = Buffer.alloc(10);
    head.writeBigUInt64BE(BigInt(body.length), 2);
  } else if (body.length > 125) {
    head = Buffer.alloc(4);
    head.writeUInt16BE(body.length, 2);
  }
  head[0] = first;
  if (body.length > 125) head[1] = bit | (body.length > 65535 ? 127 : 126);
  return Buffer.concat([head, mask, masked ? body.map((byte, i) => byte ^ mask[i % 4]) : body]);
}

/** A close frame's payload. */
export const closing = (code, reason = '') => Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]);

/** As permessage-deflate wants a message. */
export const deflated = (payload, options = {}) => {
  const out = zlib.deflateRawSync(payload, { finishFlush: zlib.constants.Z_SYNC_FLUSH, ...options });
  return out.subarray(0, out.length - END_MARK.length);
};
const inflated = (payload) => zlib.inflateRawSync(Buffer.concat([payload, END_MARK]), { finishFlush: zlib.constants.Z_SYNC_FLUSH });

/** The frame at the beginning of what a server sent; null if it is not whole. */
function cutFrame(buffer) {
  if (buffer.length < 2) return null;
  let length = buffer[1] & 0x7f;
  let head = 2;
  if (length > 125) {
    const size = length === 126 ? 2 : 8;
    if (buffer.length < head + size) return null;
    length = size === 2 ? buffer.readUInt16BE(2) : Number(buffer.readBigUInt64BE(2));
    head += size;
  }
  if (buffer.length < head + length) return null;
  assert.ok(!(buffer[1] & 0x80), 'servers do not mask');
  assert.ok(buffer[0] & 0x80, 'this server does not fragment');
  return { opcode: buffer[0] & 0x0f, rsv: (buffer[0] >> 4) & 7, payload: buffer.subarray(head, head + length), size: head + length };
}

export class RawWebSocket {
  frames = [];
  ended = false;
  head = '';
  #rest = Buffer.alloc(0);
  #wake = () => {};

  /** Opens a connection; `headers` are lines of the request beside those that must be there. */
  static async open(port, path = '/connection/websocket', headers = []) {
    const socket = new this();
    socket.socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
    socket.socket.on('data', (chunk) => socket.#feed(chunk));
    socket.socket.on('error', () => {});
    for (const event of ['end', 'close']) socket.socket.on(event, () => socket.#end());
    socket.send([`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, 'Upgrade: websocket', 'Connection: Upgrade',
      `Sec-WebSocket-Key: ${crypto.randomBytes(16).toString('base64')}`, 'Sec-WebSocket-Version: 13', ...headers, '', ''].join('\r\n'));
    await until('upgrade', () => socket.head || socket.ended);
    assert.match(socket.head, /^HTTP\/1\.1 101 /);
    return socket;
  }

  /** Opens a stream of an HTTP/2 session (RFC 8441). */
  static async openOver(session, path = '/connection/websocket', headers = {}) {
    const socket = new this();
    socket.socket = session.request({
      ':method': 'CONNECT', ':protocol': 'websocket', ':path': path, 'sec-websocket-version': '13', ...headers,
    }, { endStream: false });
    socket.socket.on('error', () => {});
    [socket.head] = await within(WAIT_MS, 'an answer', once(socket.socket, 'response'));
    assert.equal(socket.head[':status'], 200);
    socket.socket.on('data', (chunk) => socket.#feed(chunk));
    for (const event of ['end', 'close']) socket.socket.on(event, () => socket.#end());
    return socket;
  }

  #feed(chunk) {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    if (!this.head) {
      const end = this.#rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.head = this.#rest.subarray(0, end).toString();
      this.#rest = this.#rest.subarray(end + 4);
    }
    for (let cut = cutFrame(this.#rest); cut; cut = cutFrame(this.#rest)) {
      this.#rest = this.#rest.subarray(cut.size);
      this.frames.push({ ...cut, payload: cut.rsv === 4 ? inflated(cut.payload) : cut.payload });
      this.#wake();
    }
  }

  #end() {
    this.ended = true;
    this.#wake();
  }

  send(bytes) {
    this.socket.write(bytes);
  }

  /** The bytes in so many writes, which the server reads one by one if it is quick. */
  async sendChopped(bytes, size) {
    for (let at = 0; at < bytes.length; at += size) {
      this.send(bytes.subarray(at, at + size));
      await new Promise(setImmediate);
    }
  }

  /** The next frame; null once the connection has ended. */
  async next() {
    const come = async () => {
      while (!this.frames.length && !this.ended) await new Promise((resolve) => { this.#wake = resolve; });
      return this.frames.shift() ?? null;
    };
    return within(WAIT_MS, 'a frame', come());
  }

  /** The code with which the server closes, after whatever else it says; null if it ends without a close frame. */
  async closeCode() {
    for (;;) {
      const got = await this.next();
      if (!got) return null;
      if (got.opcode !== CLOSE) continue;
      this.socket.end();
      await until('the end', () => this.ended);
      return got.payload.length ? got.payload.readUInt16BE(0) : 0;
    }
  }

  destroy() {
    this.socket.destroy();
  }
}
