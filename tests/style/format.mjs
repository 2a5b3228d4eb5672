// C++ sources as clang-format writes them; `./x fmt` mends it.
import { failuresOf, isCpp } from './sources.mjs';

export async function checkFormat(sources) {
  const files = sources.filter(isCpp).map(({ file }) => file);
  const failures = await failuresOf(files, (file) => ['clang-format', '--dry-run', '--Werror', file]);
  return failures.map(([file]) => `${file}: run ./x fmt`).sort();
}
