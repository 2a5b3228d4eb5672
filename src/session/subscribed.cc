#include "session/subscribed.h"

#include <algorithm>
#include <limits>

namespace whirl::session {
namespace {

constexpr std::int64_t kRejectUnrecovered = 2;  // a bit of SubscribeRequest::flag

}  // namespace

Wish wish_of(const protocol::SubscribeRequest& request) {
  Wish wish;
  wish.recover = request.recover;
  wish.since = {request.offset, std::string(request.epoch)};
  wish.fossil_delta = request.delta == "fossil";
  wish.reject_unrecovered = (request.flag & kRejectUnrecovered) != 0;
  if (request.tf) {
    wish.has_filter = true;
    if (auto filter = protocol::CompiledFilter::compile(*request.tf)) wish.filter = std::move(*filter);
  }
  return wish;
}

Answer<std::uint32_t> ttl_of(std::int64_t expire_at, std::int64_t now_s) {
  if (expire_at <= 0) return 0;
  const std::int64_t ttl = expire_at - now_s;
  if (ttl <= 0) return refuse(protocol::errors::expired, "the subscription's expiration time has passed");
  return static_cast<std::uint32_t>(std::min<std::int64_t>(ttl, std::numeric_limits<std::uint32_t>::max()));
}

bool recovers(const channel::SubscribeOptions& options, const Wish& wish) {
  if (!options.recoverable) return false;
  return wish.recover || (options.auto_cache_recover && options.recovers_from_cache);
}

Answer<hub::SubscribeRequest> hub_request(std::string channel, const channel::SubscribeOptions& options,
                                          Wish& wish, int recover_limit) {
  if (wish.has_filter && !options.allows_tags_filter) {
    return refuse(protocol::errors::bad_request, "a tags filter takes allow_tags_filter");
  }
  if (wish.has_filter && !wish.filter)
    return refuse(protocol::errors::bad_request, "the tags filter is malformed");
  hub::SubscribeRequest request;
  request.channel = std::move(channel);
  request.positioned = options.positioned || options.recoverable;
  request.recover = recovers(options, wish);
  request.recovery_mode = options.recovers_from_cache ? hub::RecoveryMode::cache : hub::RecoveryMode::stream;
  request.since = wish.since;
  request.recover_limit = recover_limit;
  request.history_meta_ttl_ms = options.history_meta_ttl_ms;
  request.delta = wish.fossil_delta && options.allows_fossil_delta;
  request.push_join_leave = options.push_join_leave;
  request.presence = options.emit_presence;
  request.filter = std::move(wish.filter);
  return request;
}

Answer<Subscribed> outcome_of(const channel::SubscribeOptions& options, const Wish& wish,
                              hub::SubscribeOutcome& outcome) {
  const bool recovering = recovers(options, wish);
  if (recovering && !options.recovers_from_cache && !outcome.recovered && wish.reject_unrecovered) {
    return refuse(protocol::errors::unrecoverable_position,
                  "the history does not reach back to the client's position");
  }
  Subscribed subscribed;
  subscribed.was_recovering = wish.recover || recovering;
  subscribed.delta = wish.fossil_delta && options.allows_fossil_delta;
  subscribed.data = options.data;
  if (!options.positioned && !options.recoverable) return subscribed;
  subscribed.positioned = true;
  subscribed.recoverable = options.recoverable;
  subscribed.position = std::move(outcome.position);
  if (recovering && outcome.recovered) {
    subscribed.recovered = true;
    subscribed.publications = std::move(outcome.publications);
    // The client applies the publications from where it is, so it is told its own place.
    subscribed.position.offset = wish.since.offset;
  }
  return subscribed;
}

}  // namespace whirl::session
