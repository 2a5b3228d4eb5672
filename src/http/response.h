#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace whirl::http {

/// The reason phrase of a status code; "Unknown" for one that HTTP does not define.
std::string_view status_text(int status);

/// What a response's head says. Views are borrowed for the call.
struct ResponseHead {
  int status = 200;
  std::string_view content_type = {};  ///< none if empty
  std::string_view extra = {};         ///< complete header lines, each with its CRLF
  std::string_view date = {};          ///< as http_date() gives it; none if empty
  /// Without a length the body is chunked, or ends with the connection for HTTP/1.0.
  std::optional<std::uint64_t> content_length = std::nullopt;
  int minor_version = 1;  ///< of the request
  bool keep_alive = true;
};

/// Appends status line, headers and the empty line.
void append_head(std::string& out, const ResponseHead& head);

/// Appends one header line; control characters in the value become spaces, so that it can't begin another
/// line.
void append_header(std::string& out, std::string_view name, std::string_view value);

/// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string http_date(std::int64_t unix_seconds);

/// The pieces of a chunked body: head and tail around each piece, and the end of all.
std::string chunk_head(std::size_t size);
inline constexpr std::string_view kChunkTail = "\r\n";
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace whirl::http
