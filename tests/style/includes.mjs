// Layers, and headers of libraries that are too expensive to include from a header.
import { includesOf, isCpp } from './sources.mjs';

/** The folders of src/ from the ground up: each may include only those before it, and itself. */
const LAYERS = [
  'base', 'codec', 'metrics', 'config', 'net', 'http', 'acme', 'protocol', 'channel', 'driver', 'broker', 'hub', 'auth',
  'proxy', 'session', 'transport', 'api', 'consumer', 'admin', 'app',
];

const HEAVY = /^\s*#\s*include\s+<((spdlog|yaml-cpp|toml\+\+|CLI|openssl|curl|prometheus|hiredis|nghttp2|boost|simdjson|librdkafka)\b[^>]*|libpq-fe\.h)>/gm;

const folderOf = (file) => file.match(/^src\/([^/]+)\//)?.[1];
const isTest = (file) => /_(test|bench)\.cc$|_fixture\.(cc|h)$/.test(file) || file.startsWith('src/testing/');

export function checkLayers(sources) {
  const complaints = [];
  for (const source of sources.filter(isCpp)) {
    const folder = folderOf(source.file);
    if (!folder) continue;
    if (folder !== 'testing' && !LAYERS.includes(folder)) complaints.push(`${source.file}: src/${folder} has no place among the layers`);
    for (const include of includesOf(source)) {
      const target = include.split('/')[0];
      if (!include.includes('/')) {
        complaints.push(`${source.file}: include "${include}" with its folder`);
      } else if (target === 'testing') {
        if (!isTest(source.file)) complaints.push(`${source.file}: only tests include "${include}"`);
      } else if (folder !== 'testing' && !(LAYERS.indexOf(target) <= LAYERS.indexOf(folder))) {
        complaints.push(`${source.file}: ${folder} is below ${target}, so it cannot include "${include}"`);
      }
    }
  }
  return complaints;
}

export function checkHeavyHeaders(sources) {
  return sources
    .filter(({ file }) => /^src\/(?!testing\/).*\.h$/.test(file))
    .flatMap(({ file, text }) => [...text.matchAll(HEAVY)].map((m) => `${file}: include <${m[1]}> only in .cc files`));
}
