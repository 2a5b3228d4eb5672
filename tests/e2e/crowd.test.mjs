// Ten thousand connections on one channel: each gets every message, once and in order.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { after, before, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Server, token, within } from './lib/server.mjs';

const CLIENTS = Number(process.env.E2E_CONNECTIONS ?? 10_000);
const WORKERS = 2;
const MESSAGES = 20;
const CHANNEL = 'crowd';

let server;
before(async () => {
  server = await Server.start({ channel: { without_namespace: { allow_subscribe_for_client: true } } });
});
after(() => server.close());

function startWorker(clients) {
  const worker = fork(fileURLToPath(new URL('./lib/crowd_worker.mjs', import.meta.url)));
  const told = (key) => new Promise((resolve) => worker.on('message', (message) => message[key] && resolve(message)));
  const crowd = { worker, ready: told('ready'), done: told('done') };
  worker.send({ port: server.port, token: token({ sub: 'crowd' }), channel: CHANNEL, clients, messages: MESSAGES });
  return crowd;
}

it(`${CLIENTS} connections get every message once and in order`, async () => {
  const crowds = Array.from({ length: WORKERS }, () => startWorker(CLIENTS / WORKERS));
  try {
    await within(45_000, 'all subscribed', Promise.all(crowds.map((c) => Promise.race([c.ready, c.done]))));
    assert.equal((await server.api('info')).nodes[0].num_clients, CLIENTS);
    for (let n = 1; n <= MESSAGES; n++) await server.publish(CHANNEL, { n });
    for (const { wrong } of await within(45_000, 'all got everything', Promise.all(crowds.map((c) => c.done)))) {
      assert.deepEqual(wrong, []);
    }
  } finally {
    for (const { worker } of crowds) worker.kill('SIGKILL');
  }
});
