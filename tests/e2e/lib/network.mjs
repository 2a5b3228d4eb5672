// A network of its own for a server, with a cable to each of several nodes, which can be pulled and put back.
import { execFileSync } from 'node:child_process';

const ip = (...args) => execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });

export class Network {
  #cables = 0;

  constructor() {
    this.name = `whirl-${process.pid}`;
    ip('netns', 'add', this.name);
    process.on('exit', () => this.close());
  }

  /** Why there can be no networks here, or false. */
  static get unavailable() {
    try {
      new Network().close();
      return false;
    } catch (error) {
      return `no network namespaces: ${error.message}`;
    }
  }

  /** The words that run a program in the network. */
  get launcher() {
    return ['ip', 'netns', 'exec', this.name];
  }

  /** A cable between here and the network; `address` is that of its end there. */
  lay() {
    const n = this.#cables++;
    const [near, far] = [`wn${process.pid % 1e6}-${n}`, `wf${process.pid % 1e6}-${n}`];
    const subnet = `198.18.${process.pid % 250}`;
    const there = (...args) => ip('-n', this.name, ...args);
    ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', this.name);
    ip('addr', 'add', `${subnet}.${4 * n + 1}/30`, 'dev', near);
    there('addr', 'add', `${subnet}.${4 * n + 2}/30`, 'dev', far);
    ip('link', 'set', near, 'up');
    there('link', 'set', far, 'up');
    return {
      address: `${subnet}.${4 * n + 2}`,
      pull: () => there('link', 'set', far, 'down'),
      put: () => there('link', 'set', far, 'up'),
    };
  }

  /** Its cables go with it. */
  close() {
    if (!this.name) return;
    ip('netns', 'delete', this.name);
    this.name = null;
  }
}
