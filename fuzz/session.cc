// folders: session
// A whole life of three sessions over a real hub with the memory engine: what clients send, in any order and
// shape, mixed with what the server, other clients and time do to them.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/clock.h"
#include "broker/memory/memory.h"
#include "codec/json.h"
#include "codec/protobuf.h"
#include "hub/node.h"
#include "metrics/loop_metrics.h"
#include "net/runtime.h"
#include "session/context.h"
#include "session/session.h"

namespace whirl {
namespace {

/// Takes numbers and texts off the front of the input; zeros and nothing at its end.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

  bool empty() const { return rest_.empty(); }
  unsigned byte() {
    if (rest_.empty()) return 0;
    const auto value = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  std::string_view text() {
    const std::size_t size = std::min<std::size_t>(byte(), rest_.size());
    const std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }

 private:
  std::string_view rest_;
};

/// Checks that the session says nothing unreadable and nothing after the end.
class Peer final : public session::Connection {
 public:
  explicit Peer(protocol::Variant variant) : variant_(variant) {}

  void send(const SharedBytes& frame) override {
    WHIRL_CHECK(!ended);
    std::string_view message = frame.view();
    if (variant_.encoding == protocol::Encoding::json) {
      WHIRL_CHECK(message.ends_with('\n') && codec::is_json(message) &&
                  message.find('\n') == message.size() - 1);
      return;
    }
    std::uint64_t size = 0;
    WHIRL_CHECK(codec::take_varint(message, size) && size == message.size());
    codec::Arena arena;
    protocol::Reply reply;
    protocol::Push push;
    WHIRL_CHECK(variant_.unidirectional ? codec::decode_protobuf(message, push, arena).has_value()
                                        : codec::decode_protobuf(message, reply, arena).has_value());
  }
  void send_native_ping() override { WHIRL_CHECK(!ended); }
  std::size_t queued_bytes() const override { return queued; }
  void pause_reading() override { paused = true; }
  void resume_reading() override { paused = false; }
  void close(std::uint32_t code, std::string_view) override {
    WHIRL_CHECK(!ended && code != 0);
    ended = true;
  }

  std::shared_ptr<session::Session> session;
  std::size_t queued = 0;
  bool paused = false;
  bool ended = false;

 private:
  protocol::Variant variant_;
};

constexpr std::string_view kChannels[] = {"open:a",   "kept:a",    "kept:b",  "cache:a",  "room:a",
                                          "closed:a", "kept:#ann", "$open:a", "missing:a"};
constexpr const char* kCommands[] = {
    R"({"id":1,"connect":{}})",
    R"({"id":1,"connect":{"subs":{"CH":{"recover":true},"room:b":{}}}})",
    R"({"id":2,"subscribe":{"channel":"CH"}})",
    R"({"id":3,"subscribe":{"channel":"CH","recover":true,"offset":1,"delta":"fossil"}})",
    R"({"id":3,"subscribe":{"channel":"CH","recover":true,"epoch":"x","flag":2}})",
    R"({"id":4,"subscribe":{"channel":"CH","positioned":true,"recoverable":true,"join_leave":true}})",
    R"({"id":5,"subscribe":{"channel":"CH","tf":{"key":"a","cmp":"eq","val":"1"}}})",
    R"({"id":6,"subscribe":{"channel":"CH","token":"a.b.c"}})",
    R"({"id":7,"unsubscribe":{"channel":"CH"}})",
    R"({"id":8,"publish":{"channel":"CH","data":{"some":"text","which":"is the same each time"}}})",
    R"({"id":9,"presence":{"channel":"CH"}})",
    R"({"id":9,"presence_stats":{"channel":"CH"}})",
    R"({"id":10,"history":{"channel":"CH","limit":-1}})",
    R"({"id":10,"history":{"channel":"CH","limit":2,"since":{"offset":1},"reverse":true}})",
    R"({"id":11,"rpc":{"method":"CH"}})",
    R"({"send":{"data":1}})",
    R"({"id":12,"refresh":{"token":"x"}})",
    R"({"id":13,"sub_refresh":{"channel":"CH","token":"x"}})",
    R"({})",
};

class World {
 public:
  World() {
    node_ = hub::Node::create(
        runtime_,
        {[](net::Loop& loop) { return broker::make_memory_broker(loop, {}); },
         [](net::Loop& loop) { return broker::make_memory_presence(loop, {}); },
         [](net::Loop&, std::string_view uid) { return broker::make_memory_controller(uid); }},
        {.name = {}, .version = {}, .max_time_lag_ms = 0, .metrics = [this](int) -> metrics::LoopMetrics& {
           return loop_metrics_;
         }});
    context_.emplace(runtime_.loop(0), *node_, metrics_);
  }

