#pragma once
#include <unordered_map>

#include "broker/memory/memory.h"
#include "broker/memory/result_cache.h"
#include "broker/memory/stream.h"
#include "net/loop.h"

namespace whirl::broker {

/// Streams of the channels of one loop. Publishing and delivering are one step, so nothing is ever under way.
class MemoryBroker final : public Broker {
 public:
  MemoryBroker(net::Loop& loop, const MemoryOptions& options);

  void start(BrokerSink& sink) override { sink_ = &sink; }
  void subscribe(std::string_view channel, Done<> done) override;
  void unsubscribe(std::string_view channel, Done<> done) override;
  void publish(std::string_view channel, SharedBytes data, PublishOptions options,
               Done<PublishResult> done) override;
  void publish_join(std::string_view channel, ClientInfoPtr info, Done<> done) override;
  void publish_leave(std::string_view channel, ClientInfoPtr info, Done<> done) override;
  void history(std::string_view channel, HistoryQuery query, Done<HistoryResult> done) override;
  void remove_history(std::string_view channel, Done<> done) override;

  std::size_t streams() const { return streams_.size(); }
  std::size_t saved_results() const { return results_.size(); }

 private:
  /// One timer serves both deadlines of a stream: it is armed for the nearest and looks again when it fires.
  struct Stored final : net::Timer {
    Stored(MemoryBroker& owner, std::string_view channel) : broker(owner), name(channel) {}
    void on_timer() override { broker.expire(*this); }
    MemoryBroker& broker;
    std::string name;
    Stream stream;
    std::int64_t clear_at_ms = net::TimerWheel::kNever;
    std::int64_t remove_at_ms = net::TimerWheel::kNever;
  };

  Stored* find(std::string_view channel);
  Stored& find_or_make(std::string_view channel);
  void keep_meta(Stored& stored, std::int64_t ttl_ms);
  void watch(Stored& stored);
  bool expire(Stored& stored);

  net::Loop& loop_;
  const std::int64_t default_meta_ttl_ms_;
  BrokerSink* sink_ = nullptr;
  ResultCache results_;
  std::unordered_map<std::string_view, std::unique_ptr<Stored>, StringHash, std::equal_to<>> streams_;
};

}  // namespace whirl::broker
