#include <gtest/gtest.h>

#include <algorithm>
#include <latch>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "codec/json.h"
#include "codec/protobuf.h"
#include "config/sections/channel.h"
#include "protocol/delta.h"
#include "session/context.h"
#include "session/session.h"
#include "testing/hub_fixture.h"
#include "testing/seed.h"

namespace whirl::session {
namespace {

constexpr int kLoops = 3;
constexpr int kChannels = 6;  // half of them in each mode of recovery
constexpr int kVisitors = 2100;
constexpr int kVisits = 10;
constexpr int kLongestStay = 24;  // turns of the loop
constexpr int kPublishesPerLoop = 400;
constexpr int kHistory = 40;

bool is_cache(int channel) {
  return channel % 2 == 1;
}

std::string channel_name(int channel) {
  return (is_cache(channel) ? "cache:" : "stream:") + std::to_string(channel);
}

bool is_even(int n) {
  return n % 2 == 0;
}

/// Payloads that differ from each other in a few places, so that deltas are worth it.
std::string payload(int n) {
  std::string pad(200, 'x');
  pad[static_cast<std::size_t>(n * 37 % 200)] = 'y';
  return R"({"n":)" + std::to_string(n) + R"(,"pad":")" + pad + "\"}";
}

int number_in(std::string_view payload) {
  return std::atoi(std::string(payload.substr(5, 10)).c_str());
}

/// What was published to a channel: the number of the publication at each offset.
using Log = std::map<std::uint64_t, int>;

/// What a visitor got from a place in the stream on, until it was told that it missed something.
struct Stretch {
  std::uint64_t after;
  std::vector<std::pair<std::uint64_t, int>> publications{};
};

/// A client that comes and goes and follows one channel, in one of the ways there are. Lives on one loop.
class Visitor {
 public:
  enum class Wish { plain, delta, even_only };

  Visitor(Context& context, int channel, unsigned number, unsigned seed, std::latch& done)
      : context_(context),
        channel_(channel),
        wish_(static_cast<Wish>(number / 2 % 3)),
        random_(seed),
        done_(done) {
    const bool json = number % 2 == 0;
    variant_.encoding = json ? protocol::Encoding::json : protocol::Encoding::protobuf;
    variant_.framing = json ? protocol::Framing::lines : protocol::Framing::length_prefixed;
  }

  void step() {
    if (!visit_) {
      come();
    } else if (stay_ > 0) {
      --stay_;
    } else if (visits_ < kVisits) {
      leave();
    } else if (subscribed_) {
      return done_.count_down();
    }
    context_.loop.post([this] { step(); });
  }
  void leave() {
    visit_->session->on_closed();
    context_.loop.destroy_later(std::move(visit_));
  }

  int channel() const { return channel_; }
  bool gets(int n) const { return wish_ != Wish::even_only || is_even(n); }
  const std::vector<Stretch>& stretches() const { return stretches_; }
  const std::string& error() const { return error_; }
  std::uint64_t recoveries() const { return recoveries_; }

 private:
  struct Visit final : Connection {
    explicit Visit(Visitor& v) : visitor(v) {}
    void send(const SharedBytes& frame) override { visitor.hear(frame.view()); }
    void send_native_ping() override {}
    std::size_t queued_bytes() const override { return 0; }
    void pause_reading() override {}
    void resume_reading() override {}
    void close(std::uint32_t code, std::string_view) override {
      visitor.fails("closed with " + std::to_string(code));
    }

    Visitor& visitor;
    std::shared_ptr<Session> session;
  };

