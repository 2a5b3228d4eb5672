// Plays the conformance scenarios and holds the result against the list of scenarios which do not pass yet.
//
// The list, conformance-pending.txt, may only become shorter: a listed scenario which passes fails the run
// until its line is removed, which --update does. `--engine redis` makes every server keep all it has in one Redis,
// under a prefix of its own; the list is the same, and what conformance-redis.txt names may go either way there. All other arguments go to conformance/run.mjs.
// The last line is `N passed, N failed`: passed are scenarios that are not on the list.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from './e2e/lib/redis.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const suite = path.join(here, 'conformance');
const original = path.join(here, '..', '..', 'shared', 'conformance');
const MOST_REPLAYS = 3;
const pendingFile = path.join(here, 'conformance-pending.txt');
const undecidedFile = path.join(here, 'conformance-redis.txt');

/** Relative path → content of every file under a folder. */
function contents(dir, prefix = '') {
  const files = new Map();
  for (const entry of fs.readdirSync(path.join(dir, prefix), { withFileTypes: true })) {
    const name = path.join(prefix, entry.name);
    if (entry.isDirectory()) for (const [k, v] of contents(dir, name)) files.set(k, v);
    else files.set(name, fs.readFileSync(path.join(dir, name), 'utf8'));
  }
  return files;
}

/** Where the suite that the copy was made from is at hand, both must be the same. */
function compareWithOriginal() {
  if (!fs.existsSync(original)) return [];
  const ours = contents(suite);
  const theirs = contents(original);
  return [...new Set([...ours.keys(), ...theirs.keys()])]
    .filter((name) => ours.get(name) !== theirs.get(name))
    .map((name) => `tests/conformance/${name} is not the same as in the original suite`);
}

/** The scenarios of a JUnit report: name → whether it passed. */
function readReport(file) {
  const results = new Map();
  const cases = /<testcase classname="([^"]*)" name="([^"]*)" time="[^"]*"(\/?)>/g;
  for (const [, topic, name, passed] of fs.readFileSync(file, 'utf8').matchAll(cases)) {
    results.set(`${topic}/${name}`, passed === '/');
  }
  return results;
}

function printTopics(results, pending) {
  const topics = new Map();
  for (const [name, passed] of results) {
    const topic = name.split('/')[0];
    const row = topics.get(topic) ?? { scenarios: 0, passed: 0, pending: 0 };
    row.scenarios++;
    if (passed) row.passed++;
    if (pending.has(name)) row.pending++;
    topics.set(topic, row);
  }
  for (const [topic, row] of [...topics].sort()) {
    console.log(`${topic}: ${row.passed} of ${row.scenarios} pass, ${row.pending} pending`);
  }
}

const args = process.argv.slice(2);
const update = args.includes('--update');
const engine = valueOf('--engine') ?? 'memory';
const redis = engine === 'redis' ? await Redis.start() : null;
const runnerArgs = args.filter((a) => a !== '--update');
if (redis) useRedis(runnerArgs);

/** Takes an option and its value out of the arguments. */
function valueOf(name) {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args.splice(at, 2)[1];
}

/** The environment goes before a scenario's configuration, and only the server has it, not the other commands. */
function useRedis(list) {
  const at = list.indexOf('--server') + 1;
  const settings = [
    'WHIRL_ENGINE_TYPE=redis',
    `WHIRL_ENGINE_REDIS_ADDRESS=${redis.address}`,
    'WHIRL_ENGINE_REDIS_PREFIX=conformance$$',
  ];
  if (!list.includes('--cli')) list.push('--cli', list[at].split(' ')[0]);
  list[at] = `sh -c '${settings.join(' ')} exec "$0" "$@"' ${list[at]}`;
}

/** Plays the suite and returns its results, or null if it did not finish. */
function play(extra) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'conformance-report-'));
  const report = path.join(dir, 'junit.xml');
  spawnSync(process.execPath, [path.join(suite, 'run.mjs'), '--junit', report, ...runnerArgs, ...extra], { stdio: 'inherit' });
  const results = fs.existsSync(report) ? readReport(report) : null;
  fs.rmSync(dir, { recursive: true });
  return results;
}

const results = play([]);
if (!results) {
  console.log('the suite did not finish\n0 passed, 1 failed');
  process.exit(1);
}

const pending = new Set(fs.readFileSync(pendingFile, 'utf8').split('\n').filter(Boolean));
if (update) {
  for (const name of pending) if (results.get(name)) pending.delete(name);
  fs.writeFileSync(pendingFile, [...pending].map((name) => `${name}\n`).join(''));
}
// Some scenarios race connections against each other, and their transcripts show the usual order. On a busy machine one may go
// the other way, so the few that failed are played once more, alone; it is said here, and more than a few are failures.
if (redis) {
  for (const line of fs.readFileSync(undecidedFile, 'utf8').split('\n')) results.delete(line.split(' ')[0]);
}
const again = [...results.keys()].filter((name) => !results.get(name) && !pending.has(name));
for (const name of again.length <= MOST_REPLAYS ? again : []) {
  const [topic, only] = name.split('/');
  console.log(`once more, alone: ${name}`);
  results.set(name, play(['--topic', topic, '--only', only, '--jobs', '1'])?.get(name) ?? false);
}

const complaints = compareWithOriginal();
for (const name of pending) {
  if (!fs.existsSync(path.join(suite, 'golden', `${name}.json`))) complaints.push(`${name} is pending but does not exist`);
}
let passed = 0;
for (const [name, ok] of results) {
  if (ok && pending.has(name)) complaints.push(`${name} passes: remove it from conformance-pending.txt (--update)`);
  else if (ok) passed++;
  else if (!pending.has(name)) complaints.push(`${name} does not pass`);
}
printTopics(results, pending);
for (const line of complaints) console.log(line);
await redis?.close();
console.log(`${passed} passed, ${complaints.length} failed`);
process.exit(complaints.length ? 1 : 0);
