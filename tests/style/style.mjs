// The style test: what a reviewer should not have to look for. Every check is a function of the list of source
// files which gives complaints; each complaint names a file and says what to do.
// The last line is `N passed, N failed`, counting checks.
import { checkFormat } from './format.mjs';
import { checkHeavyHeaders, checkLayers } from './includes.mjs';
import { checkHeadersAlone } from './headers.mjs';
import { checkImage } from './image.mjs';
import { checkSizes } from './sizes.mjs';
import { readSources } from './sources.mjs';
import { checkWords } from './words.mjs';

const checks = {
  'folders include only folders above them': checkLayers,
  'heavy headers stay in .cc files': checkHeavyHeaders,
  'files and functions are short': checkSizes,
  'no words of one machine': checkWords,
  'formatted': checkFormat,
  'the Docker image copies what the build reads': checkImage,
  'headers compile alone': checkHeadersAlone,
};

const sources = readSources();
let passed = 0;
let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  const started = Date.now();
  const complaints = await check(sources);
  console.log(`${complaints.length ? 'FAIL' : 'ok  '}  ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  for (const complaint of complaints) console.log(`      ${complaint}`);
  if (complaints.length) failed++;
  else passed++;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
