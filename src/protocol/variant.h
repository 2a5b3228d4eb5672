#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/shared_bytes.h"

namespace whirl::protocol {

enum class Encoding : std::uint8_t { json, protobuf };

/// How one message is wrapped in a connection's byte stream.
enum class Framing : std::uint8_t {
  websocket_text,
  websocket_binary,  ///< varint length, then Protobuf
  lines,             ///< JSON and a newline (HTTP streaming)
  length_prefixed,   ///< varint length, then Protobuf (HTTP streaming)
  events,            ///< "data: …\n\n" (server-sent events)
  grpc,              ///< no compression, length in four bytes, then Protobuf
};

/// Everything that makes two connections take the same bytes for the same push. Fan-out encodes a push once
/// per variant that has a subscriber, never per subscriber.
struct Variant {
  Encoding encoding = Encoding::json;
  Framing framing = Framing::websocket_text;
  bool unidirectional = false;  ///< bare pushes instead of replies
  /// Effort of permessage-deflate, 1 to 9; 0 = messages are not compressed. For WebSocket framings only. All
  /// variants of a process that have the same index() also have the same level and smallest size.
  std::uint8_t compression_level = 0;
  std::uint16_t compression_min_size = 0;  ///< bytes; smaller messages go as they are

  constexpr bool compressed() const { return compression_level != 0; }
  /// A small number for tables indexed by variant, below kVariants.
  constexpr unsigned index() const {
    return (static_cast<unsigned>(framing) + (compressed() ? kFramings : 0)) * 4 +
           static_cast<unsigned>(encoding) * 2 + (unidirectional ? 1 : 0);
  }
  static constexpr unsigned kFramings = 6;
  static constexpr unsigned kCompressible = 2;  ///< the first of them
  static constexpr unsigned kVariants = (kFramings + kCompressible) * 4;
  friend bool operator==(const Variant&, const Variant&) = default;
};

/// One message, wrapped for the wire.
SharedBytes frame(Framing framing, std::string_view message);
/// Likewise, and compressed if the variant wants that.
SharedBytes frame(const Variant& variant, std::string_view message);

/// Whether a WebSocket frame's message is compressed.
bool is_compressed(const SharedBytes& frame);
/// Two compressed frames of one variant as one, with the messages of both.
SharedBytes join_compressed(const SharedBytes& first, const SharedBytes& second);

}  // namespace whirl::protocol
