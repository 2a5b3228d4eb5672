#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "acme/account_key.h"
#include "acme/cache.h"
#include "acme/certificates.h"
#include "acme/issuance.h"
#include "base/result.h"
#include "net/http_client.h"
#include "net/loop.h"

namespace whirl::acme {

struct Options {
  std::string directory_url;
  std::string authority_ca{};  ///< PEM; empty: the system's
  std::string email{};
  std::vector<std::string> hosts{};  ///< empty: whatever clients ask for, up to Issuer::kMaxHosts
  std::string cache_directory{};
  bool answers_http = false;  ///< http-01 is possible: the caller serves the answers
};

/// Gets certificates from an ACME authority, one at a time, and renews them; keeps trying with growing
/// pauses. Owned by the app, on one loop. Handshakes take what there is from the Certificates.
class Issuer {
 public:
  static constexpr std::size_t kMaxHosts = 200;
  static constexpr std::int64_t kLongestMs = 5 * 60 * 1000;  ///< for one certificate

  Issuer(net::Loop& loop, Options options, std::shared_ptr<Certificates> certificates);
  ~Issuer();

  /// Before the loop runs: reads the cache. Fails on hosts that cannot be certified and on a cache that
  /// cannot be used.
  Result<> prepare();
  /// Begins to get what is missing.
  void start();
  /// What proves the token of an http-01 challenge; empty if it is none that is under way.
  std::string answer(std::string_view token) const;

 private:
  struct Host {
    Host(Issuer& issuer, const std::string& name) : timer([&issuer, name] { issuer.enqueue(name); }) {}
    net::TlsCertificatePtr certificate;
    int failures = 0;
    bool queued = false;
    net::CallbackTimer timer;  // until it is asked for
  };

  void want(const std::string& host);
  Host& add(const std::string& host);
  void plan(const std::string& host, std::int64_t least_ms);
  void enqueue(const std::string& host);
  void begin_next();
  void act(Step step);
  void prove(const Step& step);
  void succeed(const std::string& chain);
  void give_up(const std::string& why);
  void end_issuance();
  std::vector<std::string> challenge_types(int failures) const;

  net::Loop& loop_;
  const Options options_;
  const Cache cache_;
  const std::shared_ptr<Certificates> certificates_;
  net::HttpClient client_;
  std::optional<AccountKey> account_;
  std::map<std::string, Host> hosts_;
  std::deque<std::string> queue_;

  // Of the issuance under way.
  std::unique_ptr<Issuance> issuance_;
  net::HttpClient::RequestId request_ = 0;
  std::string host_;
  std::string key_pem_;
  std::string token_;
  std::string answer_;
  net::CallbackTimer wait_timer_;
  net::CallbackTimer deadline_;
};

}  // namespace whirl::acme
