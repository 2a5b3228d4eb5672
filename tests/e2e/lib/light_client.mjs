// A WebSocket client that costs little: many of them fit in one process, and one can stop reading altogether.
// Server frames only need to be cut apart, and what it sends is short.
import crypto from 'node:crypto';
import net from 'node:net';

/** Cuts server frames (never masked) off a buffer: gives [opcode, payload] pairs and what is left. */
function cutFrames(buffer) {
  const frames = [];
  let at = 0;
  while (buffer.length - at >= 2) {
    let length = buffer[at + 1] & 0x7f;
    let head = 2;
    if (length === 126) {
      if (buffer.length - at < 4) break;
      length = buffer.readUInt16BE(at + 2);
      head = 4;
    } else if (length === 127) {
      if (buffer.length - at < 10) break;
      length = Number(buffer.readBigUInt64BE(at + 2));
      head = 10;
    }
    if (buffer.length - at < head + length) break;
    frames.push([buffer[at] & 0x0f, buffer.subarray(at + head, at + head + length)]);
    at += head + length;
  }
  return [frames, buffer.subarray(at)];
}

/** A masked frame; the mask of zeros leaves the payload as it is. */
function frame(opcode, payload) {
  const body = Buffer.from(payload);
  const head = body.length < 126 ? Buffer.from([0x80 | opcode, 0x80 | body.length, 0, 0, 0, 0])
    : Buffer.from([0x80 | opcode, 0x80 | 126, body.length >> 8, body.length & 0xff, 0, 0, 0, 0]);
  return Buffer.concat([head, body]);
}

export class LightClient {
  /**
   * Connects and sends `commands` at once; `onMessage` gets each JSON value, a ping is answered by itself.
   * `connectSocket` opens another kind of socket.
   */
  constructor(port, commands, onMessage, connectSocket = () => net.connect({ host: '127.0.0.1', port })) {
    this.onMessage = onMessage;
    this.closeCode = null;
    this.rest = Buffer.alloc(0);
    this.upgraded = false;
    this.socket = connectSocket();
    this.ended = new Promise((resolve) => this.socket.on('close', resolve));
    this.socket.on('error', (err) => { this.error = err; });
    this.socket.on('data', (chunk) => this.#feed(chunk));
    const head = [
      'GET /connection/websocket HTTP/1.1', `Host: 127.0.0.1:${port}`, 'Upgrade: websocket', 'Connection: Upgrade',
      `Sec-WebSocket-Key: ${crypto.randomBytes(16).toString('base64')}`, 'Sec-WebSocket-Version: 13', '', '',
    ];
    this.socket.write(head.join('\r\n'));
    this.commands = commands;
  }

  #feed(chunk) {
    let data = this.rest.length ? Buffer.concat([this.rest, chunk]) : chunk;
    if (!this.upgraded) {
      const end = data.indexOf('\r\n\r\n');
      if (end < 0) {
        this.rest = data;
        return;
      }
      if (!data.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) throw new Error(data.toString());
      this.upgraded = true;
      data = data.subarray(end + 4);
      this.socket.write(frame(1, this.commands.map((c) => JSON.stringify(c)).join('\n')));
    }
    const [frames, rest] = cutFrames(data);
    this.rest = rest;
    for (const [opcode, payload] of frames) this.#take(opcode, payload);
  }

  #take(opcode, payload) {
    if (opcode === 8) this.closeCode = payload.readUInt16BE(0);
    if (opcode !== 1) return;
    for (const line of payload.toString().split('\n')) {
      if (line === '{}') this.socket.write(frame(1, '{}'));
      else if (line) this.onMessage(JSON.parse(line));
    }
  }

  say(command) {
    this.socket.write(frame(1, JSON.stringify(command)));
  }

  stopReading() {
    this.socket.pause();
  }

  readOn() {
    this.socket.resume();
  }

  close() {
    this.socket.destroy();
  }
}
