#include <gtest/gtest.h>

#include <charconv>
#include <latch>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "testing/hub_fixture.h"
#include "testing/seed.h"

namespace whirl::hub {
namespace {

constexpr int kLoops = 3;
constexpr int kChannels = 6;
constexpr int kFollowers = 2100;
constexpr int kSteps = 20;
constexpr int kPublishesPerLoop = 900;
constexpr int kHistory = 120;
constexpr int kBurst = 5;

std::string channel_name(int i) {
  return "stress:" + std::to_string(i);
}

/// A connection which only looks at the offsets of what it gets: each must be the one after the last.
class Listener final : public Subscriber {
 public:
  Listener(std::uint64_t& last, std::string& error) : last_(last), error_(error) {
    client_id_ = Uuid::random();
    user_ = "ann";
    variant_.framing = protocol::Framing::lines;
  }
  void deliver(const SharedBytes& frame, PushKind) override {
    constexpr std::string_view kKey = "\"offset\":";
    std::string_view text = frame.view();
    std::size_t at = text.find(kKey);
    std::uint64_t offset = 0;
    if (at != text.npos) std::from_chars(text.data() + at + kKey.size(), text.data() + text.size(), offset);
    take(offset, "live");
  }
  void take(std::uint64_t offset, std::string_view how) {
    if (offset != last_ + 1 && error_.empty()) {
      error_ = std::string(how) + " offset " + std::to_string(offset) + " after " + std::to_string(last_);
    }
    last_ = offset;
  }
  void insufficient_state(std::string_view channel) override {
    error_ = "insufficient " + std::string(channel);
  }
  void inappropriate_payload(std::string_view channel) override {
    error_ = "inappropriate " + std::string(channel);
  }
  void on_disconnect(const Disconnect&) override {}
  void on_unsubscribe(std::string_view, const Unsubscribe&) override {}
  void on_subscribe(std::string_view, const SubscribeOverrides&) override {}
  void on_refresh(const Refresh&) override {}
  std::string_view session_id() const override { return {}; }

 private:
  std::uint64_t& last_;
  std::string& error_;
};

/// Follows one channel: subscribes, unsubscribes and sometimes drops its connection in the middle of it, and
/// recovers each time from where it was. Lives on one loop.
class Follower {
 public:
  Follower(Node& node, net::Loop& loop, std::string channel, unsigned seed, std::latch& done)
      : node_(node), loop_(loop), channel_(std::move(channel)), random_(seed), done_(done) {}

  void step() {
    if (waiting_) return again();
    bool last = steps_ >= kSteps;
    if (subscription_ && !last && random_() % 3 == 0) {
      node_.local().unsubscribe(subscription_);
      subscription_ = nullptr;
    } else if (!subscription_) {
      subscribe();
      if (!last && waiting_ && random_() % 4 == 0) listener_.reset();
    }
    ++steps_;
    if (last && subscription_) return done_.count_down();
    again();
  }
  void leave() {
    if (subscription_) node_.local().unsubscribe(subscription_);
    subscription_ = nullptr;
  }

  const std::string& channel() const { return channel_; }
  std::uint64_t last() const { return last_; }
  const std::string& error() const { return error_; }

 private:
  void again() {
    loop_.post([this] { step(); });
  }

  void subscribe() {
    if (!listener_) listener_ = std::make_unique<Listener>(last_, error_);
    SubscribeRequest request{.channel = channel_, .positioned = true, .recover = true, .since = {last_, ""}};
    if (random_() % 2 == 0) {
      request.presence = true;
      request.info = std::make_shared<broker::ClientInfo>(
          broker::ClientInfo{.client = listener_->client_id().text(), .user = "ann"});
    }
    waiting_ = true;
    node_.local().subscribe(*listener_, std::move(request), [this](Result<SubscribeOutcome> outcome) {
      waiting_ = false;
      if (!outcome) {
        if (listener_) error_ = outcome.error().message;
        return;
      }
      subscription_ = outcome->subscription;
      if (!outcome->recovered) return start_over(outcome->position.offset);
      for (const auto& p : outcome->publications) listener_->take(p->offset, "recovered");
      if (last_ != outcome->position.offset) error_ = "position is not that of the last publication";
    });
  }

  /// More was missed than the history keeps, and that was said.
  void start_over(std::uint64_t top) {
    if (top - last_ <= kHistory) error_ = "not recovered though nothing was lost";
    last_ = top;
  }

