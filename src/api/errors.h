#pragma once
#include <array>

#include "api/messages.h"

/// Everything that a caller of the server API is told when a call fails.
namespace whirl::api::errors {

inline constexpr Error internal{100, "internal server error"};
inline constexpr Error unknown_channel{102, "unknown channel"};
inline constexpr Error not_found{104, "not found"};
inline constexpr Error bad_request{107, "bad request"};
inline constexpr Error not_available{108, "not available"};
inline constexpr Error unrecoverable_position{112, "unrecoverable position"};

/// The HTTP status of an error in "transport" error mode.
struct HttpStatus {
  std::uint32_t code;
  int status;
};
inline constexpr std::array kHttpStatuses = {
    HttpStatus{internal.code, 500},      HttpStatus{unknown_channel.code, 404},
    HttpStatus{not_found.code, 404},     HttpStatus{bad_request.code, 400},
    HttpStatus{not_available.code, 400}, HttpStatus{unrecoverable_position.code, 416},
};
constexpr int http_status(const Error& error) {
  for (const HttpStatus& row : kHttpStatuses) {
    if (row.code == error.code) return row.status;
  }
  return 500;
}

}  // namespace whirl::api::errors
