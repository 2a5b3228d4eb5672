// Files and functions which have grown too long. Today's exceptions are in exceptions.txt, a line each:
// `file PATH LINES` or `function PATH NAME LINES`. An exception may only become smaller, and goes when it is over.
import fs from 'node:fs';
import path from 'node:path';
import { isCpp, root } from './sources.mjs';

const FILE_LINES = 500;
const FUNCTION_LINES = 70;
const EXCEPTIONS = 'tests/style/exceptions.txt';

const blank = (text) => text.replace(/[^\n]/g, ' ');

/** The text with comments, directives, strings and characters blanked, so that braces in them do not count. */
export function onlyCode(text) {
  return text.replace(
    /^\s*#(?:\\\n|[^\n])*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|R"([^(\s]*)\([\s\S]*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'/gm,
    blank,
  );
}

/** What the brace after `head` (the text since the last `;`, `{` or `}`) opens at namespace or class scope. */
function kindOf(headText) {
  let head = headText;
  for (let before; before !== head; ) [before, head] = [head, head.replace(/<[^<>()]*(\([^()]*\))?[^<>()]*>/g, ' ')];
  if (/=\s*$|\breturn\s*$/.test(head)) return 'value';
  if (/\b(namespace|extern)\b/.test(head) && !head.includes('(')) return 'scope';
  if (/\b(class|struct|union|enum)\b[^()]*$/.test(head) && !/\)\s*(const|noexcept|override)?\s*$/.test(head)) return 'scope';
  return head.includes('(') ? 'function' : 'value';
}

function nameOf(head) {
  const test = head.match(/\b(?:TYPED_)?TEST(?:_[FP])?\((\w+),\s*(\w+)\)/);
  if (test) return `${test[1]}.${test[2]}`;
  return head.match(/([\w:~]+|operator[^\w\s]+)\s*\(/)?.[1] ?? '?';
}

/** The functions of a C++ source: { name, lines }. Lambdas and local types count as part of their function. */
export function functionsOf(text) {
  const code = onlyCode(text);
  const functions = [];
  const stack = [];
  let head = '';
  let headLine = 1;
  let line = 1;
  for (const c of code) {
    if (c === '\n') line++;
    const within = stack.some((open) => open.kind !== 'scope');
    if (c === '{') {
      const kind = within ? 'inner' : kindOf(head);
      stack.push({ kind, head, line: headLine });
    } else if (c === '}') {
      const open = stack.pop();
      if (open?.kind === 'function') {
        functions.push({ name: nameOf(open.head), lines: line - open.line + 1 });
      }
    }
    if (c === '{' || c === '}' || c === ';') {
      head = '';
    } else if (head !== '' || !/\s/.test(c)) {
      if (head === '') headLine = line;
      head += c;
    }
  }
  return functions;
}

function readExceptions() {
  const exceptions = new Map();
  for (const line of fs.readFileSync(path.join(root, EXCEPTIONS), 'utf8').split('\n')) {
    const words = line.split(' ');
    if (line && !line.startsWith('#')) exceptions.set(words.slice(0, -1).join(' '), Number(words.at(-1)));
  }
  return exceptions;
}

export function checkSizes(sources) {
  const sizes = [];
  for (const { file, text } of sources.filter((s) => isCpp(s) || /\.(mjs|sh)$|^x$/.test(s.file))) {
    sizes.push({ what: `file ${file}`, lines: text.split('\n').length - 1, limit: FILE_LINES });
    if (!isCpp({ file })) continue;
    for (const { name, lines } of functionsOf(text)) sizes.push({ what: `function ${file} ${name}`, lines, limit: FUNCTION_LINES });
  }
  const exceptions = readExceptions();
  const complaints = [];
  const needed = new Set();
  for (const { what, lines, limit } of sizes.filter((size) => size.lines > size.limit)) {
    needed.add(what);
    const allowed = exceptions.get(what) ?? limit;
    if (lines > allowed) complaints.push(`${what} has ${lines} lines, more than ${allowed}: split it`);
  }
  for (const what of exceptions.keys()) {
    if (!needed.has(what)) complaints.push(`${what} is short enough now: remove it from ${EXCEPTIONS}`);
  }
  return complaints;
}
