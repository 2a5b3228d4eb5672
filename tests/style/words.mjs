// Words that belong to one person's machine or to a mirror, not to the project. Written in pieces here, so that this
// file does not contain them.
const FORBIDDEN = [
  ['/wo', 'rk/'], ['/tmp/', 'ref'], ['/tmp/', 'brief'], ['/home', '/'], ['registry.', 'npmjs'], ['deb.', 'debian.org'],
  ['TO', 'DO'], ['FIX', 'ME'],
].map((pieces) => pieces.join(''));

export function checkWords(sources) {
  const complaints = [];
  for (const { file, text } of sources) {
    for (const word of FORBIDDEN) {
      const at = text.indexOf(word);
      if (at >= 0) complaints.push(`${file}:${text.slice(0, at).split('\n').length}: remove "${word}"`);
    }
  }
  return complaints;
}