  void come() {
    ++visits_;
    stay_ = static_cast<int>(random_() % kLongestStay);
    subscribed_ = false;
    visit_ = std::make_unique<Visit>(*this);
    visit_->session = Session::create(context_, *visit_, {.transport = "websocket", .variant = variant_});
    const protocol::ConnectRequest connect;
    const std::string name = channel_name(channel_);
    const protocol::FilterNode filter{.key = "even", .cmp = "eq", .val = "true"};
    protocol::SubscribeRequest subscribe{.channel = name};
    if (!stretches_.empty() && has_what_deltas_build_on()) {
      subscribe.recover = true;
      subscribe.offset = last_;
      subscribe.epoch = epoch_;
    }
    if (wish_ == Wish::delta) subscribe.delta = "fossil";
    if (wish_ == Wish::even_only) subscribe.tf = &filter;
    asked_to_recover_ = subscribe.recover;
    visit_->session->on_frame(frame({.id = 1, .connect = &connect}) +
                              frame({.id = 2, .subscribe = &subscribe}));
  }

  /// Whoever recovers says that it has the publication at its position; the next one may be a delta to it.
  bool has_what_deltas_build_on() const { return wish_ != Wish::delta || last_ == data_offset_; }

  std::string frame(const protocol::Command& command) const {
    std::string bytes;
    if (variant_.encoding == protocol::Encoding::json) {
      codec::encode_json(command, bytes);
      return bytes + (command.connect ? "\n" : "");
    }
    codec::encode_protobuf(command, bytes);
    std::string out;
    codec::append_varint(out, bytes.size());
    return out + bytes;
  }

  void hear(std::string_view frame) {
    codec::Arena arena;
    protocol::Reply reply;
    if (variant_.encoding == protocol::Encoding::json) {
      if (!codec::decode_json(frame, reply, arena)) return fails("no JSON");
    } else {
      std::uint64_t size = 0;
      if (!codec::take_varint(frame, size) || !codec::decode_protobuf(frame, reply, arena))
        return fails("no Protobuf");
    }
    if (reply.error) return fails("error " + std::to_string(reply.error->code));
    if (reply.subscribe) return begin(*reply.subscribe);
    if (!reply.push) return;
    if (reply.push->unsubscribe)
      return fails("unsubscribed with " + std::to_string(reply.push->unsubscribe->code));
    if (reply.push->pub) take(*reply.push->pub);
  }

  void begin(const protocol::SubscribeResult& result) {
    subscribed_ = true;
    if (result.delta != (wish_ == Wish::delta)) fails("delta is not as wished");
    if (!epoch_.empty() && epoch_ != result.epoch) fails("another epoch");
    epoch_ = result.epoch;
    if (result.recovered) {
      ++recoveries_;
      if (!asked_to_recover_) fails("recovered unasked");
    } else {
      if (asked_to_recover_ && !is_cache(channel_) && wish_ != Wish::even_only &&
          result.offset - last_ <= kHistory) {
        fails("not recovered though nothing was lost");
      }
      start_over(result.offset);
    }
    if (is_cache(channel_) && !result.publications.empty()) {
      // Only the latest one is given; it may well be the next one.
      const std::uint64_t offset = result.publications[0].offset;
      if (result.publications.size() > 1 || offset <= last_) fails("not the latest publication");
      if (offset != last_ + 1) start_over(offset - 1);
    }
    for (const protocol::Publication& publication : result.publications) take(publication);
  }

  void start_over(std::uint64_t after) {
    if (!stretches_.empty() && after < last_) fails("went back");
    last_ = after;
    stretches_.push_back({after});
  }

  void take(const protocol::Publication& publication) {
    if (!subscribed_) return fails("a publication before the subscription");
    if (publication.offset <= last_) return fails("offset " + std::to_string(publication.offset) + " again");
    last_ = data_offset_ = publication.offset;
    data_ = data_of(publication);
    if (!data_.starts_with(R"({"n":)")) return fails("not what was published: " + data_);
    const int n = number_in(data_);
    if (data_ != payload(n)) fails("not what was published: " + data_);
    stretches_.back().publications.emplace_back(publication.offset, n);
  }

