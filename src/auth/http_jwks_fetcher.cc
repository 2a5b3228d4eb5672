#include "auth/http_jwks_fetcher.h"

#include <utility>

namespace whirl::auth {

void HttpJwksFetcher::fetch(const std::string& url, UniqueFunction<void(Result<std::string>)> done) {
  net::HttpRequest request;
  request.url = url;
  request.timeout_ms = kTimeoutMs;
  request.max_body = kMaxBody;
  client_.send(std::move(request), [done = std::move(done)](net::HttpResponse response) mutable {
    if (!response.answered()) return done(fail("no answer: {}", response.error));
    if (response.status != 200) return done(fail("unexpected status code {}", response.status));
    done(std::move(response.body));
  });
}

}  // namespace whirl::auth
