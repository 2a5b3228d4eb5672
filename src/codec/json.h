#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "codec/arena.h"
#include "codec/schema.h"

/// JSON ⇄ messages, from their tables.
///
/// Reading accepts what the clients of this protocol rely on: keys match in any case, unknown fields are
/// skipped (but must be valid JSON), null leaves a field at its default (a Raw gets the text `null`), of
/// equal keys the last one counts and sub-messages merge. Refused: numbers as text, fractions and exponents
/// for integers, values out of the integer's range, control characters in strings, trailing commas. Unpaired
/// surrogates and malformed UTF-8 in a string become U+FFFD. Values nest up to kMaxJsonDepth, messages up to
/// kMaxMessageDepth.
namespace whirl::codec {

inline constexpr std::size_t kMaxJsonDepth = 10000;
inline constexpr std::size_t kMaxMessageDepth = 100;

/// How payloads are put into JSON: as they are but without raw newlines, or without any space between tokens.
enum class RawStyle : unsigned char { as_is, compact };

/// True if the text is exactly one JSON value, with or without spaces around it. UTF-8 is not checked.
bool is_json(std::string_view text);

/// Appends a JSON value without the spaces and newlines between its tokens. The value must be valid JSON.
void append_compact_json(std::string& out, std::string_view json);

namespace detail {
void encode_json(const Table& table, const void* message, std::string& out, RawStyle raw);
Result<std::size_t> decode_json(const Table& table, std::string_view in, void* message, Arena& arena);
}  // namespace detail

/// Appends the message as a JSON object on one line. Fields at their default are left out unless their table
/// says `always`. Payloads must be valid JSON (see is_json): they are embedded unchecked.
template <class M>
void encode_json(const M& message, std::string& out, RawStyle raw = RawStyle::as_is) {
  detail::encode_json(table<M>(), &message, out, raw);
}

/// Reads the first JSON value of `in`, an object or null, and returns the number of bytes up to its end; what
/// follows is not looked at. On error the message is unspecified.
template <class M>
Result<std::size_t> decode_json(std::string_view in, M& message, Arena& arena) {
  message = M{};
  return detail::decode_json(table<M>(), in, &message, arena);
}

/// As decode_json, for documents: nothing but spaces may follow the value.
template <class M>
Result<> decode_json_document(std::string_view in, M& message, Arena& arena) {
  auto end = decode_json(in, message, arena);
  if (!end) return tl::unexpected(std::move(end.error()));
  if (in.find_first_not_of(" \t\r\n", *end) != in.npos) return fail("data after the end of the JSON value");
  return {};
}

}  // namespace whirl::codec