  Node& node_;
  net::Loop& loop_;
  const std::string channel_;
  std::minstd_rand random_;
  std::latch& done_;
  int steps_ = 0;
  bool waiting_ = false;
  std::uint64_t last_ = 0;
  std::string error_;
  std::unique_ptr<Listener> listener_;
  Subscription* subscription_ = nullptr;
};

/// Publishes to random channels from one loop, some at a time.
class Publisher {
 public:
  Publisher(Node& node, net::Loop& loop, unsigned seed, std::latch& done)
      : node_(node), loop_(loop), random_(seed), done_(done) {}

  void step() {
    for (int i = 0; i < kBurst; ++i) {
      broker::PublishOptions options{.history_size = kHistory, .history_ttl_ms = 600'000};
      node_.publish(channel_name(static_cast<int>(random_() % kChannels)), SharedBytes::copy("{}"), options,
                    [this](Result<broker::PublishResult> result) {
                      EXPECT_TRUE(result);
                      if (++stored_ == kPublishesPerLoop) done_.count_down();
                    });
    }
    sent_ += kBurst;
    if (sent_ < kPublishesPerLoop) loop_.post([this] { step(); });
  }

 private:
  Node& node_;
  net::Loop& loop_;
  std::minstd_rand random_;
  std::latch& done_;
  int sent_ = 0;
  int stored_ = 0;
};

TEST(HubStress, NobodyMissesOrRepeatsAnything) {
  const unsigned seed = testing::seed_of_run();
  SCOPED_TRACE("WHIRL_SEED=" + std::to_string(seed));
  std::vector<std::unique_ptr<metrics::LoopMetrics>> metrics;
  for (int i = 0; i < kLoops; ++i) metrics.push_back(std::make_unique<metrics::LoopMetrics>());
  net::Runtime runtime(kLoops);
  auto node = Node::create(
      runtime, testing::memory_engine(),
      {.metrics = [&](int i) -> metrics::LoopMetrics& { return *metrics[static_cast<std::size_t>(i)]; }});
  std::latch done(kFollowers + kLoops);
  std::vector<std::unique_ptr<Follower>> followers;
  std::vector<std::unique_ptr<Publisher>> publishers;
  runtime.start();
  for (int i = 0; i < kFollowers; ++i) {
    net::Loop& loop = runtime.loop(i % kLoops);
    followers.push_back(std::make_unique<Follower>(*node, loop, channel_name(i / kLoops % kChannels),
                                                   seed + static_cast<unsigned>(i) + 1, done));
    loop.post([follower = followers.back().get()] { follower->step(); });
  }
  for (int i = 0; i < kLoops; ++i) {
    publishers.push_back(
        std::make_unique<Publisher>(*node, runtime.loop(i), seed + 10'000 + static_cast<unsigned>(i), done));
    runtime.loop(i).post([publisher = publishers.back().get()] { publisher->step(); });
  }
  done.wait();

  // What was published before is in each loop's queue before this.
  std::vector<std::uint64_t> tops(kChannels);
  std::latch have_tops(kChannels);
  runtime.loop(0).post([&] {
    for (int c = 0; c < kChannels; ++c) {
      node->stream_top(channel_name(c), 0, [&, c](Result<broker::StreamPosition> top) {
        tops[static_cast<std::size_t>(c)] = top->offset;
        have_tops.count_down();
      });
    }
  });
  have_tops.wait();
  std::uint64_t total = 0;
  for (auto top : tops) total += top;
  EXPECT_EQ(total, static_cast<std::uint64_t>(kLoops) * kPublishesPerLoop);

  runtime.on_each([&](net::Loop& loop) {
    for (int i = loop.index(); i < kFollowers; i += kLoops) {
      auto& follower = *followers[static_cast<std::size_t>(i)];
      EXPECT_EQ(follower.error(), "") << i;
      EXPECT_EQ(follower.last(), tops[static_cast<std::size_t>(i / kLoops % kChannels)]) << i;
      follower.leave();
    }
  });
  std::latch counted(1);
  runtime.loop(1).post([&] {
    node->info([&](Result<std::vector<NodeInfo>> info) {
      EXPECT_EQ(info->at(0).num_subs, 0u);
      counted.count_down();
    });
  });
  counted.wait();
  runtime.stop();
  runtime.join();
}

}  // namespace
}  // namespace whirl::hub
