// The files that the checks look at, and running a command over many of them.
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Every tracked or new text file of the project, but for the conformance suite, which is kept as it came. */
export function readSources() {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root });
  return listed
    .toString()
    .split('\n')
    .filter((file) => /\.(cc|h|cmake|mjs|md|txt|html|json|sh)$|^(x|\.ci\/run|packaging\/.*)$/.test(file))
    .filter((file) => !file.startsWith('tests/conformance/') && !file.startsWith('tests/data/'))
    .filter((file) => fs.existsSync(path.join(root, file)))
    .map((file) => ({ file, text: fs.readFileSync(path.join(root, file), 'utf8') }));
}

export const isCpp = ({ file }) => /\.(cc|h)$/.test(file);

/** The quoted includes of a source, as written. */
export const includesOf = ({ text }) => [...text.matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)].map((m) => m[1]);

/** Runs a command for each item, as many at a time as there are processors; gives [item, output] of those that fail. */
export async function failuresOf(items, commandFor) {
  const queue = [...items];
  const failures = [];
  const worker = async () => {
    for (let item; (item = queue.shift()) !== undefined; ) {
      const [program, ...args] = commandFor(item);
      const output = await new Promise((resolve) => {
        execFile(program, args, { cwd: root }, (err, stdout, stderr) => resolve(err ? stderr || stdout || err.message : null));
      });
      if (output !== null) failures.push([item, output]);
    }
  };
  await Promise.all(Array.from({ length: os.cpus().length }, worker));
  return failures;
}
