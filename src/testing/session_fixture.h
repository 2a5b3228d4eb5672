#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/sign.h"
#include "codec/json.h"
#include "codec/protobuf.h"
#include "config/sections/channel.h"
#include "session/context.h"
#include "session/session.h"
#include "testing/hub_fixture.h"

namespace whirl::session {

/// The other end of a session: says what it is told to and writes down what it hears, always as JSON. `peer`
/// in tests.
class Peer final : public Connection {
 public:
  struct End {
    std::uint32_t code = 0;
    std::string reason;
  };

  explicit Peer(protocol::Variant v) : variant(v) {}

  void send(const SharedBytes& frame) override {
    heard.push_back(read(frame.view()));
    if (on_hearing) on_hearing();
  }
  void send_native_ping() override { heard.push_back("native ping"); }
  std::size_t queued_bytes() const override { return queued; }
  void pause_reading() override { paused = true; }
  void resume_reading() override { paused = false; }
  void close(std::uint32_t code, std::string_view reason) override {
    if (!end) end = End{code, std::string(reason)};
  }

  /// What came since the last call.
  std::vector<std::string> hears() { return std::exchange(heard, {}); }
  /// The last message; empty if none came since the last call of hears().
  std::string last() const { return heard.empty() ? "" : heard.back(); }
  std::uint32_t end_code() const { return end ? end->code : 0; }

  protocol::Variant variant;
  std::shared_ptr<Session> session;
  std::vector<std::string> heard;
  std::optional<End> end;
  std::function<void()> on_hearing;
  std::size_t queued = 0;
  bool paused = false;

 private:
  std::string read(std::string_view frame) {
    if (variant.encoding == protocol::Encoding::json) return std::string(frame.substr(0, frame.size() - 1));
    std::uint64_t size = 0;
    EXPECT_TRUE(codec::take_varint(frame, size) && size == frame.size());
    codec::Arena arena;
    std::string json;
    if (variant.unidirectional) {
      protocol::Push push;
      EXPECT_TRUE(codec::decode_protobuf(frame, push, arena));
      codec::encode_json(push, json);
    } else {
      protocol::Reply reply;
      EXPECT_TRUE(codec::decode_protobuf(frame, reply, arena));
      codec::encode_json(reply, json);
    }
    return json;
  }
};

inline constexpr protocol::Variant kJson{protocol::Encoding::json, protocol::Framing::lines, false};
inline constexpr protocol::Variant kProtobuf{protocol::Encoding::protobuf, protocol::Framing::length_prefixed,
                                             false};
inline constexpr protocol::Variant kUniJson{protocol::Encoding::json, protocol::Framing::lines, true};

/// Sessions over a real hub with the memory engine, on one loop that the test turns. Options are set before
/// the first peer is made; configure() makes later changes count.
class SessionFixture : public testing::HubFixture {
 protected:
  static constexpr std::string_view kSecret = "secret";

  SessionFixture() {
    client.token.hmac_secret_key = kSecret;
    client.allow_anonymous_connect_without_token = true;
  }
  ~SessionFixture() override {
    in_loop([this] {
      for (auto& peer : peers_) peer->session->on_closed();
    });
    in_loop([this] { peers_.clear(); });
    in_loop([this] { context_.reset(); });
  }

  config::ChannelNamespace& ns(std::string_view name) {
    auto& added = channels.namespaces.emplace_back();
    added.name = name;
    added.allow_subscribe_for_client = true;
    added.allow_subscribe_for_anonymous = true;
    return added;
  }
  /// A namespace with history of ten publications.
  config::ChannelNamespace& kept_ns(std::string_view name) {
    auto& added = ns(name);
    added.history_size = 10;
    added.history_ttl = config::Duration::seconds(60);
    return added;
  }

  void configure() {
    if (!context_) {
      session_metrics_ = std::make_unique<Metrics>(metrics_[0]->registry, config::Prometheus{});
      context_ = std::make_unique<Context>(runtime_->loop(0), *node_, *session_metrics_);
    }
    auto settings = std::make_shared<Settings>();
    settings->client = client;
    settings->rpc = rpc;
    settings->rules = *channel::Rules::build(channels, client);
    settings->version = "1.2.3";
    settings->explains_errors = explains_errors;
    auth::Verifier::Options options;
    options.clock = &clock_;
    context_->configure(settings, std::move(*auth::Verifier::create(client.token, options)), nullptr);
  }

  /// A connection that has said nothing yet.
  Peer& open(protocol::Variant variant = kJson, ConnectionInfo info = {}) {
    if (!context_) configure();
    Peer& peer = *peers_.emplace_back(std::make_unique<Peer>(variant));
    info.transport = "websocket";
    info.variant = variant;
    in_loop([&] { peer.session = Session::create(*context_, peer, std::move(info)); });
    return peer;
  }

  /// A connected client, anonymous if `user` is empty.
  Peer& join(std::string_view user = "", protocol::Variant variant = kJson) {
    Peer& peer = open(variant);
    say(peer, user.empty() ? R"({"id":1,"connect":{}})"
                           : R"({"id":1,"connect":{"token":")" +
                                 token(R"({"sub":")" + std::string(user) + "\"}") + "\"}}");
    EXPECT_EQ(peer.heard.size(), 1u);
    peer.heard.clear();
    return peer;
  }

  /// Commands as JSON, one a line; sent in the peer's encoding in one frame.
  void say(Peer& peer, std::string_view commands) {
    std::string frame(commands);
    if (peer.variant.encoding == protocol::Encoding::protobuf) frame = to_protobuf(commands);
    in_loop([&] { peer.session->on_frame(frame); });
  }
  /// The same, and the last message that came back.
  std::string ask(Peer& peer, std::string_view commands) {
    peer.heard.clear();
    say(peer, commands);
    return peer.last();
  }
  using HubFixture::ask;

  static std::string token(std::string_view claims) { return *auth::sign_hs(claims, kSecret); }
  std::string in_seconds(std::int64_t seconds) { return std::to_string(clock_.unix_ms() / 1000 + seconds); }

  /// The node's answer to an operation of the server API, which every connection of the user has heard of by
  /// then.
  template <class Call>
  void command(const Call& call) {
    auto done = ask<void>([&](auto answer) { call(*node_, std::move(answer)); });
    EXPECT_TRUE(done && *done);
  }

  config::Client client;
  config::Channel channels;
  config::RPC rpc;
  bool explains_errors = false;
  std::unique_ptr<Metrics> session_metrics_;
  std::unique_ptr<Context> context_;
  std::vector<std::unique_ptr<Peer>> peers_;

 private:
  static std::string to_protobuf(std::string_view lines) {
    std::string frame;
    codec::Arena arena;
    while (!lines.empty()) {
      const auto end = std::min(lines.find('\n'), lines.size());
      protocol::Command command;
      EXPECT_TRUE(codec::decode_json(lines.substr(0, end), command, arena));
      std::string bytes;
      codec::encode_protobuf(command, bytes);
      codec::append_varint(frame, bytes.size());
      frame += bytes;
      lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    return frame;
  }
};

}  // namespace whirl::session
