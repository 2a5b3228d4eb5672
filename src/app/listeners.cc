#include "app/listeners.h"

#include <charconv>

#include "config/pem.h"

namespace whirl::app {
namespace {

Result<std::shared_ptr<const net::TlsContext>> make_tls(const config::TLSConfig& config,
                                                        std::string_view path) {
  net::TlsServerOptions options;
  struct Part {
    std::string_view name;
    const std::string& from;
    std::string& to;
  };
  for (Part part :
       {Part{"cert_pem", config.cert_pem, options.certificate}, Part{"key_pem", config.key_pem, options.key},
        Part{"client_ca_pem", config.client_ca_pem, options.client_ca}}) {
    if (part.from.empty()) continue;
    auto pem = config::load_pem(part.from);
    if (!pem) return fail("{}.{}: {}", path, part.name, pem.error().message);
    part.to = std::move(*pem);
  }
  auto tls = net::TlsContext::server(options);
  if (!tls) return fail("{}: {}", path, tls.error().message);
  return tls;
}

Result<int> parse_port(const std::string& text) {
  int port = -1;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port < 0 || port > 65535) {
    return fail("http_server.internal_port is \"{}\", but must be a number from 0 to 65535", text);
  }
  return port;
}

void add_endpoints(Listener& listener, const config::Config& config, bool external) {
  for (const Endpoint& endpoint : endpoints()) {
    if (endpoint.enabled(config) && endpoint.external(config) == external)
      listener.endpoints.push_back(&endpoint);
  }
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

Result<std::vector<Listener>> plan_listeners(const config::Config& config) {
  const config::HTTPServer& http = config.http_server;
  Listener external;
  external.address = {.host = http.address, .port = static_cast<int>(http.port)};
  add_endpoints(external, config, true);
  Listener internal;
  internal.address = {.host = http.internal_address.empty() ? http.address : http.internal_address,
                      .port = static_cast<int>(http.port)};
  if (!http.internal_port.empty()) {
    auto port = parse_port(http.internal_port);
    if (!port) return tl::unexpected(port.error());
    internal.address.port = *port;
  }
  add_endpoints(internal, config, false);
  if (http.tls.enabled) {
    auto tls = make_tls(http.tls, "http_server.tls");
    if (!tls) return tl::unexpected(tls.error());
    external.tls = *tls;
    if (!http.tls_external) internal.tls = *tls;
  }
  if (http.internal_tls.enabled) {
    auto tls = make_tls(http.internal_tls, "http_server.internal_tls");
    if (!tls) return tl::unexpected(tls.error());
    internal.tls = *tls;
  }
  std::vector<Listener> out;
  if (internal.address.text() == external.address.text()) {
    external.endpoints.insert(external.endpoints.end(), internal.endpoints.begin(), internal.endpoints.end());
    internal.endpoints.clear();
  }
  for (Listener* listener : {&external, &internal}) {
    if (!listener->endpoints.empty()) out.push_back(std::move(*listener));
  }
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

}  // namespace whirl::app
