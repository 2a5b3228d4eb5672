#include "channel/subscribe_options.h"

namespace whirl::channel {

SubscribeOptions subscribe_options(const Namespace& ns, Source source, const SubscribeOverride& override) {
  SubscribeOptions options;
  options.source = source;
  options.history_meta_ttl_ms = ns.history_meta_ttl.ms();
  options.emit_presence = override.presence.value_or(ns.presence);
  options.emit_join_leave = override.join_leave.value_or(ns.join_leave);
  options.push_join_leave = override.force_push_join_leave.value_or(ns.force_push_join_leave);
  options.positioned = override.force_positioning.value_or(ns.force_positioning);
  options.recoverable = override.force_recovery.value_or(ns.force_recovery);
  options.recovers_from_cache = ns.recovers_from_cache;
  options.allows_fossil_delta = ns.allows_fossil_delta;
  options.allows_tags_filter = ns.allow_tags_filter;
  return options;
}

}  // namespace whirl::channel
