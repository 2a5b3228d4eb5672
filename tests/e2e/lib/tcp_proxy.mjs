// A TCP proxy between a client and the server, which can break the connections: a network that fails.
import net from 'node:net';

export class TcpProxy {
  #sockets = new Set();
  #server;

  static async start(targetPort) {
    const proxy = new this();
    proxy.#server = net.createServer((near) => proxy.#accept(near, net.connect(targetPort, '127.0.0.1')));
    await new Promise((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    proxy.port = proxy.#server.address().port;
    return proxy;
  }

  #accept(near, far) {
    if (this.down) {
      near.destroy();
      far.destroy();
      return;
    }
    for (const [from, to] of [[near, far], [far, near]]) {
      this.#sockets.add(from);
      from.on('error', () => {});
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
    this.join(near, far);
  }

  /** Carries the bytes of a new connection both ways. */
  join(near, far) {
    near.pipe(far);
    far.pipe(near);
  }

  get websocket() {
    return `ws://127.0.0.1:${this.port}/connection/websocket`;
  }

  /** Breaks every connection and refuses new ones until `mend`. */
  cut() {
    this.down = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend() {
    this.down = false;
  }

  close() {
    this.cut();
    this.#server.close();
  }
}
