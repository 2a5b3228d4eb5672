#!/usr/bin/env node
// Measures a server against the floor of this machine and prints ratios. See README.md.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bytesEach } from './lib/idle.mjs';
import { chart, median, table } from './lib/report.mjs';
import { API_KEY, withFloor, withWhirl } from './lib/servers.mjs';
import { rows, scales } from './rows.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    server: { type: 'string', default: `${here}/../build/release/whirl -c {config}` },
    vs: { type: 'string' },
    load: { type: 'string', default: `${here}/../build/release/whirl-load` },
    floor: { type: 'string', default: `${here}/../build/release/whirl-floor` },
    quick: { type: 'boolean', default: false },
    tiny: { type: 'boolean', default: false },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const scaleName = options.tiny ? 'tiny' : options.quick ? 'quick' : 'full';
const scale = scales[scaleName];

/** Plays a scenario against a running server; throws if a message was lost, doubled, reordered or corrupted. */
function load(args, { port, pid }) {
  const words = args.replace(/\{(\w+)\}/g, (_, name) => (scale[name] ?? `{${name}}`)).split(' ');
  const all = [...words, '--port', String(port), '--pid', String(pid), '--api-key', API_KEY];
  return new Promise((resolve, reject) => {
    execFile(options.load, all, { timeout: 300000 }, (err, stdout, stderr) => {
      if (err) reject(new Error(`${all.join(' ')}: ${stdout || stderr || err.message}`));
      else resolve(JSON.parse(stdout));
    });
  });
}

const cache = new Map();
/** Rows which share a scenario share its run within a round. */
async function once(round, what, key, run) {
  const id = `${round} ${what} ${key}`;
  if (!cache.has(id)) cache.set(id, await run());
  return cache.get(id);
}

async function measureIdle({ way }) {
  const by = (command) => command && withWhirl(command, { way }, (at) => bytesEach(at, way, scale.idle));
  return { own: await by(options.server), other: await by(options.vs) };
}

async function measure(row, round) {
  if (row.way) return measureIdle(row);
  const server = (args) => once(round, `server ${row.pings ?? ''}`, args, () => withWhirl(options.server, row, (at) => load(args, at)));
  const own = (await server(row.args))[row.figure];
  const floorArgs = row.floor === 'same' ? row.args : row.floor;
  const other = options.vs ? row.args : floorArgs;
  if (options.vs) {
    const their = await once(round, 'other', row.args, () => withWhirl(options.vs, row, (at) => load(row.args, at)));
    return { own, other: their[row.figure] };
  }
  if (other) {
    const floor = await once(round, `floor ${row.pings ?? ''}`, other, () => withFloor(options.floor, row.pings, (at) => load(other, at)));
    return { own, other: floor[floorFigure(row, other)] };
  }
  const baseArgs = row.baseArgs ?? rows.find((r) => r.name === row.base)?.args;
  return { own, other: baseArgs ? (await server(baseArgs))[row.figure] : undefined };
}

/** A floor scenario may measure another unit of work than the row. */
function floorFigure(row, args) {
  return row.figure.startsWith('cpu') && args.startsWith('fanout') ? 'cpu_ns_per_delivery' : row.figure;
}

const results = [];
for (const row of rows.filter((r) => !options.only || r.name.includes(options.only))) {
  const samples = [];
  for (let round = 0; round < scale.rounds; round++) samples.push(await measure(row, round));
  const values = samples.map((s) => (s.other === undefined ? s.own : s.own / s.other));
  const raw = row.figure.startsWith('cpu')
    ? `${(median(samples.map((s) => s.own)) / 1000).toFixed(2)} µs${samples[0].other === undefined ? '' : ` ÷ ${(median(samples.map((s) => s.other)) / 1000).toFixed(2)} µs`}`
    : '';
  results.push({ row, values, raw });
  console.log(table([results.at(-1)]).split('\n').at(-1));
}

const text = table(results);
console.log(`\n${text}\n`);
if (options.write) {
  const head =
    '# Results\n\nProduced by `./x bench --write`: medians of ' +
    `${scale.rounds} rounds in which server and floor take turns, CPU time of the server's process from the kernel's accounting. ` +
    'Ratios are to the floor of the same machine in the same round (`bench/floor`), or to another row where the name says so.\n\n' +
    `Machine: ${os.cpus().length} CPUs (${os.cpus()[0].model}), Linux ${os.release()}; the load generator runs on the same machine. Scale: ${scaleName}.\n\n`;
  fs.writeFileSync(path.join(here, 'RESULTS.md'), `${head}![light](results-light.svg#gh-light-mode-only)![dark](results-dark.svg#gh-dark-mode-only)\n\n${text}\n`);
  fs.writeFileSync(path.join(here, 'results-light.svg'), chart(results, false));
  fs.writeFileSync(path.join(here, 'results-dark.svg'), chart(results, true));
}
