#include "sessions/crowd.h"

#include <time.h>

#include "auth/verifier.h"
#include "broker/memory/memory.h"

namespace whirl::bench {
namespace {

constexpr protocol::Variant kJson{protocol::Encoding::json, protocol::Framing::websocket_text, false};
constexpr std::int64_t kChannelsPerSession = 10'000;

hub::EngineFactory memory_engine() {
  return {[](net::Loop& loop) { return broker::make_memory_broker(loop, {}); },
          [](net::Loop& loop) { return broker::make_memory_presence(loop, {}); },
          [](net::Loop&, std::string_view uid) { return broker::make_memory_controller(uid); }};
}

config::Client client_options() {
  config::Client client;
  client.allow_anonymous_connect_without_token = true;
  client.channel_limit = kChannelsPerSession;
  return session::with_defaults(client);
}

std::shared_ptr<session::Settings> make_settings() {
  auto settings = std::make_shared<session::Settings>();
  settings->client = client_options();
  config::Channel channels;
  config::ChannelNamespace ns;
  ns.name = "bench";
  ns.allow_subscribe_for_client = true;
  ns.allow_subscribe_for_anonymous = true;
  channels.namespaces.push_back(ns);
  settings->rules = *channel::Rules::build(channels, settings->client);
  return settings;
}

std::int64_t thread_cpu_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

Crowd::Crowd(int loops) : runtime_(loops), settings_(make_settings()) {
  for (int i = 0; i < runtime_.size(); ++i) {
    parts_.push_back(std::make_unique<PerLoop>());
    parts_.back()->metrics = std::make_unique<metrics::LoopMetrics>();
  }
  hub::Node::Options options;
  options.metrics = [this](int i) -> metrics::LoopMetrics& {
    return *parts_[static_cast<std::size_t>(i)]->metrics;
  };
  node_ = hub::Node::create(runtime_, memory_engine(), std::move(options));
  for (int i = 0; i < runtime_.size(); ++i)
    make_context(*parts_[static_cast<std::size_t>(i)], runtime_.loop(i));
  runtime_.start();
}

Crowd::~Crowd() {
  runtime_.on_each([this](net::Loop& loop) {
    auto& sinks = parts_[static_cast<std::size_t>(loop.index())]->sinks;
    for (auto& sink : sinks) sink->session->on_closed();
    sinks.clear();
  });
  runtime_.on_each(
      [this](net::Loop& loop) { parts_[static_cast<std::size_t>(loop.index())]->context.reset(); });
  runtime_.stop();
  runtime_.join();
}

void Crowd::make_context(PerLoop& part, net::Loop& loop) {
  part.session_metrics = std::make_unique<session::Metrics>(part.metrics->registry, config::Prometheus{});
  part.context = std::make_unique<session::Context>(loop, *node_, *part.session_metrics);
  auth::Verifier::Options options;
  options.clock = &loop.clock();
  part.context->configure(settings_, std::move(*auth::Verifier::create(settings_->client.token, options)),
                          nullptr);
}

void Crowd::grow(std::size_t sessions) {
  const std::size_t before = size_;
  runtime_.on_each([&](net::Loop& loop) {
    PerLoop& part = *parts_[static_cast<std::size_t>(loop.index())];
    for (std::size_t i = before; i < sessions; ++i) {
      if (i % parts_.size() != static_cast<std::size_t>(loop.index())) continue;
      Sink& sink = *part.sinks.emplace_back(std::make_unique<Sink>(part.received));
      session::ConnectionInfo info;
      info.transport = "websocket";
      info.variant = kJson;
      sink.session = session::Session::create(*part.context, sink, std::move(info));
      sink.session->on_frame(R"({"id":1,"connect":{}})");
    }
  });
  size_ = sessions;
}

void Crowd::say(std::size_t sessions, const std::function<std::string(std::size_t)>& command) {
  const std::uint64_t before = received();
  runtime_.on_each([&](net::Loop& loop) {
    PerLoop& part = *parts_[static_cast<std::size_t>(loop.index())];
    for (std::size_t i = static_cast<std::size_t>(loop.index()); i < sessions; i += parts_.size()) {
      part.sinks[i / parts_.size()]->session->on_frame(command(i));
    }
  });
  while (received() < before + sessions) {
  }
}

void Crowd::publish(const std::string& channel, int times, std::size_t receivers) {
  const SharedBytes data = SharedBytes::copy("{\"text\":\"" + std::string(112, 'x') + "\"}");
  for (int i = 0; i < times; ++i) {
    const std::uint64_t before = received();
    runtime_.loop(0).post([&] { node_->publish(channel, data, {}, [](auto) {}); });
    while (received() < before + receivers) {
    }
  }
}

std::uint64_t Crowd::received() {
  std::atomic<std::uint64_t> sum = 0;
  runtime_.on_each([&](net::Loop& loop) { sum += parts_[static_cast<std::size_t>(loop.index())]->received; });
  return sum;
}

std::int64_t Crowd::cpu_ns() {
  std::atomic<std::int64_t> sum = 0;
  runtime_.on_each([&](net::Loop&) { sum += thread_cpu_ns(); });
  return sum;
}

}  // namespace whirl::bench
