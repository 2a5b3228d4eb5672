#pragma once
#include "metrics/registry.h"

namespace whirl::metrics {

/// Messages and their bytes, together.
struct Traffic {
  Counter& messages;
  Counter& bytes;
  void add(std::size_t size) const {
    messages.add();
    bytes.add(size);
  }
};

/// What goes over the clients' connections. Sizes are those of messages, before framing and compression.
struct Transport {
  explicit Transport(Registry& registry);

  // Labels: transport ("websocket"), frame_type (a method, or "push_publication" …), channel_namespace.
  Traffic sent(std::string_view transport, std::string_view frame_type, std::string_view channel_namespace) {
    return {messages_sent.with(transport, frame_type, channel_namespace),
            messages_sent_size.with(transport, frame_type, channel_namespace)};
  }
  Traffic received(std::string_view transport, std::string_view frame_type,
                   std::string_view channel_namespace) {
    return {messages_received.with(transport, frame_type, channel_namespace),
            messages_received_size.with(transport, frame_type, channel_namespace)};
  }

  Family<Counter, 3> messages_sent;
  Family<Counter, 3> messages_sent_size;
  Family<Counter, 3> messages_received;
  Family<Counter, 3> messages_received_size;
  Family<Counter, 2> outgoing_close_count;  // transport, code
};

}  // namespace whirl::metrics