  /// With deltas the payload is the text of a JSON string in JSON.
  std::string data_of(const protocol::Publication& publication) {
    if (wish_ != Wish::delta) return std::string(publication.data.bytes);
    std::string_view text = publication.data.bytes;
    codec::Arena arena;
    const std::string wrapped = R"({"reason":)" + std::string(text) + "}";
    protocol::Unsubscribe unwrapped;
    if (variant_.encoding == protocol::Encoding::json) {
      if (!codec::decode_json(wrapped, unwrapped, arena)) fails("no JSON string");
      text = unwrapped.reason;
    }
    if (!publication.delta) return std::string(text);
    auto applied = protocol::apply_fossil_delta(data_, text, 10'000);
    if (!applied) fails("a delta to something else");
    return applied.value_or("");
  }

  void fails(std::string error) {
    if (error_.empty()) error_ = channel_name(channel_) + " after " + std::to_string(last_) + ": " + error;
  }

  Context& context_;
  const int channel_;
  const Wish wish_;
  std::minstd_rand random_;
  std::latch& done_;
  protocol::Variant variant_;
  std::unique_ptr<Visit> visit_;
  int visits_ = 0;
  int stay_ = 0;
  bool subscribed_ = false;
  bool asked_to_recover_ = false;
  std::uint64_t last_ = 0;
  std::string epoch_;
  std::string data_;  // of the last publication that came
  std::uint64_t data_offset_ = 0;
  std::vector<Stretch> stretches_;
  std::uint64_t recoveries_ = 0;
  std::string error_;
};

/// Publishes to random channels from one loop.
class Publisher {
 public:
  Publisher(hub::Node& node, net::Loop& loop, unsigned seed, std::latch& done)
      : node_(node), loop_(loop), random_(seed), done_(done) {}

  void step() {
    const int channel = static_cast<int>(random_() % kChannels);
    const int n = loop_.index() * kPublishesPerLoop + sent_;
    broker::PublishOptions options{.history_size = is_cache(channel) ? 1 : kHistory,
                                   .history_ttl_ms = 600'000};
    options.use_delta = true;
    options.tags = {{"even", is_even(n) ? "true" : "false"}};
    node_.publish(channel_name(channel), SharedBytes::copy(payload(n)), std::move(options),
                  [this, channel, n](Result<broker::PublishResult> result) {
                    EXPECT_TRUE(result);
                    stored_.push_back({channel, result->position.offset, n});
                    if (stored_.size() == kPublishesPerLoop) done_.count_down();
                  });
    if (++sent_ < kPublishesPerLoop) loop_.post([this] { step(); });
  }
  void add_to(std::vector<Log>& logs) const {
    for (const Stored& one : stored_) logs[static_cast<std::size_t>(one.channel)].emplace(one.offset, one.n);
  }

 private:
  struct Stored {
    int channel;
    std::uint64_t offset;
    int n;
  };
  hub::Node& node_;
  net::Loop& loop_;
  std::minstd_rand random_;
  std::latch& done_;
  int sent_ = 0;
  std::vector<Stored> stored_;
};

/// A server's sessions on several loops with their own threads.
class SessionStress : public ::testing::Test {
 protected:
  SessionStress() {
    for (int i = 0; i < kLoops; ++i) loop_metrics_.push_back(std::make_unique<metrics::LoopMetrics>());
    node_ = hub::Node::create(runtime_, testing::memory_engine(),
                              {.metrics = [this](int i) -> metrics::LoopMetrics& {
                                return *loop_metrics_[static_cast<std::size_t>(i)];
                              }});
    auto settings = std::make_shared<Settings>();
    settings->client.allow_anonymous_connect_without_token = true;
    settings->rules = *channel::Rules::build(channels(), settings->client);
    for (int i = 0; i < kLoops; ++i) {
      metrics_.push_back(std::make_unique<Metrics>(loop_metrics_[static_cast<std::size_t>(i)]->registry,
                                                   config::Prometheus{}));
      contexts_.push_back(std::make_unique<Context>(runtime_.loop(i), *node_, *metrics_.back()));
      contexts_.back()->configure(settings, std::move(*auth::Verifier::create(settings->client.token, {})),
                                  nullptr);
    }
  }

