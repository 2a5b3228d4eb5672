#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "hub/local_channel.h"

namespace whirl::hub {
namespace {

/// Takes frames as an outbox does: it keeps a reference until the "flush".
class BenchSubscriber final : public Subscriber {
 public:
  explicit BenchSubscriber(protocol::Encoding encoding) {
    variant_.encoding = encoding;
    variant_.framing = encoding == protocol::Encoding::json ? protocol::Framing::websocket_text
                                                            : protocol::Framing::websocket_binary;
  }
  void deliver(const SharedBytes& frame, PushKind) override { queued_ = frame; }
  void insufficient_state(std::string_view) override {}
  void inappropriate_payload(std::string_view) override {}
  void on_disconnect(const Disconnect&) override {}
  void on_unsubscribe(std::string_view, const Unsubscribe&) override {}
  void on_subscribe(std::string_view, const SubscribeOverrides&) override {}
  void on_refresh(const Refresh&) override {}
  std::string_view session_id() const override { return {}; }

 private:
  SharedBytes queued_;
};

struct Room {
  Room(std::size_t subscribers, bool positioned, bool mixed) {
    for (std::size_t i = 0; i < subscribers; ++i) {
      auto encoding = mixed && i % 2 ? protocol::Encoding::protobuf : protocol::Encoding::json;
      people.push_back(std::make_unique<BenchSubscriber>(encoding));
      SubscribeRequest request;
      request.positioned = positioned;
      subscriptions.push_back(channel.add(*people.back(), request, {0, "epoch"}));
    }
  }

  void publish() {
    auto publication = std::make_shared<broker::Publication>();
    publication->data = payload;
    publication->offset = ++offset;
    Aftermath after;
    channel.publish({channel.name(), "epoch", std::move(publication), nullptr}, false, after);
  }

  SharedBytes payload = SharedBytes::copy("{\"text\":\"" + std::string(112, 'x') + "\"}");
  std::uint64_t offset = 0;
  LocalChannel channel{"bench:room"};
  std::vector<std::unique_ptr<BenchSubscriber>> people;
  std::vector<std::unique_ptr<LocalSubscription>> subscriptions;
};

void run(benchmark::State& state, bool positioned, bool mixed) {
  Room room(static_cast<std::size_t>(state.range(0)), positioned, mixed);
  for (auto _ : state) room.publish();
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK_CAPTURE(run, plain, false, false)->Arg(1)->Arg(100)->Arg(10'000);
BENCHMARK_CAPTURE(run, positioned, true, false)->Arg(1)->Arg(100)->Arg(10'000);
BENCHMARK_CAPTURE(run, two_variants, true, true)->Arg(100)->Arg(10'000);

}  // namespace
}  // namespace whirl::hub
