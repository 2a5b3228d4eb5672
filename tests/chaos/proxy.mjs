// The network between one node and Redis: it can be cut, or be silent in one direction while connections stay.
import { TcpProxy } from '../e2e/lib/tcp_proxy.mjs';

/** A connection through the proxy; `near` is the node's side. */
class Link {
  constructor(near, far) {
    this.near = near;
    this.far = far;
    near.on('data', (chunk) => {
      if (/P?SUBSCRIBE/i.test(chunk.toString('latin1'))) this.subscribes = true;
      far.write(chunk);
    });
    far.on('data', (chunk) => near.write(chunk));
  }

  /** What comes in this direction waits until `flow`; the peers notice nothing but silence. */
  stall(direction) {
    (direction === 'out' ? this.near : this.far).pause();
  }

  flow() {
    this.near.resume();
    this.far.resume();
  }
}

export class Proxy extends TcpProxy {
  #links = new Set();
  #stalled = []; // directions, for the connections that come

  join(near, far) {
    const link = new Link(near, far);
    this.#links.add(link);
    near.on('close', () => this.#links.delete(link));
    for (const direction of this.#stalled) link.stall(direction);
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
    super.mend();
    this.#stalled = [];
    for (const link of this.#links) link.flow();
  }
}
