// The Docker image is built from the files that its Dockerfile copies, which must be all that the build reads.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** What the stage that compiles copies into the image, as paths of the checkout. */
function copiedPaths() {
  const stage = fs.readFileSync('packaging/Dockerfile', 'utf8').split(/^FROM /m)[1];
  return [...stage.matchAll(/^COPY (.+) \S+$/gm)].flatMap((match) => match[1].split(' '));
}

/** The complaints about a folder with what was copied. */
function missingIn(image) {
  const run = (command, ...args) => spawnSync(command, args, { cwd: image, encoding: 'utf8', maxBuffer: 1e8 });
  const configured = run('cmake', '--preset', 'release');
  if (configured.status !== 0) return [`cmake needs more than is copied: ${configured.stderr}`];
  const inputs = run('ninja', '-C', 'build/release', '-t', 'inputs', 'whirl').stdout.split('\n');
  const sources = inputs.filter((file) => file.startsWith(image) && !file.startsWith(path.join(image, 'build')));
  if (sources.length === 0) return ['ninja names no inputs of the server'];
  return sources.filter((file) => !fs.existsSync(file)).map((file) => `${path.relative(image, file)} is not copied`);
}

export function checkImage() {
  const image = fs.mkdtempSync(path.join(os.tmpdir(), 'whirl-image-'));
  try {
    for (const copied of copiedPaths()) fs.cpSync(copied, path.join(image, copied), { recursive: true });
    return missingIn(image).map((complaint) => `packaging/Dockerfile: ${complaint}`);
  } finally {
    fs.rmSync(image, { recursive: true });
  }
}
