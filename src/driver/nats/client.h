#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/function.h"
#include "driver/nats/connection.h"
#include "driver/nats/inbox.h"
#include "net/loop.h"

namespace whirl::driver::nats {

/// A loop's end of the connection: gathers what is asked in a turn, hands it over in one batch, and calls
/// back when the server has confirmed. Lives on its loop; owned by whoever made it. Callbacks that are still
/// to come end with it.
class Client final : private net::TurnEnd, public Inbox::Reader {
 public:
  using Done = UniqueFunction<void(Result<>)>;
  using OnMessage = std::function<void(std::string_view subject, std::string_view data)>;
  /// Messages that did not fit the inbox.
  using OnDropped = std::function<void(std::uint64_t count)>;

  /// Orders which the server has not confirmed yet; more fail at once.
  static constexpr std::size_t kMaxUnconfirmed = 65'536;
  static constexpr std::size_t kMaxUnconfirmedBytes = 64 * 1024 * 1024;

  Client(net::Loop& loop, std::shared_ptr<Connection> connection);
  ~Client() override;

  void on_dropped(OnDropped on_dropped) { on_dropped_ = std::move(on_dropped); }

  void publish(std::string subject, std::string data, Done done);
  /// Returns the number to unsubscribe with. Messages may come before `done` is called; if that gets an error
  /// the subscription has ended.
  std::uint64_t subscribe(std::string subject, OnMessage on_message, Done done);
  /// No message comes after the call.
  void unsubscribe(std::uint64_t number, Done done);

 private:
  struct Waiting {
    std::vector<Done> done;
    std::vector<std::uint64_t> subscriptions;  // 0 where the order is not to subscribe
    std::size_t bytes = 0;
  };

  void on_turn_end() override;
  void read_inbox() override;
  void finish(Outcome outcome);
  void add(Order order, Done done, std::uint64_t subscription, std::size_t bytes);
  bool is_full(std::size_t bytes) const;

  net::Loop& loop_;
  std::shared_ptr<Connection> connection_;
  std::shared_ptr<Inbox> inbox_;
  OnDropped on_dropped_;
  std::unordered_map<std::uint64_t, std::shared_ptr<const OnMessage>> subscriptions_;
  std::uint64_t last_subscription_ = 0;

  std::uint64_t next_batch_ = 1;
  std::vector<Order> orders_;  // of this turn
  Waiting gathered_;           // for them
  std::map<std::uint64_t, Waiting> waiting_;
  std::size_t unconfirmed_ = 0;
  std::size_t unconfirmed_bytes_ = 0;
};

}  // namespace whirl::driver::nats
