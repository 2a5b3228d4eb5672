// What goes wrong, by the way Redis is run. Each fault begins, lasts, and ends healed; what it must do to the
// readiness of nodes is checked on the way.
import { sleep, until } from '../e2e/lib/server.mjs';

const UNREADY_MS = 15_000;

const shows = (node, ready) =>
  until(`node ${node.index} ${ready ? 'ready' : 'not ready'}`, async () => (await node.isReady()) === ready, UNREADY_MS);

const allShow = (nodes, ready) => Promise.all(nodes.map((node) => shows(node, ready)));

/** Kills a node without a word; it comes back with the same address. */
async function killNode({ nodes, random }) {
  const node = random.pick(nodes);
  await node.kill();
  await sleep(random.between(200, 3000));
  await node.launch();
}

/** Ends a node as a deployment does. */
async function restartNode({ nodes, random }) {
  const node = random.pick(nodes);
  await node.stop();
  await sleep(random.between(0, 1000));
  await node.launch();
}

async function killRedis({ nodes, redis, random }) {
  await redis.server.kill();
  await allShow(nodes, false);
  await sleep(random.between(0, 3000));
  await redis.server.start();
  await allShow(nodes, true);
}

/** Redis hangs for less or more than the time-outs. */
async function freezeRedis({ nodes, redis, random }) {
  redis.server.freeze();
  if (random.next() < 0.5) await sleep(random.between(300, 3000));
  else await allShow(nodes, false);
  redis.server.thaw();
  await allShow(nodes, true);
}

/** One node is cut off from Redis: it says so, and again when it is back. */
async function cutNode({ nodes, random }) {
  const node = random.pick(nodes);
  node.proxy.cut();
  await shows(node, false);
  await sleep(random.between(0, 3000));
  node.proxy.mend();
  await shows(node, true);
}

/** Nothing gets through to or from Redis, but the connections stay. */
async function stallNode({ nodes, random }) {
  const node = random.pick(nodes);
  node.proxy.stall(...random.pick([['in'], ['out'], ['in', 'out']]));
  await shows(node, false);
  node.proxy.mend();
  await shows(node, true);
}

/** The subscribed connections of a node hear nothing any more, while all else works. */
async function deafenNode({ nodes, random, probeMs }) {
  const node = random.pick(nodes);
  node.proxy.deafen();
  await sleep(probeMs + random.between(0, 3000));
  await node.isReady();
}

async function failOver({ nodes, redis, random }) {
  await redis.failover(random);
  await allShow(nodes, true);
}

/** By the name of the deployment; the order of a round is chance. */
export const faults = {
  memory: { killNode, restartNode },
  single: { killNode, restartNode, killRedis, freezeRedis, cutNode, stallNode, deafenNode },
  sentinel: { failOver, killNode },
  cluster: { failOver, killNode },
};
