#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "load/client.h"

namespace whirl::bench {

/// The client's side of the wire, just what a load generator needs.

std::string upgrade_request(const Target& target);

struct ServerFrame {
  unsigned opcode = 0;
  std::string_view payload;
};
/// Takes one complete frame off the front of `bytes`; false if there is none yet.
bool next_frame(std::string_view& bytes, ServerFrame& frame);

/// A masked frame (with the zero mask, which leaves the payload as it is).
std::string client_frame(unsigned opcode, std::string_view payload);

bool next_length_prefixed(std::string_view& bytes, std::string_view& message);
std::string length_prefixed(std::string_view message);
std::string protobuf_field(unsigned number, std::string_view bytes);
std::string protobuf_varint_field(unsigned number, std::uint64_t value);

/// The decimal number that follows `key` in `text`.
bool number_after(std::string_view text, std::string_view key, std::uint64_t& out);

}  // namespace whirl::bench
