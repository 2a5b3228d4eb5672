#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "codec/arena.h"
#include "codec/schema.h"

/// Protobuf (proto3) ⇄ messages, from their tables.
///
/// Unknown fields are skipped. Refused: a known field with another wire type, lengths beyond the input,
/// varints of more than ten bytes, field number 0, messages nested deeper than kMaxMessageDepth (json.h). A
/// repeated sub-message merges.
namespace whirl::codec {

namespace detail {
void encode_protobuf(const Table& table, const void* message, std::string& out);
Result<> decode_protobuf(const Table& table, std::string_view in, void* message, Arena& arena);
}  // namespace detail

/// Appends the message, without a length before it.
template <class M>
void encode_protobuf(const M& message, std::string& out) {
  detail::encode_protobuf(table<M>(), &message, out);
}

/// Reads a message that is the whole of `in`. On error the message is unspecified.
template <class M>
Result<> decode_protobuf(std::string_view in, M& message, Arena& arena) {
  message = M{};
  return detail::decode_protobuf(table<M>(), in, &message, arena);
}

/// Appends `value` in base-128 groups, the lowest first.
void append_varint(std::string& out, std::uint64_t value);

/// Appends a field that is text, bytes or an encoded message.
void append_field(std::string& out, std::uint32_t number, std::string_view bytes);

/// Takes a varint off the front of `in`; false if it is cut short or longer than ten bytes.
bool take_varint(std::string_view& in, std::uint64_t& value);

}  // namespace whirl::codec
