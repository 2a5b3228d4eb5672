// What is generated from the program's tables, and committed, is what the program says today.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { it } from 'node:test';
import { startProgram } from './lib/server.mjs';

it('docs/configuration.md is what configdoc prints (./x doc writes it)', async () => {
  const program = startProgram(['configdoc', '--markdown']);
  assert.equal((await program.ended).code, 0);
  const committed = fs.readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  assert.equal(program.output, committed);
});
