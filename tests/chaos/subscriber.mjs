// A client that recovers, and judges what it is given: every publication once and in order, or it is told of a gap.
import WebSocket from 'ws';

const DEAD_MS = 8000; // without a word, pings included

/**
 * One connection with one subscription. It comes back by itself, to any node, from where it was. `history` is what
 * the publishers know (which numbers were acknowledged); what is wrong is told to `complain`.
 */
export class Subscriber {
  position = null; // { epoch, offset } to recover from
  last = null; // number of the last publication
  isFresh = true; // a gap was reported, or nothing was received: the next number may be any that is higher
  gaps = 0;
  recoveries = 0;
  received = 0;
  state = 'new';

  constructor({ name, channel, chooseUrl, random, history, complain }) {
    Object.assign(this, { name, channel, chooseUrl, random, history, complain });
  }

  start() {
    this.#connect();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.socket?.terminate();
  }

  #connect() {
    if (this.stopped) return;
    this.state = 'connecting';
    const socket = new WebSocket(this.chooseUrl(), { perMessageDeflate: false, handshakeTimeout: 5000 });
    this.socket = socket;
    socket.on('open', () => {
      const subscribe = { channel: this.channel };
      if (this.position) Object.assign(subscribe, { recover: true, ...this.position });
      socket.send(`{"id":1,"connect":{}}\n${JSON.stringify({ id: 2, subscribe })}`);
      this.#alive();
    });
    socket.on('message', (data) => {
      if (socket !== this.socket) return;
      this.#alive();
      for (const line of data.toString().split('\n')) if (line) this.#take(JSON.parse(line));
    });
    socket.on('error', () => {});
    socket.on('close', () => this.#lost(socket));
  }

  #alive() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.socket.terminate(), DEAD_MS);
  }

  #lost(socket) {
    if (socket !== this.socket || this.stopped) return;
    this.socket = null;
    this.state = 'lost';
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#connect(), this.random.between(50, 400));
  }

  #again(why) {
    this.why = why;
    this.socket?.terminate();
  }

  #take(message) {
    if (Object.keys(message).length === 0) return this.socket.send('{}');
    if (message.error) return this.#again(`error ${message.error.code}`);
    if (message.subscribe) return this.#subscribed(message.subscribe);
    const push = message.push;
    if (push?.pub) return this.#publication(push.pub);
    if (push?.unsubscribe) return this.#again(`unsubscribe ${push.unsubscribe.code}`);
    if (push?.disconnect) return this.#again(`disconnect ${push.disconnect.code}`);
    return undefined;
  }

  #subscribed({ recovered = false, was_recovering: wasRecovering = false, epoch = '', offset = 0, publications = [] }) {
    this.state = 'subscribed';
    if (this.position && !wasRecovering) this.complain(this, 'recovery was asked for but not tried');
    if (recovered) {
      this.recoveries++;
      if (epoch !== this.position.epoch) this.complain(this, `recovered into another epoch, ${epoch}`);
      for (const publication of publications) this.#publication(publication);
      return;
    }
    if (this.position) this.gaps++;
    this.isFresh = true;
    this.position = { epoch, offset };
  }

  #publication({ offset, data }) {
    this.received++;
    if (this.state !== 'subscribed') this.complain(this, 'a publication came before the subscribe reply');
    if (offset !== this.position.offset + 1) {
      this.complain(this, `offset ${offset} follows ${this.position.offset}`);
    }
    this.position = { epoch: this.position.epoch, offset };
    if (this.last !== null && data.n <= this.last) this.complain(this, `number ${data.n} follows ${this.last}`);
    if (!this.isFresh) {
      const missing = this.history.acknowledgedBetween(this.channel, this.last, data.n);
      if (missing.length > 0) this.complain(this, `lost ${missing} without a word`, 'loss');
    }
    this.last = data.n;
    this.isFresh = false;
  }
}
