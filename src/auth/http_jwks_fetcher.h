#pragma once
#include <string>

#include "auth/jwks.h"
#include "net/http_client.h"

namespace whirl::auth {

/// Fetches key sets with a loop's HTTP client, which outlives it. An answer later than a second, longer than
/// a megabyte or of another status than 200 is a failure.
class HttpJwksFetcher final : public JwksFetcher {
 public:
  static constexpr std::int64_t kTimeoutMs = 1000;
  static constexpr std::size_t kMaxBody = 1 << 20;

  explicit HttpJwksFetcher(net::HttpClient& client) : client_(client) {}

  void fetch(const std::string& url, UniqueFunction<void(Result<std::string>)> done) override;

 private:
  net::HttpClient& client_;
};

}  // namespace whirl::auth
