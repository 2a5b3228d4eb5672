// The network between one node and Redis: it can be cut, or be silent in one direction while connections stay.
import net from 'node:net';

/** A connection through the proxy; `near` is the node's side. */
class Link {
  constructor(near, far) {
    this.near = near;
    this.far = far;
    for (const [from, to, direction] of [[near, far, 'out'], [far, near, 'in']]) {
      from.on('error', () => {});
      from.on('close', () => to.destroy());
      from.on('data', (chunk) => {
        if (direction === 'out' && /P?SUBSCRIBE/i.test(chunk.toString('latin1'))) this.subscribes = true;
        to.write(chunk);
      });
    }
  }

  /** What comes in this direction waits until `flow`; the peers notice nothing but silence. */
  stall(direction) {
    (direction === 'out' ? this.near : this.far).pause();
  }

  flow() {
    this.near.resume();
    this.far.resume();
  }

  cut() {
    this.near.destroy();
    this.far.destroy();
  }
}

export class Proxy {
  #links = new Set();
  #server;
  #stalled = null; // directions, for the connections that come

  static async start(targetPort) {
    const proxy = new Proxy();
    proxy.#server = net.createServer((near) => proxy.#join(near, net.connect(targetPort, '127.0.0.1')));
    await new Promise((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    proxy.port = proxy.#server.address().port;
    return proxy;
  }

  #join(near, far) {
    if (this.down) {
      near.destroy();
      far.destroy();
      return;
    }
    const link = new Link(near, far);
    this.#links.add(link);
    near.on('close', () => this.#links.delete(link));
    if (this.#stalled) for (const direction of this.#stalled) link.stall(direction);
  }

  /** Breaks every connection and refuses new ones until `mend`. */
  cut() {
    this.down = true;
    for (const link of this.#links) link.cut();
  }

  /** Nothing gets through in these directions ('out' is to Redis), over old and new connections. */
  stall(...directions) {
    this.#stalled = directions;
    for (const link of this.#links) for (const direction of directions) link.stall(direction);
  }

  /** The connections that are subscribed get nothing any more; the others, and new ones, work. */
  deafen() {
    for (const link of this.#links) if (link.subscribes) link.stall('in');
  }

  mend() {
    this.down = false;
    this.#stalled = null;
    for (const link of this.#links) link.flow();
  }

  close() {
    this.cut();
    this.#server.close();
  }
}