  ~World() {
    for (auto& peer : peers_) {
      in_loop([&] { peer->session->on_closed(); });
    }
    in_loop([this] {
      node_->info([](Result<std::vector<hub::NodeInfo>> nodes) {
        WHIRL_CHECK(nodes && nodes->at(0).num_clients == 0 && nodes->at(0).num_subs == 0);
      });
    });
    in_loop([this] { peers_.clear(); });
    in_loop([this] { context_.reset(); });
  }

  void configure(unsigned bits) {
    auto settings = std::make_shared<session::Settings>();
    config::Client& client = settings->client;
    client.allow_anonymous_connect_without_token = true;
    client.token.hmac_secret_key = "secret";
    client.channel_limit = 3;
    client.queue_max_size = 1000;
    client.presence_update_interval = config::Duration::seconds(2);
    client.channel_position_check_delay = config::Duration::seconds(1);
    client.concurrency = bits & 1 ? 4 : 0;
    client.insecure = bits & 2;
    client.subscribe_to_user_personal_channel.enabled = bits & 4;
    auto rules = channel::Rules::build(channels(), client);
    WHIRL_CHECK(rules.has_value());
    settings->rules = *rules;
    auth::Verifier::Options options;
    options.clock = &clock_;
    auto verifier = auth::Verifier::create(client.token, options);
    WHIRL_CHECK(verifier.has_value());
    in_loop([&] { context_->configure(settings, std::move(*verifier), nullptr); });
  }

  void open(unsigned bits) {
    protocol::Variant variant;
    variant.encoding = bits & 1 ? protocol::Encoding::protobuf : protocol::Encoding::json;
    variant.framing = bits & 1 ? protocol::Framing::length_prefixed : protocol::Framing::lines;
    variant.unidirectional = (bits & 6) == 6;
    session::ConnectionInfo info;
    info.transport = "websocket";
    info.variant = variant;
    info.emulation = bits & 8;
    info.native_ping = bits & 16;
    Peer& peer = *peers_.emplace_back(std::make_unique<Peer>(variant));
    in_loop([&] { peer.session = session::Session::create(*context_, peer, std::move(info)); });
  }

  void step(Input& input) {
    const unsigned what = input.byte();
    Peer& peer = *peers_[input.byte() % peers_.size()];
    const std::string channel(kChannels[input.byte() % std::size(kChannels)]);
    switch (what % 12) {
      case 0:
        return say(peer, input.text());
      case 1:
      case 2:
      case 3:
        return say(peer, command(input.byte(), channel));
      case 4:
        return pass(static_cast<std::int64_t>(input.byte()) * 200);
      case 5:
        return publish(channel, input);
      case 6:
        return in_loop([&] { peer.session->on_connect_request(input.text()); });
      case 7:
        return in_loop([&] { node_->subscribe_user({}, channel, overrides(input.byte()), [](Result<>) {}); });
      case 8:
        return in_loop([&] { node_->unsubscribe_user({}, channel, {2000, "x"}, [](Result<>) {}); });
      case 9:
        return in_loop([&] { node_->refresh_user({}, refresh(input.byte()), [](Result<>) {}); });
      case 10:
        peer.queued = input.byte() * 20;
        return in_loop([&] { peer.session->on_native_pong(); });
      default:
        return in_loop([&] { input.byte() & 1 ? peer.session->on_closed() : peer.session->shutdown(); });
    }
  }

