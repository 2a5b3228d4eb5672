#include "config/unbuilt.h"

#include <algorithm>

#include "base/glob.h"
#include "config/apply.h"
#include "config/text.h"

namespace whirl::config {
namespace {

std::vector<Glob> compile_patterns() {
  std::vector<Glob> patterns;
  for (const Unbuilt& row : unbuilt()) patterns.push_back(*Glob::compile(row.option));
  return patterns;
}

/// Fails if the option is in the list, and set.
Result<> refuse(const Table& table, const Option& option, const void* holder, const std::string& path) {
  static const std::vector<Glob> patterns = compile_patterns();
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    const Unbuilt& row = unbuilt()[i];
    if (!patterns[i].matches(path)) continue;
    const std::string value = text_of(option, holder);
    if (value == text_of(option, table.defaults()) || std::ranges::count(row.also_fine, value) > 0) continue;
    if (row.only_if_enabled && !table.find("enabled")->get<bool>(holder)) continue;
    return fail("{} is {}, but this build does not have {}", path, value, row.feature);
  }
  return {};
}

Result<> walk(const Table& table, const void* holder, const std::string& path) {
  for (const Option& option : table.options()) {
    const std::string name = join_path(path, option.name);
    Result<> done;
    if (option.kind == Kind::object) {
      done = walk(*option.object(), option.in(holder), name);
    } else if (option.kind == Kind::object_list) {
      void* list = const_cast<void*>(option.in(holder));
      for (std::size_t i = 0; done && i < option.list->size(list); ++i) {
        done = walk(*option.object(), option.list->at(list, i), fmt::format("{}[{}]", name, i));
      }
    } else {
      done = refuse(table, option, holder, name);
    }
    if (!done) return done;
  }
  return {};
}

}  // namespace

const std::vector<Unbuilt>& unbuilt() {
  static const std::vector<Unbuilt> rows = {
#ifndef WHIRL_HTTP3
      {"http_server.http3.enabled", "HTTP/3, which needs ngtcp2 and nghttp3"},
      {"webtransport.enabled", "WebTransport, which needs ngtcp2 and nghttp3"},
#endif
      {"broker.type", "this broker", {"redis", "nats"}, true},
      {"brokers*.type", "this broker", {"redis", "nats"}, true},
      {"controller.enabled", "controllers"},
      {"map_broker.type", "map brokers other than memory"},
      {"client.proxy.*.enabled", "proxies"},
      {"channel.*proxy_enabled", "proxies"},
      {"rpc.*proxy_enabled", "proxies"},
      {"channel.*subscription_type", "map and shared poll subscriptions", {"stream"}},
      {"channel.*presence_channel_prefix", "presence as map channels"},
      {"consumers*.enabled", "consumers"},
      {"admin.web_path", "other web interfaces for admins", {}, true},
      {"admin.web_proxy_address", "other web interfaces for admins", {}, true},
      {"swagger.enabled", "the description of the HTTP API"},
      {"debug.enabled", "profiling endpoints"},
      {"prometheus.native_histograms", "native histograms"},
      {"opentelemetry.enabled", "traces"},
  };
  return rows;
}

Result<> refuse_unbuilt(const Config& config) {
  return walk(Config::table(), &config, "");
}

}  // namespace whirl::config
