#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "broker/broker.h"
#include "hub/subscriber.h"
#include "protocol/filter.h"

namespace whirl::hub {

enum class RecoveryMode : std::uint8_t { stream, cache };

/// What a session asks when it subscribes. Everything about permission is decided before.
struct SubscribeRequest {
  std::string channel{};
  bool positioned = false;  ///< keep and check the position (recovery implies it)
  bool recover = false;     ///< read what was missed since `since`
  RecoveryMode recovery_mode = RecoveryMode::stream;
  broker::StreamPosition since{};
  int recover_limit = 0;  ///< 0 = no limit; more missed publications than this can't be recovered
  std::int64_t history_meta_ttl_ms = 0;
  bool delta = false;            ///< fossil deltas in live publications
  bool push_join_leave = false;  ///< receives joins and leaves
  bool presence = false;         ///< `info` is kept in the presence store while subscribed
  broker::ClientInfoPtr info{};  ///< for presence
  std::unique_ptr<protocol::CompiledFilter> filter{};  ///< client's tags filter, may be null
};

/// How it went. On success the subscription is live: every publication after `position` will be delivered, in
/// order, once, beginning right after the callback returned.
struct SubscribeOutcome {
  broker::StreamPosition position{};  ///< of the stream's top when subscribed; the subscriber's live position
  bool recovered = false;
  std::vector<broker::PublicationPtr>
      publications;                            ///< if recovered: missed ones in order, without filtered ones
  class Subscription* subscription = nullptr;  ///< owned by the hub until unsubscribe()
};

/// A subscriber's place in a channel, kept where fan-out iterates. Owned by the hub; a session holds the
/// pointer until it calls unsubscribe(). Address is stable.
class Subscription {
 public:
  virtual ~Subscription() = default;
  virtual std::string_view channel() const = 0;
  /// The last delivered place (positioned subscriptions).
  virtual broker::StreamPosition position() const = 0;
  /// The client has the base of the next delta (it got a full payload in its subscribe reply).
  virtual void allow_delta() = 0;
};

/// The part of the hub on one loop: which of this loop's connections are subscribed to what, and the fan-out
/// to them. Owned by the Node, lives as long as the loop; all calls on that loop. Callbacks run on it too,
/// maybe before the call returns; the caller guards against its own end. If the subscriber was destroyed in
/// the meantime the hub undoes the subscription and the callback gets an error; if it lives but no longer
/// wants the subscription it must unsubscribe().
class LocalHub {
 public:
  virtual ~LocalHub() = default;

  virtual void add(Subscriber& subscriber) = 0;     ///< connected: counts, user lookups
  virtual void remove(Subscriber& subscriber) = 0;  ///< closed; its subscriptions must be gone before

  virtual void subscribe(Subscriber& subscriber, SubscribeRequest request,
                         broker::Done<SubscribeOutcome> done) = 0;
  /// The subscriber's presence (if it was on) is removed. No delivery after the call; the pointer ends with
  /// it.
  virtual void unsubscribe(Subscription* subscription) = 0;

  /// Connections of a user on this loop.
  virtual std::size_t user_connections(std::string_view user) const = 0;
};

}  // namespace whirl::hub
