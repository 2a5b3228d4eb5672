#include "app/server.h"

#include <signal.h>

#include "app/engine.h"
#include "app/settings.h"
#include "base/log.h"
#include "base/version.h"
#include "config/load.h"
#include "config/validate.h"

namespace whirl::app {
namespace {

Result<http::OriginRule> origins_of(const config::Config& config) {
  auto origins = http::OriginRule::create(config.client.allowed_origins);
  if (!origins) return fail("client.allowed_origins: {}", origins.error().message);
  return origins;
}

}  // namespace

Result<std::unique_ptr<Server>> Server::create(config::Config config, ServeOptions options) {
  std::unique_ptr<Server> server(new Server(std::move(options)));
  if (auto ready = server->prepare(std::move(config)); !ready) return tl::unexpected(ready.error());
  return server;
}

Server::Server(ServeOptions options)
    : options_(std::move(options)),
      scraper_(runtime_),
      emulated_(runtime_),
      ask_timer_([this] { ask_what_is_left(); }) {}

Server::~Server() = default;

Result<> Server::prepare(config::Config config) {
  auto origins = origins_of(config);
  if (!origins) return tl::unexpected(origins.error());
  tls_.tickets = std::make_shared<net::TicketKeys>();
  if (config.http_server.tls_autocert.enabled) {
    auto autocert = Autocert::create(runtime_.loop(0), config.http_server.tls_autocert);
    if (!autocert) return tl::unexpected(autocert.error());
    autocert_ = std::move(*autocert);
    tls_.source = autocert_->certificates();
  }
  auto listeners = plan_listeners(config, tls_);
  if (!listeners) return tl::unexpected(listeners.error());
  listeners_ = std::move(*listeners);
  auto settings = make_settings(config, options_.explains_errors);
  if (!settings) return tl::unexpected(settings.error());
  auto metrics = [this](int loop) -> metrics::LoopMetrics& { return scraper_.of(loop); };
  auto engine = make_engine({config, metrics, health_});
  if (!engine) return tl::unexpected(engine.error());

  hub::Node::Options options;
  options.name = node_name(config);
  options.version = kVersion;
  options.max_time_lag_ms = config.client.channel_position_max_time_lag.ms();
  options.metrics = metrics;
  node_ = hub::Node::create(runtime_, std::move(*engine), std::move(options));
  transport::emulation::answer_other_nodes(*node_, emulated_);

  connection_rate_.set_burst(config.client.connection_rate_limit);
  shared_ = std::make_unique<Shared>(Shared{runtime_, *node_, emulated_, scraper_, health_, std::move(config),
                                            connection_rate_, options_.page});
  for (int i = 0; i < runtime_.size(); ++i) {
    auto& loop = loop_servers_.emplace_back(std::make_unique<LoopServer>(runtime_.loop(i), *shared_));
    if (auto done = loop->configure(*settings, *origins); !done) return done;
  }
  if (auto opened = open(listeners_, runtime_.size()); !opened) return opened;
  return prepare_http3();
}

Result<> Server::prepare_http3() {
  const config::HTTPServer& config = shared_->config.http_server;
  if (!config.http3.enabled) return {};
  for (Listener& listener : listeners_) {
    if (!listener.external) continue;
    net::ListenAddress address = listener.address;
    if (!address.unix_path.empty()) return fail("http_server.http3 needs a port, not a unix socket");
    address.port = net::local_port(listener.sockets.front());
    auto http3 = open_http3(runtime_, config.tls, address);
    if (!http3) return fail("http_server.http3: {}", http3.error().message);
    http3_ = std::move(*http3);
    listener.alt_svc = http3_->advertisement();
  }
  return {};
}

int Server::run() {
  runtime_.on_each([this](net::Loop& loop) {
    auto i = static_cast<std::size_t>(loop.index());
    for (Listener& listener : listeners_) {
      loop_servers_[i]->listen(listener, std::move(listener.sockets[i]));
      if (!listener.alt_svc.empty()) loop_servers_[i]->listen(listener, *http3_);
    }
  });
  if (autocert_) runtime_.loop(0).post([this] { autocert_->start(); });
  signals_ = std::make_unique<Signals>(runtime_.loop(0), [this](int signal) { on_signal(signal); });
  const config::Config& config = shared_->config;
  node_metrics_ = std::make_unique<NodeMetrics>(runtime_.loop(0), scraper_, *node_,
                                                config.node.info_metrics_aggregate_interval.ms());
  if (config.graphite.enabled) {
    graphite_ =
        std::make_unique<GraphiteExporter>(runtime_.loop(0), scraper_, config.graphite, node_name(config));
  }
  runtime_.start();
  runtime_.join();
  // What the loops still had to tell each other is told while everything is there.
  for (int round = 0; round < 3; ++round) runtime_.on_each([](net::Loop& loop) { loop.turn(0); });
  return exit_code_;
}

void Server::on_signal(int signal) {
  log::info("signal received", {{"signal", ::strsignal(signal)}});
  if (signal == SIGHUP) return reload();
  if (!stopping_) return begin_shutdown();
  log::warn("stopping at once, as asked twice");
  end(1);
}

void Server::reload() {
  auto loaded = config::load(options_.sources);
  if (!loaded) return log::error("configuration not reloaded", {{"error", loaded.error().message}});
  for (const std::string& warning : loaded->warnings) log::warn(warning);
  auto done = config::validate(loaded->config);
  if (done) done = apply(loaded->config);
  if (!done) return log::error("configuration not reloaded", {{"error", done.error().message}});
  log::info(
      "configuration reloaded: channels, client options, origins, tokens, certificates, log level; other "
      "options need a restart");
}

Result<> Server::apply(const config::Config& config) {
  auto level = log::parse_level(config.log.level);
  if (!level) return tl::unexpected(level.error());
  if (auto kept = keeps_engines(shared_->config, config); !kept) return kept;
  auto settings = make_settings(config, options_.explains_errors);
  if (!settings) return tl::unexpected(settings.error());
  auto origins = origins_of(config);
  if (!origins) return tl::unexpected(origins.error());
  auto plan = plan_listeners(config, tls_);
  if (!plan) return tl::unexpected(plan.error());
  // The first loop tells whether it can be done; then it can be done on all of them.
  if (auto done = loop_servers_[0]->configure(*settings, *origins); !done) return done;
  for (std::size_t i = 1; i < loop_servers_.size(); ++i) {
    runtime_.loop(static_cast<int>(i))
        .post([loop = loop_servers_[i].get(), settings = *settings, rule = *origins] {
          auto done = loop->configure(settings, rule);
          if (!done) log::error("configuration not reloaded on a loop", {{"error", done.error().message}});
        });
  }
  connection_rate_.set_burst(config.client.connection_rate_limit);
  use_certificates(*plan);
  if (http3_ && config.http_server.tls.enabled) {
    if (auto done = http3_->reload(config.http_server.tls); !done) return done;
  }
  log::set_level(*level);
  return {};
}

// Addresses, and whether they are encrypted, stay as they are.
void Server::use_certificates(const std::vector<Listener>& plan) {
  for (std::size_t i = 0; i < listeners_.size(); ++i) {
    for (const Listener& planned : plan) {
      const bool same = planned.address.text() == listeners_[i].address.text();
      if (!same || !planned.tls || !listeners_[i].tls) continue;
      for (auto& loop : loop_servers_) {
        loop->loop().post([at = loop.get(), i, tls = planned.tls] { at->use(i, tls); });
      }
    }
  }
}

void Server::begin_shutdown() {
  stopping_ = true;
  log::info("shutting down");
  give_up_at_ms_ = runtime_.loop(0).now_ms() + shared_->config.shutdown.timeout.ms();
  remove_socket_files(listeners_);
  shared_->node.leave();
  for (auto& loop : loop_servers_) loop->loop().post([at = loop.get()] { at->begin_shutdown(); });
  // So that the other nodes are told even if nothing is left to wait for.
  runtime_.loop(0).arm(ask_timer_, kAskEveryMs);
}

void Server::ask_what_is_left() {
  missing_answers_ = runtime_.size();
  left_ = {};
  for (auto& loop : loop_servers_) {
    loop->loop().post([this, at = loop.get()] {
      Left left{at->has_connections(), at->loop().has_residents()};
      runtime_.loop(0).post([this, left] { told_what_is_left(left); });
    });
  }
}

void Server::told_what_is_left(Left left) {
  left_.connections |= left.connections;
  left_.lingering |= left.lingering;
  if (--missing_answers_ > 0) return;
  std::int64_t now = runtime_.loop(0).now_ms();
  if (!left_.connections && !farewell_) {
    farewell_ = true;
    give_up_at_ms_ = std::min(give_up_at_ms_, now + kFarewellMs);
  }
  if (farewell_ && (!left_.lingering || now >= give_up_at_ms_)) return end(0);
  if (now >= give_up_at_ms_) {
    log::error("connections were still open after shutdown.timeout");
    return end(1);
  }
  runtime_.loop(0).arm(ask_timer_, kAskEveryMs);
}

void Server::end(int exit_code) {
  exit_code_ = exit_code;
  runtime_.stop();
}

}  // namespace whirl::app