 private:
  static config::Channel channels() {
    config::Channel out;
    const auto add = [&](std::string_view name) -> config::ChannelNamespace& {
      auto& ns = out.namespaces.emplace_back();
      ns.name = name;
      ns.allow_subscribe_for_client = ns.allow_subscribe_for_anonymous = true;
      ns.allow_publish_for_client = ns.allow_publish_for_anonymous = true;
      ns.allow_history_for_subscriber = ns.allow_history_for_anonymous = true;
      ns.allow_presence_for_client = ns.allow_presence_for_anonymous = true;
      ns.allowed_delta_types = {"fossil"};
      ns.allow_tags_filter = true;
      return ns;
    };
    add("open");
    for (const char* name : {"kept", "cache"}) {
      auto& ns = add(name);
      ns.history_size = 3;
      ns.history_ttl = ns.history_meta_ttl = config::Duration::seconds(3);
      ns.force_recovery = ns.delta_publish = ns.allow_user_limited_channels = true;
    }
    out.namespaces.back().force_recovery_mode = "cache";
    out.namespaces.back().auto_cache_recover = true;
    auto& room = add("room");
    room.presence = room.join_leave = room.force_push_join_leave = true;
    out.namespaces.emplace_back().name = "closed";
    return out;
  }

  static std::string command(unsigned index, std::string_view channel) {
    std::string text = kCommands[index % std::size(kCommands)];
    for (auto at = text.find("CH"); at != text.npos; at = text.find("CH")) text.replace(at, 2, channel);
    return text;
  }
  static hub::SubscribeOverrides overrides(unsigned bits) {
    hub::SubscribeOverrides out;
    out.expire_at = bits & 1 ? 1'700'000'003 : 0;
    out.has_recover_since = bits & 2;
    out.force_recovery = bits & 4 ? 1 : -1;
    out.data = bits & 8 ? "{}" : "";
    out.info = bits & 16 ? "\x01" : "";
    return out;
  }
  static hub::Refresh refresh(unsigned bits) {
    hub::Refresh out;
    out.expired = (bits & 3) == 3;
    out.expire_at = bits & 4 ? 1'700'000'030 : 0;
    return out;
  }

  /// A transport delivers nothing to a session that is closed or has asked for a pause.
  void say(Peer& peer, std::string_view frame) {
    if (!peer.ended && !peer.paused) in_loop([&] { peer.session->on_frame(frame); });
  }
  void publish(const std::string& channel, Input& input) {
    broker::PublishOptions options;
    const unsigned bits = input.byte();
    if (bits & 1) options.history_size = 3, options.history_ttl_ms = 3000;
    options.use_delta = bits & 2;
    if (bits & 4) options.tags = {{"a", "1"}};
    in_loop([&] {
      node_->publish(channel, SharedBytes::copy(input.text()), std::move(options),
                     [](Result<broker::PublishResult>) {});
    });
  }
  void pass(std::int64_t ms) {
    clock_.advance(ms);
    for (int i = 0; i < 3; ++i) runtime_.loop(0).turn();
  }
  template <class Call>
  void in_loop(const Call& call) {
    runtime_.loop(0).post([&call] { call(); });
    for (int i = 0; i < 3; ++i) runtime_.loop(0).turn();
  }

  ManualClock clock_;
  net::Runtime runtime_{1, clock_};
  metrics::LoopMetrics loop_metrics_;
  session::Metrics metrics_{loop_metrics_.registry, {}};
  std::unique_ptr<hub::Node> node_;
  std::optional<session::Context> context_;
  std::vector<std::unique_ptr<Peer>> peers_;
};

}  // namespace
}  // namespace whirl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 2000) return 0;
  whirl::Input input(data, size);
  whirl::World world;
  world.configure(input.byte());
  for (int i = 0; i < 3; ++i) world.open(input.byte());
  while (!input.empty()) world.step(input);
  return 0;
}
