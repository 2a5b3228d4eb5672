#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "broker/broker.h"
#include "hub/subscriber.h"

namespace whirl::testing {

/// A connection that writes down what the hub does to it. Its frames are JSON lines unless told otherwise.
class FakeSubscriber : public hub::Subscriber {
 public:
  explicit FakeSubscriber(std::string user = "ann",
                          protocol::Variant variant = {protocol::Encoding::json, protocol::Framing::lines,
                                                       false}) {
    client_id_ = Uuid::random();
    user_ = std::move(user);
    variant_ = variant;
  }

  void deliver(const SharedBytes& frame, hub::PushKind kind) override {
    frames.emplace_back(frame.view());
    kinds.push_back(kind);
    shared.push_back(frame);
  }
  void insufficient_state(std::string_view channel) override {
    insufficient.emplace_back(channel);
    if (on_insufficient) on_insufficient();
  }
  void inappropriate_payload(std::string_view channel) override { inappropriate.emplace_back(channel); }
  void on_disconnect(const hub::Disconnect& disconnect) override {
    calls.push_back("disconnect " + std::to_string(disconnect.code) + " " + disconnect.reason);
  }
  void on_unsubscribe(std::string_view channel, const hub::Unsubscribe& unsubscribe) override {
    calls.push_back("unsubscribe " + std::string(channel) + " " + std::to_string(unsubscribe.code));
  }
  void on_subscribe(std::string_view channel, const hub::SubscribeOverrides& options) override {
    calls.push_back("subscribe " + std::string(channel) + " " + options.data);
  }
  void on_refresh(const hub::Refresh& refresh) override {
    calls.push_back("refresh " + std::to_string(refresh.expire_at));
  }
  std::string_view session_id() const override { return session; }

  std::vector<std::string> frames;
  std::vector<SharedBytes> shared;
  std::vector<hub::PushKind> kinds;
  std::vector<std::string> insufficient;
  std::vector<std::string> inappropriate;
  std::vector<std::string> calls;
  std::string session;
  std::function<void()> on_insufficient;
};

/// A broker of which every answer waits until the test gives it. Publications are made by the test through
/// `sink`.
class SlowBroker final : public broker::Broker {
 public:
  struct Read {
    std::string channel;
    broker::HistoryQuery query;
    broker::Done<broker::HistoryResult> done;
  };
  using Link = std::pair<std::string, broker::Done<>>;

  void start(broker::BrokerSink& to) override { sink = &to; }
  void subscribe(std::string_view channel, broker::Done<> done) override {
    subscribes.emplace_back(channel, std::move(done));
  }
  void unsubscribe(std::string_view channel, broker::Done<> done) override {
    unsubscribes.emplace_back(channel, std::move(done));
  }
  void publish(std::string_view, SharedBytes, broker::PublishOptions,
               broker::Done<broker::PublishResult> done) override {
    publishes.push_back(std::move(done));
  }
  void publish_join(std::string_view channel, broker::ClientInfoPtr info, broker::Done<> done) override {
    sink->on_join(channel, std::move(info));
    done({});
  }
  void publish_leave(std::string_view channel, broker::ClientInfoPtr info, broker::Done<> done) override {
    sink->on_leave(channel, std::move(info));
    done({});
  }
  void history(std::string_view channel, broker::HistoryQuery query,
               broker::Done<broker::HistoryResult> done) override {
    reads.push_back({std::string(channel), std::move(query), std::move(done)});
  }
  void remove_history(std::string_view, broker::Done<> done) override { done({}); }

  broker::BrokerSink* sink = nullptr;
  std::vector<Link> subscribes;
  std::vector<Link> unsubscribes;
  std::vector<Read> reads;
  std::vector<broker::Done<broker::PublishResult>> publishes;
};

inline broker::PublicationPtr publication(std::uint64_t offset, std::string_view data = "{}",
                                          broker::Tags tags = {}) {
  auto p = std::make_shared<broker::Publication>();
  p->offset = offset;
  p->data = SharedBytes::copy(data);
  p->tags = std::move(tags);
  return p;
}

}  // namespace whirl::testing
