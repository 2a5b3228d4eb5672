// Every header compiles alone: whoever includes it needs to know nothing else.
//
// To compile each by itself would take longer than to compile the server, so it is done in two parts. What a header
// names of the standard library is included by it or by a header that it includes (std_names.mjs). For the rest the
// compiler has the standard library precompiled, and reads the headers in chains: each one after headers that it
// includes anyway, which are no help to it.
// What passed is remembered in build/style/ under a hash of the header and of all project headers that it includes.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { failuresOf, includesOf, root } from './sources.mjs';
import { missingCommonHeaders, commonHeaders } from './std_names.mjs';

const FOLDER = path.join(root, 'build', 'style');
const CACHE = path.join(FOLDER, 'headers.json');
const COMPILER = ['clang++', '-std=c++20', '-Wall', '-Wextra'];

function readCache() {
  try {
    return JSON.parse(fs.readFileSync(CACHE, 'utf8'));
  } catch {
    return {};
  }
}

/** What each header includes, directly or not, itself among it. */
function closuresOf(headers) {
  const closures = new Map();
  const close = (file) => {
    if (closures.has(file)) return closures.get(file);
    const closure = new Set([file]);
    closures.set(file, closure);
    for (const include of includesOf(headers.get(file))) {
      if (!headers.has(`src/${include}`)) continue;
      for (const name of close(`src/${include}`)) closure.add(name);
    }
    return closure;
  };
  for (const file of headers.keys()) close(file);
  return closures;
}

function hashOf(closure, headers) {
  const hash = crypto.createHash('sha256');
  for (const name of [...closure].sort()) hash.update(`${name}\0${headers.get(name).text}\0`);
  return hash.digest('hex');
}

/**
 * Divides headers into as few chains as possible, in each of which every header includes those before it: a chain
 * cover of an order by a matching of each header with the one before it.
 */
function chainsOf(files, closures) {
  const wanted = new Set(files);
  const next = new Map(); // header -> the one after it in its chain
  const takesBefore = (file, seen) => {
    for (const before of closures.get(file)) {
      if (before === file || !wanted.has(before) || seen.has(before)) continue;
      seen.add(before);
      if (next.has(before) && !takesBefore(next.get(before), seen)) continue;
      next.set(before, file);
      return true;
    }
    return false;
  };
  for (const file of files) takesBefore(file, new Set());
  const notFirst = new Set(next.values());
  return files.filter((file) => !notFirst.has(file)).map((first) => {
    const chain = [];
    for (let file = first; file; file = next.get(file)) chain.push(file);
    return chain;
  });
}

function precompileCommon() {
  const header = path.join(FOLDER, 'common.h');
  fs.writeFileSync(header, commonHeaders.map((name) => `#include <${name}>\n`).join(''));
  execFileSync(COMPILER[0], [...COMPILER.slice(1), '-x', 'c++-header', header, '-o', `${header}.pch`], { cwd: root });
  return `${header}.pch`;
}

export async function checkHeadersAlone(sources) {
  const headers = new Map(sources.filter(({ file }) => /^src\/.*\.h$/.test(file)).map((s) => [s.file, s]));
  const closures = closuresOf(headers);
  const hashes = new Map([...headers.keys()].map((file) => [file, hashOf(closures.get(file), headers)]));
  const cache = readCache();
  const unknown = [...headers.keys()].filter((file) => cache[file] !== hashes.get(file));
  fs.mkdirSync(FOLDER, { recursive: true });
  const precompiled = unknown.length ? precompileCommon() : null;
  const failures = await failuresOf(chainsOf(unknown, closures), (chain) => [
    ...COMPILER, '-fsyntax-only', '-Isrc', '-include-pch', precompiled,
    ...chain.flatMap((file) => ['-include', file]), '-x', 'c++', '/dev/null',
  ]);
  const failed = new Set(failures.flatMap(([chain]) => chain));
  const passed = Object.fromEntries([...hashes].filter(([file]) => !failed.has(file)));
  fs.writeFileSync(CACHE, JSON.stringify(passed));
  return [
    ...missingCommonHeaders(headers, closures),
    ...failures.map(([chain, output]) => (
      `${chain.length > 1 ? 'one of ' : ''}${chain.join(', ')} does not compile alone:\n${output.split('\n').slice(0, 12).join('\n')}`)),
  ];
}
