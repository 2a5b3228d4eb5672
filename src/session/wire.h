#pragma once
#include <span>
#include <string_view>

#include "broker/types.h"
#include "codec/arena.h"
#include "protocol/messages.h"
#include "protocol/variant.h"
#include "session/subscribed.h"

namespace whirl::session {

/// Builds the parts of one reply out of what the hub answered. The parts point into the arena and into the
/// objects they were built from, so they are for encoding at once. One object per reply.
class Wire {
 public:
  Wire(codec::Arena& arena, protocol::Encoding encoding) : arena_(arena), encoding_(encoding) {}

  /// False once something was built that the encoding can't carry: a payload that is not JSON, for a JSON
  /// client.
  bool can_be_shown() const { return can_be_shown_; }

  codec::Raw payload(std::string_view bytes);
  const protocol::ClientInfo* info(const broker::ClientInfo* info);
  /// `epoch` is that of the stream; the first publication of a stream carries it.
  protocol::List<protocol::Publication> publications(std::span<const broker::PublicationPtr> publications,
                                                     std::string_view epoch);
  /// As a client takes them that asked for fossil deltas: the first in full, the others against the one
  /// before wherever that is shorter.
  protocol::List<protocol::Publication> deltas(std::span<const broker::PublicationPtr> publications,
                                               std::string_view epoch);
  protocol::Map<protocol::ClientInfo> presence(const broker::PresenceMap& presence);
  protocol::SubscribeResult subscribe_result(const Subscribed& subscribed);

  template <class T>
  std::span<T> array(std::size_t size) {
    T* first = static_cast<T*>(arena_.allocate(sizeof(T) * size, alignof(T)));
    for (std::size_t i = 0; i < size; ++i) new (first + i) T();
    return {first, size};
  }

 private:
  protocol::Publication publication(const broker::Publication& publication, std::string_view epoch);
  void fill(protocol::ClientInfo& out, const broker::ClientInfo& info);
  codec::Arena& arena_;
  protocol::Encoding encoding_;
  bool can_be_shown_ = true;
};

}  // namespace whirl::session
