#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace whirl::http {

struct Header {
  std::string_view name;  ///< as it was sent
  std::string_view value;
};

/// Compares without regard to the case of ASCII letters.
bool equal_fold(std::string_view a, std::string_view b);

/// One request as the parser leaves it. All views point into the connection's bytes (or into `decoded_path`)
/// and end with the call that the request is handed to. In HTTP/2 and HTTP/3 the names of headers are in
/// lower case, and what only HTTP/1 has keeps its default.
struct Request {
  std::string_view method;
  std::string_view path;   ///< percent-decoded
  std::string_view query;  ///< as sent, without the "?"
  std::string_view host;
  std::vector<Header> headers;
  std::string_view body;
  /// What an extended CONNECT asks for (":protocol"), such as "websocket"; empty for ordinary requests. The
  /// stream is open in both directions when such a request is handed over.
  std::string_view protocol;
  int version = 1;         ///< of HTTP: 1, 2 or 3
  int minor_version = 1;   ///< HTTP/1.x
  bool keep_alive = true;  ///< the client would send another request on this connection
  bool expect_continue = false;
  bool chunked = false;
  std::uint64_t content_length = 0;
  std::string decoded_path;  ///< storage for `path` where it had escapes

  /// The first header of that name (in any case), empty if there is none.
  std::string_view header(std::string_view name) const;
  /// True if one of the comma-separated lists under that name has the token (in any case).
  bool header_has_token(std::string_view name, std::string_view token) const;
  /// The first value of a query parameter, decoded; empty if absent or malformed.
  std::string query_value(std::string_view name) const;
  /// "h1", "h2" or "h3"
  std::string_view version_name() const;
  bool has_body() const { return chunked || content_length > 0; }
  void clear();
};

}  // namespace whirl::http
