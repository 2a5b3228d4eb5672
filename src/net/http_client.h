#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/function.h"
#include "net/loop.h"
#include "net/tls_options.h"

namespace whirl::net {

struct HttpRequest {
  std::string method = "GET";
  std::string url{};
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  std::int64_t timeout_ms = 10'000;  // for the whole exchange
  std::size_t max_body = 64 << 20;   // a longer answer is an error
  TlsClientOptions tls{};
};

struct HttpResponse {
  int status = 0;                                            // 0 if there was no answer
  std::string error;                                         // why there was no (whole) answer
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  bool answered() const { return error.empty(); }
};

/// Outgoing HTTP/1.1 and HTTP/2 requests of one loop; connections are kept and reused. Destroying it drops
/// the requests under way, their callbacks are not called.
class HttpClient {
 public:
  using Callback = UniqueFunction<void(HttpResponse)>;
  using RequestId = std::uint64_t;

  explicit HttpClient(Loop& loop);
  ~HttpClient();

  /// The callback runs later, on the loop, exactly once unless the request is cancelled.
  RequestId send(HttpRequest request, Callback callback);
  RequestId get(std::string url, Callback callback);
  void cancel(RequestId id);
  std::size_t in_flight() const;

 private:
  class Multi;
  std::unique_ptr<Multi> multi_;
};

}  // namespace whirl::net
