// A middlebox that breaks connections on which something is asked for that it does not like.
import net from 'node:net';

const REQUEST = /^[A-Z]+ \S+ HTTP\/1\.1\r\n/;

export class BlockingProxy {
  #sockets = new Set();

  /** Listens on a free port and leads to `target`; requests whose head matches one of `blocked` end their connection. */
  static async start(target, blocked) {
    const proxy = new BlockingProxy();
    proxy.server = net.createServer((client) => proxy.#lead(client, target, blocked));
    await new Promise((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    proxy.port = proxy.server.address().port;
    return proxy;
  }

  #lead(client, target, blocked) {
    const upstream = net.connect({ host: '127.0.0.1', port: target, noDelay: true });
    for (const [from, to] of [[client, upstream], [upstream, client]]) {
      this.#sockets.add(from);
      from.on('error', () => {}).on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
    client.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      if (REQUEST.test(text) && blocked.some((pattern) => pattern.test(text))) client.destroy();
      else upstream.write(chunk);
    });
    upstream.pipe(client);
  }

  url(scheme, suffix) {
    return `${scheme}://127.0.0.1:${this.port}${suffix}`;
  }

  close() {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.server.close(resolve));
  }
}
