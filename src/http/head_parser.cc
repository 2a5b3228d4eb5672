#include "http/head_parser.h"

#include <array>
#include <charconv>

#include "http/url.h"

namespace whirl::http {
namespace {

constexpr std::array<bool, 256> kTokenCharacters = [] {
  std::array<bool, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

bool is_token(std::string_view text) {
  for (char c : text) {
    if (!kTokenCharacters[static_cast<unsigned char>(c)]) return false;
  }
  return !text.empty();
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool is_header_value(std::string_view text) {
  for (char c : text) {
    if (is_control(c) && c != '\t') return false;
  }
  return true;
}

bool is_host(std::string_view text) {
  for (char c : text) {
    if (is_control(c) || c == ' ' || c == '/' || c == '?' || c == '#' || c == '@' || c == '\\') return false;
  }
  return true;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Takes the next line without its end; false if no line is left.
bool next_line(std::string_view& rest, std::string_view& line) {
  std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return false;
  line = rest.substr(0, end);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  rest.remove_prefix(end + 1);
  return true;
}

Refusal parse_version(std::string_view text, Request& out) {
  bool known_form = text.size() == 8 && text.starts_with("HTTP/") && text[6] == '.' && text[5] >= '0' &&
                    text[5] <= '9' && text[7] >= '0' && text[7] <= '9';
  if (!known_form) return {400, "malformed HTTP version"};
  if (text[5] != '1' || text[7] > '1') return {505, "unsupported protocol version"};
  out.minor_version = text[7] - '0';
  return {};
}

Refusal parse_request_line(std::string_view line, Request& out) {
  std::size_t first = line.find(' ');
  std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return {400, "malformed request line"};
  out.method = line.substr(0, first);
  std::string_view target = line.substr(first + 1, last - first - 1);
  if (!is_token(out.method)) return {400, "malformed method"};
  if (target.empty() || target.find(' ') != std::string_view::npos) return {400, "malformed request line"};
  if (Refusal refusal = parse_version(line.substr(last + 1), out)) return refusal;
  return parse_target(target, out);
}

Refusal parse_header_line(std::string_view line, Request& out) {
  if (line.front() == ' ' || line.front() == '\t') return {400, "folded header line"};
  std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return {400, "malformed header line"};
  Header header{line.substr(0, colon), trim(line.substr(colon + 1))};
  if (!is_header_value(header.value)) return {400, "malformed header value"};
  out.headers.push_back(header);
  return {};
}

/// What the message headers say about the connection and about the body.
class Framing {
 public:
  Refusal read(Request& out) {
    for (const Header& header : out.headers) {
      if (Refusal refusal = read_one(header, out)) return refusal;
    }
    if (hosts_ == 0 && out.minor_version == 1) return {400, "missing required Host header"};
    if (lengths_ > 0 && codings_ > 0) return {400, "both Content-Length and Transfer-Encoding"};
    if (codings_ > 0 && out.minor_version == 0) return {400, "Transfer-Encoding in HTTP/1.0"};
    out.chunked = codings_ > 0;
    bool asked_to_close = out.header_has_token("Connection", "close");
    bool asked_to_keep = out.header_has_token("Connection", "keep-alive");
    out.keep_alive = !asked_to_close && (out.minor_version == 1 || asked_to_keep);
    return {};
  }

 private:
  Refusal read_one(const Header& header, Request& out) {
    if (equal_fold(header.name, "Host")) {
      if (++hosts_ > 1) return {400, "too many Host headers"};
      if (!is_host(header.value)) return {400, "malformed Host header"};
      out.host = header.value;
    } else if (equal_fold(header.name, "Content-Length")) {
      if (++lengths_ > 1) return {400, "too many Content-Length headers"};
      const char* end = header.value.data() + header.value.size();
      auto [at, error] = std::from_chars(header.value.data(), end, out.content_length);
      if (error != std::errc() || at != end) return {400, "bad Content-Length"};
    } else if (equal_fold(header.name, "Transfer-Encoding")) {
      if (++codings_ > 1) return {400, "too many transfer encodings"};
      if (!equal_fold(header.value, "chunked")) return {501, "unsupported transfer encoding"};
    } else if (equal_fold(header.name, "Expect")) {
      if (!equal_fold(header.value, "100-continue")) return {417, "unknown expectation"};
      out.expect_continue = out.minor_version == 1;
    }
    return {};
  }

  int hosts_ = 0;
  int lengths_ = 0;
  int codings_ = 0;
};

}  // namespace

Refusal parse_target(std::string_view target, Request& out) {
  for (char c : target) {
    if (is_control(c)) return {400, "malformed request target"};
  }
  if (!target.starts_with('/') && target != "*") {
    // The absolute form, which proxies send; only its path matters here.
    std::size_t scheme = target.find("://");
    if (scheme == std::string_view::npos || scheme == 0) return {400, "malformed request target"};
    target.remove_prefix(scheme + 3);
    std::size_t end = target.find_first_of("/?");
    target = end == std::string_view::npos ? "/" : target.substr(end);
  }
  std::size_t question = target.find('?');
  out.path = target.substr(0, question);
  out.query = question == std::string_view::npos ? "" : target.substr(question + 1);
  if (out.path.empty()) out.path = "/";
  if (out.path.find('%') != std::string_view::npos) {
    if (!percent_decode(out.path, false, out.decoded_path))
      return {400, "invalid escape in the request target"};
    out.path = out.decoded_path;
  }
  return {};
}

std::size_t HeadScanner::find_end(std::string_view bytes) {
  for (;;) {
    std::size_t end = bytes.find('\n', scanned_);
    if (end == std::string_view::npos) {
      scanned_ = bytes.size();
      return 0;
    }
    std::string_view line = bytes.substr(line_start_, end - line_start_);
    bool empty = line.empty() || line == "\r";
    line_start_ = scanned_ = end + 1;
    // Some clients leave empty lines after a body, before the next request line.
    if (empty && started_) return end + 1;
    started_ = !empty;
  }
}

Refusal parse_head(std::string_view head, const HeadLimits& limits, Request& out) {
  out.clear();
  if (head.size() > limits.bytes) return {431, "request head is too large"};
  std::string_view line;
  do {
    if (!next_line(head, line)) return {400, "malformed request"};
  } while (line.empty());
  if (Refusal refusal = parse_request_line(line, out)) return refusal;
  while (next_line(head, line) && !line.empty()) {
    if (out.headers.size() == limits.headers) return {431, "too many headers"};
    if (Refusal refusal = parse_header_line(line, out)) return refusal;
  }
  return Framing().read(out);
}

}  // namespace whirl::http
