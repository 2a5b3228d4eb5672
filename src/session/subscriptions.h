#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/function.h"
#include "channel/subscribe_options.h"
#include "hub/local_hub.h"
#include "session/subscribed.h"

namespace whirl::session {

class Client;

/// The channels of one client: from the moment a place is taken for a channel, over the answer of the hub, to
/// the end of the subscription. Part of the client, used on its loop. Everything that ends in a callback does
/// so only while the client is open; callbacks may come before the call returns.
class Subscriptions {
 public:
  using Done = UniqueFunction<void(Answer<Subscribed>)>;

  /// One channel. Without `subscription` it is being subscribed.
  struct Entry {
    hub::Subscription* subscription = nullptr;
    broker::ClientInfoPtr
        info;  ///< for presence, joins and leaves, and publications; null where nobody sees it
    std::int64_t expire_at = 0;  ///< Unix seconds, 0 = never
    std::int64_t history_meta_ttl_ms = 0;
    std::uint64_t checked_offset = 0;  ///< of the live position when it was last seen
    std::int64_t checked_at_s = 0;     ///< when it was last known to be right, Unix seconds
    std::uint32_t generation = 0;      ///< tells this subscription from an earlier one to the channel
    channel::Source source = channel::Source::unknown;
    bool server_side : 1 = false;
    bool client_refreshes : 1 = false;
    bool positioned : 1 = false;
    bool emit_presence : 1 = false;
    bool emit_join_leave : 1 = false;
    /// Who waits for the end of a subscribe that is under way.
    std::unique_ptr<std::vector<UniqueFunction<void()>>> waiting;
  };

  explicit Subscriptions(Client& client) : client_(client) {}

  /// Subscribed channels and those that are about to be.
  std::size_t size() const { return entries_.size(); }
  bool has(std::string_view channel) const { return entries_.find(channel) != entries_.end(); }
  /// Null if the client is not in the channel (yet).
  Entry* find(std::string_view channel);
  const std::map<std::string, Entry, std::less<>>& entries() const { return entries_; }

  /// Takes a place for a channel that has none, before it is known whether the client may subscribe.
  void reserve(std::string_view channel);
  /// Gives back a place that did not become a subscription.
  void release(std::string_view channel);

  /// Makes a subscription of a reserved place. A refusal gives the place back.
  void subscribe(std::string channel, channel::SubscribeOptions options, Wish wish, bool server_side,
                 Done done);
  /// Tells the channel that the client joined, if its options say so. Call it after the client was told.
  /// Calls back in any case, maybe when the client is gone.
  void announce(std::string_view channel, broker::Done<> done);

  /// Ends a subscription and calls `then`; one that is under way is waited for. `then` comes as well if there
  /// is none.
  void unsubscribe(std::string_view channel, UniqueFunction<void()> then);
  /// Ends a subscription that another one to the channel replaces: nobody is told.
  void replace(std::string_view channel);
  /// Ends all, whatever their state.
  void unsubscribe_all();

  /// What the periodic look at the subscriptions does: presence is kept alive, positions are checked, and
  /// expired subscriptions end (a server-side one together with the connection).
  void tick();
  /// False if the periodic look would find nothing to do.
  bool need_ticks() const;

  /// The connection's info changed: what others see of the client follows.
  void renew_infos();
  /// A subscription was refreshed: until when it lives and what others see.
  void refresh(Entry& entry, std::int64_t expire_at, std::string_view chan_info);

 private:
  struct Request;
  using Entries = std::map<std::string, Entry, std::less<>>;

  void finish(Request request, Result<hub::SubscribeOutcome> outcome);
  Answer<Subscribed> settle(Request& request, Result<hub::SubscribeOutcome> outcome);
  void commit(Entry& entry, const Request& request, hub::Subscription* subscription);
  void end(Entries::iterator at);
  bool needs_ticks(const Entry& entry) const;
  void expire(const std::string& channel, bool server_side);
  void check_position(const std::string& channel, Entry& entry, std::int64_t now_s);
  void on_stream_top(std::string_view channel, std::uint32_t generation,
                     const broker::StreamPosition& asked_at, const broker::StreamPosition& top);

  Client& client_;
  Entries entries_;
  std::uint32_t generations_ = 0;
};

}  // namespace whirl::session
