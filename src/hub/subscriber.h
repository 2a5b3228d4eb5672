#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/shared_bytes.h"
#include "broker/types.h"
#include "protocol/variant.h"

namespace whirl::hub {

class Subscriber;

/// A subscribe that is under way for a subscriber; a base of the hub's own record of it. The subscriber's end
/// empties the pointer, so that the answer can't reach what is gone.
struct PendingLink {
  Subscriber* subscriber = nullptr;
  PendingLink* next = nullptr;
  PendingLink** link = nullptr;
};

/// What a delivered frame holds, for metrics.
enum class PushKind : std::uint8_t { publication, join, leave };

/// What an API call or another node asks of a user's connections.
struct Disconnect {
  std::uint32_t code = 0;
  std::string reason{};
};
struct Unsubscribe {
  std::uint32_t code = 0;
  std::string reason{};
};
struct Refresh {
  bool expired = false;
  std::int64_t expire_at = 0;  ///< Unix seconds, 0 = never
  bool has_info = false;
  std::string info{};
};
/// Per-subscription options which the server API (or a token) may override; unset follows the namespace.
struct SubscribeOverrides {
  std::string info{};  ///< channel info, JSON or bytes
  std::string data{};  ///< handed to the client in the subscribe push
  std::int64_t expire_at = 0;
  bool has_recover_since = false;
  broker::StreamPosition recover_since{};
  // -1 unset, else 0/1
  std::int8_t presence = -1;
  std::int8_t join_leave = -1;
  std::int8_t force_push_join_leave = -1;
  std::int8_t force_recovery = -1;
  std::int8_t force_positioning = -1;
};

/// One client connection as the hub sees it: the session implements it. Lives on one loop and is called only
/// there; registered with LocalHub from the moment it is connected until it is closed. It may end while a
/// subscribe is under way, but not while it is registered or has subscriptions.
class Subscriber {
 public:
  Subscriber() = default;
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;
  virtual ~Subscriber();

  const Uuid& client_id() const { return client_id_; }
  const std::string& user() const { return user_; }
  /// What makes its frames equal to those of others; fixed for its life.
  protocol::Variant variant() const { return variant_; }

  /// A frame already in this subscriber's variant: queue it, never block. Called for each delivered message,
  /// from inside the fan-out: it must not call the hub (close a slow client later, with Loop::defer).
  virtual void deliver(const SharedBytes& frame, PushKind kind) = 0;

  // The functions below may call the hub, for this subscriber: unsubscribe or remove it, also destroy it.

  /// The subscription lost its place in the stream (missed offset, other epoch): end it with 2500 (3010 if
  /// server-side). It gets nothing more from the channel's stream until then.
  virtual void insufficient_state(std::string_view channel) = 0;

  /// A binary payload came for a JSON connection and can't be shown to it.
  virtual void inappropriate_payload(std::string_view channel) = 0;

  virtual void on_disconnect(const Disconnect& disconnect) = 0;
  virtual void on_unsubscribe(std::string_view channel, const Unsubscribe& unsubscribe) = 0;
  virtual void on_subscribe(std::string_view channel, const SubscribeOverrides& options) = 0;
  virtual void on_refresh(const Refresh& refresh) = 0;
  virtual std::string_view session_id() const = 0;

  /// The hub's own bookkeeping, of no interest to anyone else: the place in the chain of the user's
  /// connections and the subscribes under way.
  struct Links {
    Subscriber* next = nullptr;
    Subscriber* previous = nullptr;
    PendingLink* pending = nullptr;
    bool registered = false;
  };
  Links& links() { return links_; }

 protected:
  Uuid client_id_;
  std::string user_;
  protocol::Variant variant_;

 private:
  Links links_;
};

}  // namespace whirl::hub