  static config::Channel channels() {
    config::Channel out;
    for (const char* name : {"stream", "cache"}) {
      auto& ns = out.namespaces.emplace_back();
      ns.name = name;
      ns.allow_subscribe_for_client = ns.allow_subscribe_for_anonymous = true;
      ns.history_size = kHistory;
      ns.history_ttl = config::Duration::seconds(600);
      ns.force_recovery = ns.allow_tags_filter = true;
      ns.allowed_delta_types = {"fossil"};
      ns.force_recovery_mode = name;
    }
    return out;
  }

  void expect_whole(const Visitor& visitor, const Log& log) {
    EXPECT_EQ(visitor.error(), "");
    for (const Stretch& stretch : visitor.stretches()) {
      const bool last = &stretch == &visitor.stretches().back();
      const std::uint64_t end =
          !last         ? stretch.publications.empty() ? stretch.after : stretch.publications.back().first
          : log.empty() ? 0
                        : log.rbegin()->first;
      std::vector<std::pair<std::uint64_t, int>> expected;
      for (auto at = log.upper_bound(stretch.after); at != log.end() && at->first <= end; ++at) {
        if (visitor.gets(at->second)) expected.emplace_back(*at);
      }
      ASSERT_EQ(stretch.publications, expected)
          << channel_name(visitor.channel()) << " after " << stretch.after;
    }
  }

  net::Runtime runtime_{kLoops};
  std::vector<std::unique_ptr<metrics::LoopMetrics>> loop_metrics_;
  std::unique_ptr<hub::Node> node_;
  std::vector<std::unique_ptr<Metrics>> metrics_;
  std::vector<std::unique_ptr<Context>> contexts_;
};

TEST_F(SessionStress, EveryClientGetsEverythingOnceOrIsToldThatItMissedSomething) {
  const unsigned seed = testing::seed_of_run();
  SCOPED_TRACE("WHIRL_SEED=" + std::to_string(seed));
  std::latch done(kVisitors + kLoops);
  std::vector<std::unique_ptr<Visitor>> visitors;
  std::vector<std::unique_ptr<Publisher>> publishers;
  runtime_.start();
  for (unsigned i = 0; i < kVisitors; ++i) {
    Context& context = *contexts_[i % kLoops];
    visitors.push_back(std::make_unique<Visitor>(context, static_cast<int>(i / kLoops % kChannels),
                                                 i / kLoops / kChannels, seed + i + 1, done));
    context.loop.post([visitor = visitors.back().get()] { visitor->step(); });
  }
  for (int i = 0; i < kLoops; ++i) {
    publishers.push_back(std::make_unique<Publisher>(*node_, runtime_.loop(i),
                                                     seed + 10'000 + static_cast<unsigned>(i), done));
    runtime_.loop(i).post([publisher = publishers.back().get()] { publisher->step(); });
  }
  done.wait();
  // What the owners of the channels have sent is in each loop's queue before this.
  runtime_.on_each([](net::Loop&) {});
  std::vector<Log> logs(kChannels);
  std::uint64_t recoveries = 0;
  runtime_.on_each([&](net::Loop& loop) {
    if (loop.index() == 0) {
      for (const auto& publisher : publishers) publisher->add_to(logs);
    }
  });
  runtime_.on_each([&](net::Loop& loop) {
    for (auto i = static_cast<std::size_t>(loop.index()); i < kVisitors; i += kLoops) visitors[i]->leave();
  });
  runtime_.stop();
  runtime_.join();
  for (const auto& visitor : visitors) {
    expect_whole(*visitor, logs[static_cast<std::size_t>(visitor->channel())]);
    recoveries += visitor->recoveries();
    if (HasFailure()) break;
  }
  EXPECT_GT(recoveries, static_cast<std::uint64_t>(kVisitors));
}

}  // namespace
}  // namespace whirl::session
