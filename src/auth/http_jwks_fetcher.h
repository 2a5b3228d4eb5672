#pragma once
#include <string>
#include <utility>

#include "auth/jwks.h"
#include "net/http_client.h"
#include "net/loop.h"

namespace whirl::auth {

/// Fetches key sets with a loop's HTTP client; both outlive it. An answer later than a second, longer than
/// a megabyte or of another status than 200 is a failure.
class HttpJwksFetcher final : public JwksFetcher {
 public:
  static constexpr std::int64_t kTimeoutMs = 1000;
  static constexpr std::size_t kMaxBody = 1 << 20;

  HttpJwksFetcher(net::Loop& loop, net::HttpClient& client) : loop_(loop), client_(client) {}

  void fetch(const std::string& url, UniqueFunction<void(Result<std::string>)> done) override;
  void later(UniqueFunction<void()> task) override { loop_.post(std::move(task)); }

 private:
  net::Loop& loop_;
  net::HttpClient& client_;
};

}  // namespace whirl::auth
