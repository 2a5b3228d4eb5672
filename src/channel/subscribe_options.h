#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "channel/rules.h"

namespace whirl::channel {

/// Where a subscription comes from. Values as in Centrifugo's metrics and inspection.
enum class Source : std::uint8_t {
  unknown = 0,
  connection_token = 1,
  connect_proxy = 2,
  subscription_token = 3,
  subscribe_proxy = 4,
  user_limited = 5,
  client_allowed = 6,
  client_insecure = 7,
  uni_connect = 8,
  user_personal = 9,
  server_api = 10,
  stream_proxy = 13,
};

/// What a token, a proxy or the server API may set for one subscription; what is left open follows the
/// namespace.
struct SubscribeOverride {
  std::optional<bool> presence;
  std::optional<bool> join_leave;
  std::optional<bool> force_push_join_leave;
  std::optional<bool> force_positioning;
  std::optional<bool> force_recovery;
};

/// How one subscription behaves, decided when it is made.
struct SubscribeOptions {
  std::int64_t expire_at = 0;  ///< Unix seconds, 0 = never
  std::string info;            ///< channel info, JSON or bytes; empty = none
  std::string data;            ///< handed to the client with the subscription
  std::int64_t history_meta_ttl_ms = 0;
  Source source = Source::unknown;
  bool emit_presence = false;
  bool emit_join_leave = false;
  bool push_join_leave = false;
  bool positioned = false;
  bool recoverable = false;
  bool recovers_from_cache = false;
  bool auto_cache_recover = false;  ///< recovers the latest publication though the client did not ask
  bool allows_fossil_delta = false;
  bool allows_tags_filter = false;
};

/// As the namespace has it, with the overrides laid over.
SubscribeOptions subscribe_options(const Namespace& ns, Source source,
                                   const SubscribeOverride& override = {});

}  // namespace whirl::channel
