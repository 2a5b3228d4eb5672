// Which standard header has what the project's headers name. A header may rely on those of the headers that it
// includes, but not on what one standard header happens to include of another.

/** Names of std:: by header; where a name is in more than one, each of them will do. */
const names = {
  algorithm: 'clamp copy fill find max min sort',
  array: 'array to_array',
  atomic: 'atomic memory_order_acq_rel memory_order_acquire memory_order_relaxed memory_order_release',
  chrono: 'chrono',
  compare: 'partial_ordering strong_ordering weak_ordering',
  condition_variable: 'condition_variable cv_status',
  concepts: 'convertible_to integral same_as',
  cstddef: 'byte max_align_t nullptr_t',
  cstdint: 'int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t uintptr_t',
  cstdlib: 'abort atoi free getenv',
  cstring: 'memcpy memmove strlen',
  deque: 'deque',
  exception: 'exception exception_ptr',
  filesystem: 'filesystem',
  functional: 'equal_to function hash invoke less',
  iterator: 'back_inserter size',
  limits: 'numeric_limits',
  list: 'list',
  map: 'less map multimap',
  memory: 'default_delete enable_shared_from_this make_shared make_unique shared_ptr unique_ptr weak_ptr',
  mutex: 'lock_guard mutex scoped_lock unique_lock',
  new: 'launder nothrow',
  optional: 'nullopt optional',
  random: 'minstd_rand mt19937 mt19937_64 random_device uniform_int_distribution',
  set: 'less set',
  shared_mutex: 'shared_lock shared_mutex',
  span: 'span',
  string: 'hash size string to_string',
  string_view: 'hash string_view',
  thread: 'this_thread thread',
  tuple: 'apply tie tuple tuple_cat',
  unordered_map: 'equal_to hash unordered_map',
  unordered_set: 'equal_to hash unordered_set',
  utility: 'exchange in_place index_sequence pair swap',
  variant: 'get get_if holds_alternative monostate variant visit',
  vector: 'size vector',
};

/** Names that come with any header of the standard library. */
const anywhere = 'size_t ptrdiff_t initializer_list move forward decay_t enable_if_t is_integral_v is_invocable_r_v '
  + 'is_nothrow_move_constructible_v is_pointer_v is_same_v is_trivially_copyable_v remove_const_t remove_pointer_t tuple_size_v';

/** Namespaces of other libraries that many headers use. */
const libraries = { fmt: 'fmt/format.h', tl: 'tl/expected.hpp' };

/** All of these, to be precompiled. */
export const commonHeaders = [...Object.keys(names), ...Object.values(libraries)];

const homes = new Map(anywhere.split(' ').map((name) => [name, null]));
for (const [header, list] of Object.entries(names)) {
  for (const name of list.split(' ')) homes.set(name, [...(homes.get(name) ?? []), header]);
}

/** The headers of which one must be included to use a name; null if any will do, undefined if the name is not known. */
const homesOf = (space, name) => (space === 'std' ? homes.get(name) : [libraries[space]]);

const codeOf = (text) => text.replace(/\/\/.*$/gm, '').replace(/\/\*.*?\*\//gs, '').replace(/"(?:[^"\\\n]|\\.)*"/g, '""');

/** Complaints about headers that use a name whose header neither they nor what they include has included. */
export function missingCommonHeaders(headers, closures) {
  const complaints = [];
  const included = new Map([...headers].map(([file, { text }]) => (
    [file, [...text.matchAll(/^\s*#\s*include\s+<([^>]+)>/gm)].map((m) => m[1])])));
  for (const [file, { text }] of headers) {
    const reached = new Set([...closures.get(file)].flatMap((name) => included.get(name)));
    for (const used of new Set([...codeOf(text).matchAll(/\b(?:std|fmt|tl)::\w+/g)].map((m) => m[0]))) {
      const possible = homesOf(...used.split('::'));
      if (possible === undefined) complaints.push(`${file} uses ${used}: say in tests/style/std_names.mjs which header has it`);
      else if (possible && !possible.some((header) => reached.has(header))) complaints.push(`${file} uses ${used} and does not include <${possible[0]}>`);
    }
  }
  return complaints;
}
