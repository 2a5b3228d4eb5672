// nginx and HAProxy with the configurations of docs/load_balancing.md, on free ports.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, until, within } from './server.mjs';

const DOCS = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'docs', 'load_balancing.md');

/** None may outlive the tests, however they end. */
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** The configuration under a heading, between the fences. */
export function documented(heading) {
  const text = fs.readFileSync(DOCS, 'utf8');
  return new RegExp(`^## ${heading}\n[\\s\\S]*?^\`\`\`\\w+\n([\\s\\S]*?)^\`\`\``, 'm').exec(text)[1];
}

const kinds = {
  nginx: {
    program: 'nginx',
    args: (file, dir) => ['-c', file, '-p', dir, '-e', 'stderr'],
    around: (config) => `
daemon off;
user root;
pid nginx.pid;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
${config}
}`,
  },
  haproxy: { program: 'haproxy', args: (file) => ['-db', '-f', file], around: (config) => config },
};

export class Balancer {
  /** `to`: where the server is, "host:port" or "unix:/path"; `change` edits the configuration. */
  static async start(kind, config, to, change = (text) => text) {
    const { program, args, around } = kinds[kind];
    const balancer = new Balancer();
    balancer.port = await freePort();
    balancer.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'whirl-balancer-'));
    const file = path.join(balancer.dir, 'config');
    const here = `127.0.0.1:${balancer.port}`;
    const local = config.replace('127.0.0.1:8000', to).replace(/listen 80\b/, `listen ${here}`).replace(/bind :\d+/, `bind ${here}`);
    fs.writeFileSync(file, around(change(local)));
    balancer.child = spawn(program, args(file, balancer.dir), { stdio: ['ignore', 'ignore', 'pipe'] });
    balancer.output = '';
    balancer.child.stderr.on('data', (chunk) => { balancer.output += chunk; });
    balancer.ended = new Promise((resolve) => balancer.child.on('close', resolve).on('error', resolve));
    running.add(balancer.child);
    let over = false;
    balancer.ended.then(() => { over = true; });
    await until(program, () => {
      if (over) throw new Error(`${program} ended: ${balancer.output}`);
      return canConnect(balancer.port);
    });
    return balancer;
  }

  url(scheme, suffix) {
    return `${scheme}://127.0.0.1:${this.port}${suffix}`;
  }

  async close() {
    this.child.kill('SIGTERM');
    try {
      await within(5000, 'the end of the balancer', this.ended);
    } finally {
      this.child.kill('SIGKILL');
      running.delete(this.child);
      fs.rmSync(this.dir, { recursive: true, force: true });
    }
  }
}

function canConnect(port) {
  return new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}
