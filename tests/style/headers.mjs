// Every header compiles alone: whoever includes it needs to know nothing else. What passed is remembered in
// build/style/ under a hash of the header and of all project headers that it includes.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { failuresOf, includesOf, root } from './sources.mjs';

const CACHE = path.join(root, 'build', 'style', 'headers.json');

function readCache() {
  try {
    return JSON.parse(fs.readFileSync(CACHE, 'utf8'));
  } catch {
    return {};
  }
}

/** Adds a header and all that it includes, directly or not, to `seen`. */
function reach(file, headers, seen) {
  if (seen.has(file) || !headers.has(file)) return;
  seen.add(file);
  for (const include of includesOf(headers.get(file))) reach(`src/${include}`, headers, seen);
}

function hashOf(file, headers) {
  const seen = new Set();
  reach(file, headers, seen);
  const hash = crypto.createHash('sha256');
  for (const name of [...seen].sort()) hash.update(`${name}\0${headers.get(name).text}\0`);
  return hash.digest('hex');
}

export async function checkHeadersAlone(sources) {
  const headers = new Map(sources.filter(({ file }) => /^src\/.*\.h$/.test(file)).map((s) => [s.file, s]));
  const cache = readCache();
  const hashes = new Map([...headers.keys()].map((file) => [file, hashOf(file, headers)]));
  const unknown = [...headers.keys()].filter((file) => cache[file] !== hashes.get(file));
  const failures = await failuresOf(unknown, (file) => [
    'g++', '-std=c++20', '-fsyntax-only', '-Wall', '-Wextra', '-Isrc', '-include', file, '-x', 'c++', '/dev/null',
  ]);
  const failed = new Set(failures.map(([file]) => file));
  const passed = Object.fromEntries([...hashes].filter(([file]) => !failed.has(file)));
  fs.mkdirSync(path.dirname(CACHE), { recursive: true });
  fs.writeFileSync(CACHE, JSON.stringify(passed));
  return failures.map(([file, output]) => `${file} does not compile alone:\n${output.split('\n').slice(0, 12).join('\n')}`);
}
