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
};

/// Everything that makes two connections take the same bytes for the same push. Fan-out encodes a push once
/// per variant that has a subscriber, never per subscriber.
struct Variant {
  Encoding encoding = Encoding::json;
  Framing framing = Framing::websocket_text;
  bool unidirectional = false;  ///< bare pushes instead of replies

  /// A small number for tables indexed by variant, below kVariants.
  constexpr unsigned index() const {
    return static_cast<unsigned>(framing) * 4 + static_cast<unsigned>(encoding) * 2 +
           (unidirectional ? 1 : 0);
  }
  static constexpr unsigned kVariants = 5 * 4;
  friend bool operator==(const Variant&, const Variant&) = default;
};

/// One message, wrapped for the wire.
SharedBytes frame(Framing framing, std::string_view message);

}  // namespace whirl::protocol
