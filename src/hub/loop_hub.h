#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "base/string_hash.h"
#include "hub/admission.h"
#include "hub/local_channel.h"
#include "hub/users.h"
#include "net/loop.h"

namespace whirl::hub {

class Counters;
class Mesh;

/// The hub of one loop, see LocalHub. Owned by the mesh.
class LoopHub final : public LocalHub {
 public:
  LoopHub(Mesh& mesh, net::Loop& loop, Counters& counters, std::int64_t max_time_lag_ms);
  ~LoopHub() override;

  void add(Subscriber& subscriber) override;
  void remove(Subscriber& subscriber) override;
  void subscribe(Subscriber& subscriber, SubscribeRequest request,
                 broker::Done<SubscribeOutcome> done) override;
  void unsubscribe(Subscription* subscription) override;
  std::size_t user_connections(std::string_view user) const override { return users_.connections(user); }

  /// The owner's answer to a subscribe.
  void admitted(std::unique_ptr<Admission> admission, Result<> result);
  /// What the owner has for this loop's subscribers of a channel, if there still are any.
  void deliver(const Delivery& delivery);
  void deliver_presence(std::string_view channel, PushKind kind, const broker::ClientInfo& info);
  /// Tells those who follow the channel's stream and are not at its top, nor beyond it, that they missed
  /// some.
  void check_place(std::string_view channel, const broker::StreamPosition& top);

  const Users& users() const { return users_; }
  std::size_t subscriptions() const { return subscriptions_; }
  /// From any thread.
  std::size_t clients() const { return clients_.load(std::memory_order_relaxed); }

 private:
  struct Waiting final : PendingLink {
    broker::Done<SubscribeOutcome> done;
  };

  LocalSubscription* install(Subscriber& subscriber, Admission& admission);
  void leave_channel(std::string_view channel);
  void remove_presence(std::string_view channel, std::string_view client, std::string_view user);
  void tell(const Aftermath& after, std::string_view channel);

  Mesh& mesh_;
  net::Loop& loop_;
  Counters& counters_;
  const std::int64_t max_time_lag_ms_;
  Users users_;
  std::atomic<std::size_t> clients_{0};
  std::size_t subscriptions_ = 0;
  std::unordered_map<std::string_view, std::unique_ptr<LocalChannel>, StringHash, std::equal_to<>> channels_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Waiting>> waiting_;
  std::uint64_t next_ticket_ = 1;
};

}  // namespace whirl::hub
