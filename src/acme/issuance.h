#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "acme/account_key.h"
#include "acme/messages.h"
#include "net/http_client.h"

namespace whirl::acme {

/// What a certificate is asked for with.
struct Wish {
  std::string host;
  std::string directory_url;
  std::string email{};                    ///< may be empty
  std::vector<std::string> challenges{};  ///< types that we can do, the preferred one first
  std::string request{};                  ///< DER
};

/// What the issuance wants to be done next.
struct Step {
  enum class Kind : std::uint8_t {
    send,    ///< the request; then on_response()
    wait,    ///< wait_ms; then on_waited()
    prove,   ///< make the challenge of `type` answer with `text` for `token`; then on_proof()
    done,    ///< `text` is the certificate with its chain, PEM
    failed,  ///< `text` says why
  };
  Kind kind;
  net::HttpRequest request{};
  std::int64_t wait_ms = 0;
  std::string type{};
  std::string token{};
  std::string text{};
};

/// One certificate from an ACME authority (RFC 8555), step by step: account, order, proof, certificate. Pure:
/// whoever drives it does what the steps say and gives the time a bound. Deals with lost nonces itself.
class Issuance {
 public:
  Issuance(Wish wish, AccountKey key);

  Step start();
  Step on_response(const net::HttpResponse& response);
  Step on_waited();
  Step on_proof();

  static constexpr int kMaxNonceFailures = 5;
  static constexpr std::int64_t kFirstWaitMs = 500;
  static constexpr std::int64_t kLongestWaitMs = 30'000;

 private:
  using Handler = Step (Issuance::*)(const net::HttpResponse&);

  Step get(const std::string& url, Handler then, std::string method = "GET");
  Step post(const std::string& url, std::string payload, Handler then);
  Step sign_and_send();
  Step wait(const net::HttpResponse& response);
  static Step failed(std::string why);

  Step on_directory(const net::HttpResponse& response);
  Step on_nonce(const net::HttpResponse& response);
  Step on_account(const net::HttpResponse& response);
  Step on_order(const net::HttpResponse& response);
  Step on_authorization(const net::HttpResponse& response);
  Step on_challenge_begun(const net::HttpResponse& response);
  Step on_certificate(const net::HttpResponse& response);
  Step begin_account();
  Step next_authorization();
  Step follow(const Order& order, const net::HttpResponse& response);

  const Wish wish_;
  const AccountKey key_;
  Directory directory_;
  std::string nonce_;
  std::string account_;
  std::string order_url_;
  Order order_;
  std::size_t authorization_ = 0;  // the one that is under way
  std::string challenge_url_;      // of the proof that was begun; empty: none for this authorization
  bool finalized_ = false;

  std::string url_;  // of the request under way
  std::string payload_;
  Handler then_ = nullptr;
  int nonce_failures_ = 0;
  std::int64_t next_wait_ms_ = kFirstWaitMs;
};

}  // namespace whirl::acme
