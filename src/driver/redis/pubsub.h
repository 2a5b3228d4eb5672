#pragma once
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/string_hash.h"
#include "driver/redis/client.h"

namespace whirl::driver::redis {

/// The subscriptions of one loop at one shard, on a connection of their own. They outlive the connection: a
/// new one subscribes to them again, in batches. With a `slot_key` they are for sharded PUB/SUB: the channels
/// are in the key's slot of a Cluster, whose server is followed. Owned by who uses it, on whose loop it
/// lives; ends before the client.
class PubSub final : private Reconnector::User, private net::TurnEnd, private net::Timer {
 public:
  using Done = UniqueFunction<void(Result<>)>;
  static constexpr std::size_t kBatch = 512;         ///< channels of one SUBSCRIBE
  static constexpr std::size_t kMaxInFlight = 4096;  ///< channels not confirmed yet; more wait

  class Sink {
   public:
    virtual void on_message(std::string_view channel, std::string_view payload) = 0;
    /// Messages may be missed from now on.
    virtual void on_subscriptions_lost(std::string_view why) = 0;
    /// There is a connection, and all subscriptions that there were are confirmed on it.
    virtual void on_subscriptions_restored() = 0;

   protected:
    ~Sink() = default;
  };

  PubSub(Client& client, Sink& sink, std::string_view slot_key = {});
  ~PubSub() override;

  void start() { link_.start(); }
  /// Done when the server confirmed; fails if that takes longer than io_timeout, and then nothing is
  /// subscribed.
  void subscribe(std::string_view channel, Done done);
  void unsubscribe(std::string_view channel, Done done);
  /// Drops the connection for a new one.
  void renew(std::string_view why) { link_.renew(why); }

  std::size_t subscriptions() const { return entries_.size(); }
  /// Calls the function with the name of each channel that is subscribed to or will be.
  template <class Function>
  void for_each(Function function) const {
    for (const auto& [channel, entry] : entries_) function(channel);
  }

 private:
  enum class State : std::uint8_t { queued, asked, joined, leaving };
  struct Entry {
    State state = State::queued;
    bool restoring = false;  // was there before the connection was
    std::int64_t deadline_ms = 0;
    Done done;
  };
  struct Deadline {
    std::int64_t at_ms;
    std::string channel;
  };
  using Entries = std::unordered_map<std::string, Entry, StringHash, std::equal_to<>>;

  void on_link_up() override;
  void on_link_push(const Value& value) override;
  void on_link_down(Requests unanswered, std::string_view why) override;
  void on_no_link(std::string_view why) override;
  void on_turn_end() override;
  void on_timer() override;

  void send_batch(std::string_view command, std::vector<std::string>& channels);
  void confirmed(std::string_view channel);
  void left(std::string_view channel);
  bool slot_moved(std::string_view error);
  void refused(std::string_view error);
  void restored_one();
  void expect_restoration();
  void arm_timer();
  void watch(std::string_view channel, Entry& entry);
  void end(Entries::iterator at, Result<> result);

  Client& client_;
  net::Loop& loop_;
  Sink& sink_;
  const bool sharded_;
  Entries entries_;
  std::deque<std::string> queue_;     // to be subscribed
  std::vector<std::string> leaving_;  // to be unsubscribed
  std::deque<Deadline> deadlines_;
  std::size_t in_flight_ = 0;
  std::size_t restoring_ = 0;
  std::int64_t restored_by_ms_ = 0;  // or else the connection is given up
  Reconnector link_;
};

}  // namespace whirl::driver::redis
