#include "driver/nats/library.h"

#include <algorithm>
#include <charconv>

#include "base/log.h"

namespace whirl::driver::nats {
namespace {

constexpr std::int64_t kReconnectWaitMs = 250;
constexpr std::int64_t kReconnectJitterMs = 100;
// A connection whose peer is gone without a word is given up after about this long, twice.
constexpr std::int64_t kPingIntervalMs = 5000;
constexpr int kMaxPingsOut = 2;
// What is sent while there is no connection fails at once, so almost nothing is kept for later.
constexpr int kReconnectBuffer = 1;

void on_disconnected(natsConnection* connection, void*) {
  if (natsConnection_IsClosed(connection)) return;
  log::warn("the connection to NATS is lost, connecting again");
}
void on_reconnected(natsConnection*, void*) {
  log::info("the connection to NATS is back, with all subscriptions");
}
void on_error(natsConnection* connection, natsSubscription*, natsStatus status, void*) {
  const char* text = nullptr;
  natsConnection_GetLastError(connection, &text);
  log::error("NATS reports an error, check the permissions and limits of this user there",
             {{"status", natsStatus_GetText(status)}, {"error", text ? text : ""}});
}

/// host or host:port, without the user and password
std::string_view host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme != url.npos) url.remove_prefix(scheme + 3);
  if (const std::size_t at = url.rfind('@'); at != url.npos) url.remove_prefix(at + 1);
  return url;
}

bool is_url(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme != url.npos && url.substr(0, scheme) != "nats" && url.substr(0, scheme) != "tls") return false;
  const std::string_view host = host_of(url);
  const std::size_t colon = host.rfind(':');
  if (colon == host.npos || host.ends_with(']')) return !host.empty();
  const std::string_view digits = host.substr(colon + 1);
  unsigned port = 0;
  auto [end, bad] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return colon > 0 && bad == std::errc{} && end == digits.data() + digits.size() && port > 0 && port < 65536;
}

bool asks_for_tls(const Options& options) {
  auto is_tls = [](const std::string& url) { return url.starts_with("tls://"); };
  return options.tls || std::ranges::any_of(options.urls, is_tls);
}

natsStatus set_servers(natsOptions* to, const Options& options) {
  std::vector<const char*> urls;
  for (const std::string& url : options.urls) urls.push_back(url.c_str());
  return natsOptions_SetServers(to, urls.data(), static_cast<int>(urls.size()));
}

natsStatus set_tls(natsOptions* to, const Options& options) {
  if (!asks_for_tls(options)) return NATS_OK;
  const net::TlsClientOptions& tls = options.tls_options;
  natsStatus s = natsOptions_SetSecure(to, true);
  if (s == NATS_OK && !tls.ca.empty()) s = natsOptions_SetCATrustedCertificates(to, tls.ca.c_str());
  if (s == NATS_OK && !tls.certificate.empty()) {
    s = natsOptions_SetCertificatesChain(to, tls.certificate.c_str(), tls.key.c_str());
  }
  if (s == NATS_OK && !tls.server_name.empty()) {
    s = natsOptions_SetExpectedHostname(to, tls.server_name.c_str());
  }
  if (s == NATS_OK && tls.insecure_skip_verify) s = natsOptions_SkipServerVerification(to, true);
  return s;
}

natsStatus set_behaviour(natsOptions* to, const Options& options) {
  natsStatus s = natsOptions_SetTimeout(to, options.dial_timeout_ms);
  if (s == NATS_OK) s = natsOptions_SetWriteDeadline(to, options.write_timeout_ms);
  if (s == NATS_OK) s = natsOptions_SetMaxReconnect(to, -1);
  if (s == NATS_OK) s = natsOptions_SetReconnectWait(to, kReconnectWaitMs);
  if (s == NATS_OK) s = natsOptions_SetReconnectJitter(to, kReconnectJitterMs, kReconnectJitterMs);
  if (s == NATS_OK) s = natsOptions_SetReconnectBufSize(to, kReconnectBuffer);
  if (s == NATS_OK) s = natsOptions_SetPingInterval(to, kPingIntervalMs);
  if (s == NATS_OK) s = natsOptions_SetMaxPingsOut(to, kMaxPingsOut);
  if (s == NATS_OK) s = natsOptions_UseGlobalMessageDelivery(to, true);
  if (s == NATS_OK && !options.name.empty()) s = natsOptions_SetName(to, options.name.c_str());
  return s;
}

natsStatus set_callbacks(natsOptions* to) {
  natsStatus s = natsOptions_SetDisconnectedCB(to, on_disconnected, nullptr);
  if (s == NATS_OK) s = natsOptions_SetReconnectedCB(to, on_reconnected, nullptr);
  if (s == NATS_OK) s = natsOptions_SetErrorHandler(to, on_error, nullptr);
  return s;
}

}  // namespace

std::string reason_of(natsStatus status) {
  natsStatus last = NATS_OK;
  const char* text = nats_GetLastError(&last);
  std::string out = natsStatus_GetText(status);
  if (last == status && text && *text) out += fmt::format(" ({})", text);
  return out;
}

Result<LibraryOptions> library_options(const Options& options) {
  natsOptions* made = nullptr;
  natsStatus s = natsOptions_Create(&made);
  LibraryOptions out(made);
  if (s != NATS_OK) return fail("cannot set up NATS: {}", reason_of(s));
  if (s = set_servers(made, options); s != NATS_OK) {
    return fail("the URL of NATS is not understood: {}", reason_of(s));
  }
  if (s = set_tls(made, options); s != NATS_OK) return fail("cannot set up TLS to NATS: {}", reason_of(s));
  s = set_behaviour(made, options);
  if (s == NATS_OK) s = set_callbacks(made);
  if (s != NATS_OK) return fail("cannot set up NATS: {}", reason_of(s));
  return out;
}

Result<> check_urls(const Options& options) {
  if (options.urls.empty()) return fail("the URL of NATS is empty");
  for (const std::string& url : options.urls) {
    if (!is_url(url)) return fail("\"{}\" is not the URL of a NATS server: nats://host:4222", host_of(url));
  }
  return {};
}

std::string text_of_servers(const Options& options) {
  std::string out;
  for (std::string_view url : options.urls) {
    if (!out.empty()) out += ", ";
    out += host_of(url);
  }
  return out;
}

}  // namespace whirl::driver::nats
