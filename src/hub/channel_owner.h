#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/glob.h"
#include "base/string_hash.h"
#include "broker/broker.h"
#include "hub/admission.h"
#include "hub/recovery.h"
#include "net/timer_wheel.h"

namespace whirl::hub {

class Counters;
class Mesh;

/// Keeps the channels that one loop owns: talks to the broker for them, knows on which loops they have
/// subscribers, and decides about recovery. Whatever it tells a loop goes in one queue, so a loop hears the
/// answer to a subscribe before the publications that follow it. Owned by the mesh; only used on its loop.
class ChannelOwner final : public broker::BrokerSink {
 public:
  ChannelOwner(Mesh& mesh, int index, Counters& counters, std::unique_ptr<broker::Broker> broker,
               std::unique_ptr<broker::PresenceStore> presence);

  broker::Broker& broker() { return *broker_; }
  broker::PresenceStore& presence() { return *presence_; }
  Counters& counters() { return counters_; }

  /// Subscribes one more subscriber of a loop; the answer goes to LoopHub::admitted of that loop.
  void admit(std::unique_ptr<Admission> admission);
  /// One subscriber of a loop less.
  void release(std::string_view channel, int loop);

  /// Channels with subscribers.
  std::size_t channels() const { return channels_.size(); }
  std::map<std::string, std::uint32_t> matching(const Glob* pattern) const;

  /// Users are counted at their owner loop too: how many loops have connections of each.
  void user_came(std::uint64_t user_hash) { ++users_[user_hash]; }
  void user_left(std::uint64_t user_hash);
  std::size_t users() const { return users_.size(); }

  void on_publication(std::string_view channel, broker::PublicationPtr publication, std::string_view epoch,
                      bool use_delta, broker::PublicationPtr previous) override;
  void on_join(std::string_view channel, broker::ClientInfoPtr info) override;
  void on_leave(std::string_view channel, broker::ClientInfoPtr info) override;
  /// Looks at the streams of the channels, some at a time; subscribers that are behind are told so.
  void on_missed(std::vector<std::string> channels) override;

  /// How many streams are looked at at a time after publications were missed.
  static constexpr std::size_t kChecksAtOnce = 64;
  /// How long publications that are on their way may take after that, before a subscriber counts as behind.
  static constexpr std::int64_t kCheckGraceMs = 500;

 private:
  enum class Link : std::uint8_t { none, joining, joined, leaving };

  struct Channel {
    std::string name;
    Link link = Link::none;  // to the broker
    std::uint32_t under_way =
        0;                      // admissions, those that wait included; the channel stays while there are any
    std::uint32_t readers = 0;  // admissions whose history is being read
    std::vector<std::pair<int, std::uint32_t>> subscribers;  // loop → how many, without zeros
    std::vector<std::unique_ptr<Admission>> waiting;         // for the link
    std::vector<Heard> heard;                                // while there are readers
    bool positioned = false;       // there are, or were, subscribers who follow the stream
    std::int64_t meta_ttl_ms = 0;  // of the stream, as the last of them wants it
  };
  using Ticket = std::unique_ptr<Admission>;
  /// The top of a stream, to be compared with where its subscribers are.
  struct Check {
    std::int64_t due_ms;
    std::string channel;
    broker::StreamPosition top;
  };

  Channel& find_or_make(std::string_view name);
  void join(Channel& channel);
  void joined(Channel& channel, Result<> result);
  void left(Channel& channel, Result<> result);
  void settle(Channel& channel);
  void add_presence(Channel& channel, Ticket admission);
  void read(Channel& channel, Ticket admission);
  void place(Channel& channel, Ticket admission, Result<broker::HistoryResult> history);
  void finish(Channel& channel, Ticket admission);
  void refuse(Channel& channel, Ticket admission, Error error);
  void answer(Ticket admission, Result<> result);
  void hear(Channel& channel, const broker::PublicationPtr& publication, std::string_view epoch);
  void read_tops();
  void on_top(std::string channel, Result<broker::HistoryResult> result);
  void run_checks();
  void broadcast_presence(std::string_view channel, PushKind kind, const broker::ClientInfoPtr& info);

  Mesh& mesh_;
  const int index_;
  Counters& counters_;
  std::unordered_map<std::string_view, std::unique_ptr<Channel>, StringHash, std::equal_to<>> channels_;
  std::unordered_map<std::uint64_t, std::uint32_t> users_;
  std::deque<std::string> to_check_;  // after publications were missed
  std::size_t reading_tops_ = 0;
  std::deque<Check> checks_;
  net::CallbackTimer check_timer_;
  std::unique_ptr<broker::PresenceStore> presence_;
  std::unique_ptr<broker::Broker> broker_;  // ends first: its answers that are still to come end with it
};

}  // namespace whirl::hub
