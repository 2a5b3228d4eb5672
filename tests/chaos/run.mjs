// Three nodes under load while things break: nobody may miss a publication without being told, and nobody may stay
// deaf. Usage: run.mjs [SECONDS] [SEED]; the same seed breaks the same things in the same order.
import { sleep } from '../e2e/lib/server.mjs';
import { Random } from './random.mjs';
import { faults } from './faults.mjs';
import { Cluster, Memory, Sentinel, Single } from './deployments.mjs';
import { POSITION_CHECK_MS, World } from './world.mjs';

const seconds = Number(process.argv[2] ?? 600);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 1_000_000));
const crowd = Number(process.env.CHAOS_SUBSCRIBERS ?? 1000);
const only = process.env.CHAOS_ONLY?.split(',') ?? null;

// How long a PUB/SUB connection may be silent before its node asks it something, and the answer's time.
const PROBE_MS = Number(process.env.CHAOS_PROBE_MS ?? 10_000);
// After healing: a probe, a check of positions, and the way back of those whom the fault threw out.
const HEARS_MS = PROBE_MS + POSITION_CHECK_MS + 12_000;

const deployments = [
  { make: () => new Memory(), share: 0.1 },
  { make: () => new Single(), share: 0.5 },
  { make: () => new Sentinel(), share: 0.2 },
  { make: () => new Cluster(), share: 0.2 },
];

const say = (text) => console.log(`${new Date().toISOString().slice(11, 19)}  ${text}`);

/** Breaks one thing after another until the time is over, each of them at least once if it lasts long enough. */
async function breakThings(world, until) {
  let round = [];
  const kinds = Object.entries(faults[world.redis.name]).filter(([name]) => !only || only.includes(name));
  while (Date.now() < until) {
    if (round.length === 0) round = world.random.shuffle(kinds);
    const [name, fault] = round.shift();
    const before = world.complaints.length;
    say(`${world.redis.name}: ${name}`);
    try {
      await fault({ ...world, random: world.random, probeMs: PROBE_MS });
    } catch (error) {
      world.complaints.push(`${name}: ${error.message}`);
      for (const node of world.nodes) node.proxy?.mend();
    }
    const took = await world.everybodyHears(HEARS_MS);
    say(`${world.redis.name}: ${name} healed, all hear after ${took} ms`);
    for (const complaint of world.complaints.slice(before, before + 10)) say(`  WRONG: ${complaint}`);
    await sleep(world.random.between(0, 1000));
  }
}

async function play({ make, share }) {
  const random = new Random(seed);
  const redis = make();
  const world = new World(redis, random, crowd);
  try {
    await redis.start(random);
    say(`${redis.name} runs${redis.about ? `, ${redis.about}` : ''}`);
    await world.start();
    say(`${redis.name}: ${crowd} subscribers at ${world.nodes.length} nodes`);
    await breakThings(world, Date.now() + seconds * share * 1000);
    say(`${redis.name}: ${JSON.stringify(world.figures)}`);
    return world.complaints;
  } finally {
    await world.close();
    await redis.close();
  }
}

say(`chaos for ${seconds} s with seed ${seed}: ./x chaos ${seconds} ${seed}`);
let passed = 0;
let failed = 0;
for (const deployment of deployments) {
  if (process.env.CHAOS_WHERE && !process.env.CHAOS_WHERE.split(',').includes(deployment.make().name)) continue;
  const complaints = await play(deployment).catch((error) => [error.stack]);
  if (complaints.length === 0) passed++;
  else failed++;
  for (const complaint of complaints.slice(0, 20)) say(`WRONG: ${complaint}`);
}
say(`seed ${seed}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
