#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace whirl::http::grpc {

/// How a call ended, by the numbers of gRPC.
enum class Code : std::uint8_t {
  ok = 0,
  invalid_argument = 3,
  deadline_exceeded = 4,
  not_found = 5,
  permission_denied = 7,
  resource_exhausted = 8,
  out_of_range = 11,
  unimplemented = 12,
  internal = 13,
  unavailable = 14,
  unauthenticated = 16,
};

struct Status {
  Code code = Code::ok;
  std::string message = {};
  std::string details = {};  ///< a google.rpc.Status in Protobuf; none if empty
};

/// The header lines that end a call.
std::string trailer_lines(const Status& status);

/// The value of a grpc-timeout header in milliseconds, rounded up; none if it is malformed.
std::optional<std::int64_t> parse_timeout(std::string_view text);

}  // namespace whirl::http::grpc
