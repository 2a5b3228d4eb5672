#include "http/response.h"

#include <fmt/format.h>

#include <array>
#include <ctime>
#include <iterator>

namespace whirl::http {
namespace {

struct Status {
  int code;
  std::string_view text;
};

constexpr std::array kStatuses = {
    Status{100, "Continue"},
    Status{101, "Switching Protocols"},
    Status{200, "OK"},
    Status{201, "Created"},
    Status{202, "Accepted"},
    Status{204, "No Content"},
    Status{301, "Moved Permanently"},
    Status{302, "Found"},
    Status{304, "Not Modified"},
    Status{307, "Temporary Redirect"},
    Status{308, "Permanent Redirect"},
    Status{400, "Bad Request"},
    Status{401, "Unauthorized"},
    Status{403, "Forbidden"},
    Status{404, "Not Found"},
    Status{405, "Method Not Allowed"},
    Status{406, "Not Acceptable"},
    Status{408, "Request Timeout"},
    Status{409, "Conflict"},
    Status{410, "Gone"},
    Status{411, "Length Required"},
    Status{413, "Request Entity Too Large"},
    Status{415, "Unsupported Media Type"},
    Status{417, "Expectation Failed"},
    Status{422, "Unprocessable Entity"},
    Status{429, "Too Many Requests"},
    Status{431, "Request Header Fields Too Large"},
    Status{500, "Internal Server Error"},
    Status{501, "Not Implemented"},
    Status{502, "Bad Gateway"},
    Status{503, "Service Unavailable"},
    Status{504, "Gateway Timeout"},
    Status{505, "HTTP Version Not Supported"},
};

bool has_no_body(int status) {
  return status < 200 || status == 204 || status == 304;
}

}  // namespace

std::string_view status_text(int status) {
  for (const Status& known : kStatuses) {
    if (known.code == status) return known.text;
  }
  return "Unknown";
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  for (char c : value) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  out += "\r\n";
}

void append_head(std::string& out, const ResponseHead& head) {
  fmt::format_to(std::back_inserter(out), "HTTP/1.{} {} {}\r\n", head.minor_version, head.status,
                 status_text(head.status));
  if (!head.content_type.empty()) append_header(out, "Content-Type", head.content_type);
  out += head.extra;
  if (!head.date.empty()) append_header(out, "Date", head.date);
  if (head.content_length && !has_no_body(head.status)) {
    fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", *head.content_length);
  } else if (!head.content_length && head.minor_version == 1) {
    out += "Transfer-Encoding: chunked\r\n";
  }
  if (!head.keep_alive) {
    if (head.status != 101) out += "Connection: close\r\n";
  } else if (head.minor_version == 0) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
}

std::string http_date(std::int64_t unix_seconds) {
  static constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::time_t time = unix_seconds;
  std::tm utc{};
  ::gmtime_r(&time, &utc);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays[static_cast<std::size_t>(utc.tm_wday)],
                     utc.tm_mday, kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900,
                     utc.tm_hour, utc.tm_min, utc.tm_sec);
}

std::string chunk_head(std::size_t size) {
  return fmt::format("{:x}\r\n", size);
}

}  // namespace whirl::http
