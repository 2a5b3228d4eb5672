#include "config/validate.h"

#include <algorithm>

#include "base/log.h"
#include "base/regex.h"
#include "config/unbuilt.h"

namespace whirl::config {
namespace {

constexpr std::string_view kDefaultProxy = "default";

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

Result<> validate_server(const Config& config) {
  const HTTPServer& http = config.http_server;
  const bool own_internal_port =
      !http.internal_port.empty() && http.internal_port != std::to_string(http.port);
  if (http.h2c_external && !own_internal_port) {
    return fail(
        "http_server.h2c_external needs an http_server.internal_port that differs from http_server.port");
  }
  if (http.h2c_external && http.tls.enabled) {
    return fail("http_server.h2c_external cannot be used together with http_server.tls.enabled");
  }
  if (http.http3.enabled && !http.tls.enabled) {
    return fail("http_server.http3.enabled needs http_server.tls.enabled, as HTTP/3 is always encrypted");
  }
  if (http.http3.enabled && http.tls_autocert.enabled) {
    return fail(
        "http_server.http3.enabled cannot be used together with http_server.tls_autocert.enabled; give the "
        "certificate in http_server.tls");
  }
  if (config.webtransport.enabled && !http.http3.enabled) {
    return fail("webtransport.enabled needs http_server.http3.enabled, as WebTransport runs over HTTP/3");
  }
  std::string level = config.log.level;
  std::ranges::transform(level, level.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (const auto known = log::parse_level(level); !known) return fail("log.level: {}", known.error().message);
  return {};
}

Result<> validate_claim(std::string_view claim, std::string_view path) {
  const bool good = std::ranges::all_of(claim, [](unsigned char c) { return std::isalpha(c) || c == '_'; });
  if (good) return {};
  return fail("{}.user_id_claim is \"{}\", but may have letters and \"_\" only", path, claim);
}

Result<> validate_client(const Client& client) {
  if (auto r = validate_claim(client.token.user_id_claim, "client.token"); !r) return r;
  if (auto r = validate_claim(client.subscription_token.user_id_claim, "client.subscription_token"); !r)
    return r;
  if (client.ping_interval <= client.pong_timeout) {
    return fail("client.ping_interval ({}) must be greater than client.pong_timeout ({})",
                client.ping_interval.text(), client.pong_timeout.text());
  }
  if (client.proxy.connect.enabled) {
    if (auto r = validate_proxy(client.proxy.connect, "client.proxy.connect"); !r) return r;
  }
  if (client.proxy.refresh.enabled) {
    if (auto r = validate_proxy(client.proxy.refresh, "client.proxy.refresh"); !r) return r;
  }
  const auto& transforms = client.connect_code_to_unidirectional_disconnect.transforms;
  for (std::size_t i = 0; i < transforms.size(); ++i) {
    const auto path = fmt::format("client.connect_code_to_unidirectional_disconnect.transforms[{}]", i);
    if (transforms[i].code == 0) return fail("{}.code must be set", path);
    if (transforms[i].to.code == 0) return fail("{}.to.code must be set", path);
    if (!is_ascii(transforms[i].to.reason)) return fail("{}.to.reason must be ASCII", path);
  }
  return {};
}

Result<> validate_http_responses(const ConnectCodeToHTTPResponse& responses, std::string_view section) {
  for (std::size_t i = 0; i < responses.transforms.size(); ++i) {
    const auto path = fmt::format("{}.connect_code_to_http_response.transforms[{}]", section, i);
    if (responses.transforms[i].code == 0) return fail("{}.code must be set", path);
    if (responses.transforms[i].to.status_code == 0) return fail("{}.to.status_code must be set", path);
  }
  return {};
}

/// Fills in the names that options may refer to.
Result<> validate_named_proxies(const Config& config, std::vector<std::string_view>& names) {
  for (std::size_t i = 0; i < config.proxies.size(); ++i) {
    const NamedProxy& proxy = config.proxies[i];
    const auto path = fmt::format("proxies[{}]", i);
    if (auto r = is_name(proxy.name, path + ".name"); !r) return r;
    if (proxy.name == kDefaultProxy) return fail("{}.name is \"default\", which is reserved", path);
    if (std::ranges::find(names, proxy.name) != names.end()) {
      return fail("{}.name is \"{}\", which another proxy has already", path, proxy.name);
    }
    if (auto r = validate_proxy(proxy, path); !r) return r;
    names.push_back(proxy.name);
  }
  names.push_back(kDefaultProxy);
  return {};
}

Result<> validate_rpc_options(const RpcOptions& options, const std::vector<std::string_view>& proxies,
                              std::string_view path) {
  if (options.proxy_name.empty() || std::ranges::find(proxies, options.proxy_name) != proxies.end())
    return {};
  return fail("{}.proxy_name is \"{}\", but there is no proxy with that name", path, options.proxy_name);
}

Result<> validate_rpc(const RPC& rpc, const std::vector<std::string_view>& proxies) {
  if (auto r = validate_rpc_options(rpc.without_namespace, proxies, "rpc.without_namespace"); !r) return r;
  for (std::size_t i = 0; i < rpc.namespaces.size(); ++i) {
    const RpcNamespace& ns = rpc.namespaces[i];
    const auto path = fmt::format("rpc.namespaces[{}]", i);
    if (auto r = is_name(ns.name, path + ".name"); !r) return r;
    const auto same = [&](const RpcNamespace& other) { return other.name == ns.name; };
    if (std::ranges::count_if(rpc.namespaces, same) > 1) {
      return fail("{}.name is \"{}\", which another namespace has too", path, ns.name);
    }
    if (auto r = validate_rpc_options(ns, proxies, path); !r) return r;
  }
  return {};
}

}  // namespace

Result<> one_of(std::string_view text, std::span<const std::string_view> words, std::string_view path) {
  if (std::ranges::find(words, text) != words.end()) return {};
  std::string list;
  for (std::string_view word : words) {
    if (!word.empty()) list += (list.empty() ? "" : ", ") + std::string(word);
  }
  return fail("{} is \"{}\", but must be one of: {}", path, text, list);
}

Result<> is_name(std::string_view text, std::string_view path) {
  static const Regex kName = *Regex::compile("^[-a-zA-Z0-9_.]{2,}$");
  if (kName.matches(text)) return {};
  return fail("{} is \"{}\", but must have at least two letters, digits, \"-\", \"_\" or \".\"", path, text);
}

Result<> at(std::string_view path, Result<> result) {
  return result ? result : fail("{}.{}", path, result.error().message);
}

Result<> validate(const Config& config) {
  std::vector<std::string_view> proxies;
  if (auto r = validate_server(config); !r) return r;
  if (auto r = validate_engines(config); !r) return r;
  if (auto r = validate_client(config.client); !r) return r;
  if (auto r = validate_named_proxies(config, proxies); !r) return r;
  if (auto r = validate_channels(config, proxies); !r) return r;
  if (auto r = validate_rpc(config.rpc, proxies); !r) return r;
  if (auto r = validate_consumers(config.consumers); !r) return r;
  if (auto r = validate_http_responses(config.uni_sse.connect_code_to_http_response, "uni_sse"); !r) return r;
  if (auto r =
          validate_http_responses(config.uni_http_stream.connect_code_to_http_response, "uni_http_stream");
      !r) {
    return r;
  }
  return refuse_unbuilt(config);
}

}  // namespace whirl::config
