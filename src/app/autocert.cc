#include "app/autocert.h"

#include <charconv>

#include "acme/challenge_routes.h"
#include "base/log.h"
#include "config/pem.h"

namespace whirl::app {
namespace {

constexpr std::string_view kSection = "http_server.tls_autocert";

Result<net::ListenAddress> parse_address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  int port = -1;
  if (colon != text.npos) {
    const auto [end, error] = std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size()) port = -1;
  }
  if (port < 0 || port > 65535) {
    return fail("{}.http_addr is \"{}\", but must be \":PORT\" or \"HOST:PORT\"", kSection, text);
  }
  net::ListenAddress out;
  out.host = text.substr(0, colon);
  out.port = port;
  return out;
}

}  // namespace

Autocert::Autocert(net::Loop& loop, acme::Options options, std::string default_host)
    : loop_(loop),
      certificates_(std::make_shared<acme::Certificates>(std::move(default_host))),
      issuer_(loop, std::move(options), certificates_) {}

Result<std::unique_ptr<Autocert>> Autocert::create(net::Loop& loop, const config::TLSAutocert& config) {
  acme::Options options;
  options.directory_url = config.acme_directory_url;
  options.email = config.email;
  options.hosts = config.host_whitelist;
  options.cache_directory = config.cache_dir;
  options.answers_http = config.http;
  if (!config.acme_ca_pem.empty()) {
    auto pem = config::load_pem(config.acme_ca_pem);
    if (!pem) return fail("{}.acme_ca_pem {}", kSection, pem.error().message);
    options.authority_ca = std::move(*pem);
  }
  std::unique_ptr<Autocert> out(new Autocert(loop, std::move(options), config.server_name));
  if (auto done = out->issuer_.prepare(); !done) return fail("{}.{}", kSection, done.error().message);
  if (config.http) {
    auto address = parse_address(config.http_addr);
    if (!address) return tl::unexpected(address.error());
    auto sockets = net::open_listeners(*address, 1);
    if (!sockets) return fail("{}.http_addr: {}", kSection, sockets.error().message);
    out->sockets_ = std::move(*sockets);
    log::info("answering http-01 challenges", {{"address", address->text()}});
  }
  return out;
}

void Autocert::start() {
  if (!sockets_.empty()) {
    http::Router router;
    acme::mount_challenges(router, [this](std::string_view token) { return issuer_.answer(token); });
    http_ = std::make_unique<http::Server>(loop_, std::move(router));
    acceptor_ =
        std::make_unique<net::Acceptor>(loop_, std::move(sockets_.front()),
                                        [this](net::StreamPtr stream) { http_->accept(std::move(stream)); });
    sockets_.clear();
  }
  issuer_.start();
}

}  // namespace whirl::app
