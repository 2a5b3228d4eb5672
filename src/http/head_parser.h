#pragma once
#include <cstddef>
#include <string_view>

#include "http/request.h"

namespace whirl::http {

struct HeadLimits {
  std::size_t bytes = 64 * 1024;  ///< request line and headers together
  std::size_t headers = 200;
};

/// What is wrong with a request: the status to answer with and a reason for a person. Status 0: nothing.
struct Refusal {
  int status = 0;
  std::string_view reason;
  explicit operator bool() const { return status != 0; }
};

/// Finds the end of a request's head in bytes that grow: each call looks only at what is new.
class HeadScanner {
 public:
  /// The size of the head with its closing empty line; 0 if the end has not come yet.
  std::size_t find_end(std::string_view bytes);

 private:
  std::size_t line_start_ = 0;  // of the line that has no end yet
  std::size_t scanned_ = 0;
  bool started_ = false;  // a line with something in it has ended
};

/// Reads what a request asks for into path and query. Refused: control characters, broken escapes in the
/// path.
Refusal parse_target(std::string_view target, Request& out);

/// Reads a complete head (as HeadScanner delimits it) of HTTP/1.0 or 1.1. `out` is overwritten; its views
/// point into `head`. Lines may end in LF alone. Refused: folded lines, unknown versions (505, HTTP/2
/// prefaces among them), more than one Host or Content-Length, Content-Length together with
/// Transfer-Encoding, codings other than chunked (501), control characters, broken escapes in the path,
/// expectations other than 100-continue (417).
Refusal parse_head(std::string_view head, const HeadLimits& limits, Request& out);

}  // namespace whirl::http
