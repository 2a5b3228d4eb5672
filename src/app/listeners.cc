#include "app/listeners.h"

#include <unistd.h>

#include <charconv>

namespace whirl::app {
namespace {

Result<int> parse_port(const std::string& text) {
  int port = -1;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port < 0 || port > 65535) {
    return fail("http_server.internal_port is \"{}\", but must be a number from 0 to 65535", text);
  }
  return port;
}

// Those of grpc-go and of Centrifugo.
constexpr std::int64_t kPingAfterMs = 2 * 3600 * 1000;
constexpr std::int64_t kPingTimeoutMs = 20'000;
constexpr std::int64_t kUniPingAfterMs = 25'000;
constexpr std::int64_t kUniPingTimeoutMs = 5'000;
// A client's library puts all its calls on one connection.
constexpr std::uint32_t kGrpcStreams = 100'000;

constexpr std::string_view kUnix = "unix:";

Result<std::uint32_t> parse_mode(const std::string& text) {
  std::uint32_t mode = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  if (error != std::errc{} || end != text.data() + text.size() || mode > 0777) {
    return fail("http_server.unix_socket_mode is \"{}\", but must be octal permissions such as 0660", text);
  }
  return mode;
}

Result<net::ListenAddress> address_of(const std::string& host, int port, const config::HTTPServer& http) {
  if (!host.starts_with(kUnix)) return net::ListenAddress{.host = host, .port = port};
  auto mode = parse_mode(http.unix_socket_mode);
  if (!mode) return tl::unexpected(mode.error());
  return net::ListenAddress{.unix_path = host.substr(kUnix.size()), .unix_mode = *mode};
}

Result<net::ListenAddress> internal_address(const config::HTTPServer& http) {
  int port = static_cast<int>(http.port);
  if (!http.internal_port.empty()) {
    auto own = parse_port(http.internal_port);
    if (!own) return tl::unexpected(own.error());
    port = *own;
  }
  const bool same = http.internal_address.empty();
  if (same && http.address.starts_with(kUnix) && !http.internal_port.empty()) {
    return fail(
        "http_server.internal_port needs http_server.internal_address, as http_server.address is a unix "
        "socket");
  }
  return address_of(same ? http.address : http.internal_address, port, http);
}

void add_endpoints(Listener& listener, const config::Config& config, bool external) {
  for (const Endpoint& endpoint : endpoints()) {
    if (endpoint.enabled(config) && endpoint.external(config) == external)
      listener.endpoints.push_back(&endpoint);
  }
}

/// Connections of gRPC stay for as long as their clients answer.
http::h2::Options grpc_options(const Endpoint& endpoint) {
  http::h2::Options options;
  options.idle_timeout_ms = 0;
  options.max_streams = kGrpcStreams;
  options.idle_frames = kGrpcStreams;  // all of them may be cancelled at once
  const bool uni = &endpoint == &kUniGrpc;
  options.ping_after_ms = uni ? kUniPingAfterMs : kPingAfterMs;
  options.ping_timeout_ms = uni ? kUniPingTimeoutMs : kPingTimeoutMs;
  return options;
}

template <class Section>
Result<> add_grpc(std::vector<Listener>& out, const Endpoint& endpoint, const config::Config& config,
                  const Section& section, std::string_view tls_path, const TlsShared& shared) {
  if (!endpoint.enabled(config)) return {};
  Listener listener{.address = {.host = section.address, .port = static_cast<int>(section.port)}};
  listener.endpoints.push_back(&endpoint);
  listener.grpc = true;
  listener.http2 = grpc_options(endpoint);
  if (section.tls.enabled) {
    auto tls = make_tls(section.tls, tls_path, {.tickets = shared.tickets}, {"h2"});
    if (!tls) return tl::unexpected(tls.error());
    listener.tls = *tls;
  }
  out.push_back(std::move(listener));
  return {};
}

}  // namespace

std::string Listener::endpoint_names() const {
  std::string out;
  for (const Endpoint* endpoint : endpoints) {
    if (!out.empty()) out += ", ";
    out += endpoint->name;
  }
  return out;
}

Result<std::vector<Listener>> plan_listeners(const config::Config& config, const TlsShared& shared) {
  const config::HTTPServer& http = config.http_server;
  auto outside = address_of(http.address, static_cast<int>(http.port), http);
  if (!outside) return tl::unexpected(outside.error());
  auto inside = internal_address(http);
  if (!inside) return tl::unexpected(inside.error());
  Listener external{.address = *outside};
  external.proxied = http.proxy_protocol;
  external.external = true;
  add_endpoints(external, config, true);
  Listener internal{.address = *inside};
  add_endpoints(internal, config, false);
  if (http.tls.enabled || shared.source) {
    auto tls = shared.source ? make_sourced_tls(shared) : make_tls(http.tls, "http_server.tls", shared);
    if (!tls) return tl::unexpected(tls.error());
    external.tls = *tls;
    if (!http.tls_external) internal.tls = *tls;
  }
  if (http.internal_tls.enabled) {
    auto tls = make_tls(http.internal_tls, "http_server.internal_tls", shared);
    if (!tls) return tl::unexpected(tls.error());
    internal.tls = *tls;
  }
  if (external.tls || http.h2c_external) external.http2.emplace();
  if (internal.tls) internal.http2.emplace();
  std::vector<Listener> out;
  if (internal.address.text() == external.address.text()) {
    external.endpoints.insert(external.endpoints.end(), internal.endpoints.begin(), internal.endpoints.end());
    internal.endpoints.clear();
  }
  for (Listener* listener : {&external, &internal}) {
    if (!listener->endpoints.empty()) out.push_back(std::move(*listener));
  }
  const auto api = add_grpc(out, kGrpcApi, config, config.grpc_api, "grpc_api.tls", shared);
  if (!api) return tl::unexpected(api.error());
  const auto uni = add_grpc(out, kUniGrpc, config, config.uni_grpc, "uni_grpc.tls", shared);
  if (!uni) return tl::unexpected(uni.error());
  return out;
}

Result<> open(std::vector<Listener>& listeners, int loops) {
  for (Listener& listener : listeners) {
    auto sockets = net::open_listeners(listener.address, loops);
    if (!sockets) return tl::unexpected(sockets.error());
    listener.sockets = std::move(*sockets);
  }
  return {};
}

void remove_socket_files(const std::vector<Listener>& listeners) {
  for (const Listener& listener : listeners) {
    if (!listener.address.unix_path.empty()) ::unlink(listener.address.unix_path.c_str());
  }
}

}  // namespace whirl::app
