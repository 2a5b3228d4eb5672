#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// What an ACME server (RFC 8555) says, as far as it matters here. Pure: JSON in, values out.
namespace whirl::acme {

/// Where requests go.
struct Directory {
  std::string new_nonce;
  std::string new_account;
  std::string new_order;
};

struct Order {
  std::string status;
  std::vector<std::string> authorizations;  ///< URLs
  std::string finalize;                     ///< URL
  std::string certificate;                  ///< URL, once it is issued
  std::string problem;                      ///< why it is invalid
};

struct Challenge {
  std::string type;  ///< "http-01", "tls-alpn-01", or what we cannot do
  std::string url;
  std::string token;
  std::string problem;  ///< why it failed
};

struct Authorization {
  std::string status;
  std::vector<Challenge> challenges;
};

/// They fail on what is not JSON, and where something is missing that must be there. URLs and tokens have
/// been checked to hold nothing that a header or a path could not.
Result<Directory> parse_directory(std::string_view json);
Result<Order> parse_order(std::string_view json);
Result<Authorization> parse_authorization(std::string_view json);

/// An error document (RFC 7807).
struct Problem {
  std::string type;  ///< "badNonce", "rateLimited" …, without its prefix
  std::string detail;
  std::string text() const;
};
/// Empty members if it is none.
Problem parse_problem(std::string_view json);

}  // namespace whirl::acme
