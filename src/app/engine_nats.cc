#include "app/engine.h"
#include "broker/nats/nats.h"
#include "config/text.h"
#include "driver/tls.h"
#include "net/loop.h"

namespace whirl::app {
namespace {

using driver::nats::Connection;
using driver::nats::Options;

std::vector<std::string> split(std::string_view urls) {
  std::vector<std::string> out;
  while (!urls.empty()) {
    std::string_view url = urls.substr(0, urls.find(','));
    urls.remove_prefix(std::min(url.size() + 1, urls.size()));
    while (url.starts_with(' ')) url.remove_prefix(1);
    while (url.ends_with(' ')) url.remove_suffix(1);
    if (!url.empty()) out.emplace_back(url);
  }
  return out;
}

Result<Options> connection_options(const BrokerPart& part) {
  const config::NatsBroker& from = part.section->nats;
  const std::string path = part.path + ".nats";
  Options options;
  options.urls = split(from.url);
  options.dial_timeout_ms = from.dial_timeout.ms();
  options.write_timeout_ms = from.write_timeout.ms();
  options.tls = from.tls.enabled;
  if (options.tls) {
    auto tls = driver::tls_options(from.tls, path + ".tls");
    if (!tls) return tl::unexpected(tls.error());
    options.tls_options = std::move(*tls);
  }
  if (auto good = driver::nats::check_urls(options); !good) {
    return fail("{}.url: {}", path, good.error().message);
  }
  return options;
}

/// `purpose` is what the connection is for, as the readiness endpoint calls it.
Result<std::shared_ptr<Connection>> connect(const EngineContext& context, const BrokerPart& part,
                                            std::string_view purpose) {
  auto options = connection_options(part);
  if (!options) return tl::unexpected(options.error());
  const std::string name = fmt::format("{}{}{}", purpose, part.name.empty() ? "" : " ", part.name);
  options->name = "whirl " + name;
  options->on_change = [&health = context.health, name = "nats " + name](bool works, const std::string& why) {
    works ? health.set_healthy(name) : health.set_unhealthy(name, why);
  };
  auto connection = Connection::open(std::move(*options));
  if (!connection) return fail("{}.nats: {}", part.path, connection.error().message);
  return connection;
}

broker::NatsOptions options_of(const config::NatsBroker& from) {
  const broker::NatsSubjects subjects =
      from.raw_mode.enabled
          ? broker::NatsSubjects(from.prefix, {from.raw_mode.prefix, from.raw_mode.channel_replacements})
          : broker::NatsSubjects(from.prefix);
  return {subjects, from.allow_wildcards, from.raw_mode.enabled};
}

broker::OnDropped count_drops(metrics::LoopMetrics& metrics, std::string_view channel_type) {
  return [&counter = metrics.broker.nats_dropped.with(channel_type)](std::uint64_t count) {
    counter.add(count);
  };
}

Result<BrokerFactory> broker_factory(const EngineContext& context, const BrokerPart& part) {
  auto connection = connect(context, part, "broker");
  if (!connection) return tl::unexpected(connection.error());
  auto options = std::make_shared<const broker::NatsOptions>(options_of(part.section->nats));
  return [connection = std::move(*connection), options, metrics = context.metrics](net::Loop& loop) {
    return broker::make_nats_broker(loop, connection, options, count_drops(metrics(loop.index()), "client"));
  };
}

/// A connection of its own, so that no flood of publications holds up what nodes have to tell each other.
Result<ControllerFactory> controller_factory(const EngineContext& context, const BrokerPart& part) {
  auto connection = connect(context, part, "controller");
  if (!connection) return tl::unexpected(connection.error());
  return [connection = std::move(*connection), options = options_of(part.section->nats),
          metrics = context.metrics](net::Loop& loop, std::string_view node_uid) {
    return broker::make_nats_controller(loop, connection, options, node_uid,
                                        count_drops(metrics(loop.index()), "control"));
  };
}

broker::Limits limits_of(const BrokerPart& part) {
  return broker::nats_limits(options_of(part.section->nats));
}

Result<> check(const config::Config&, const BrokerPart& part) {
  auto options = connection_options(part);
  if (!options) return tl::unexpected(options.error());
  return {};
}

}  // namespace

const EngineKind kNatsEngine{"nats", broker_factory, nullptr, controller_factory, limits_of, check};

}  // namespace whirl::app
