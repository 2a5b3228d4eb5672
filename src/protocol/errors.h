#pragma once
#include <cstdint>
#include <span>

#include "protocol/messages.h"

/// Everything that a client is told when something does not go as it asked. A reply may point at these
/// objects.
namespace whirl::protocol {

/// Errors in replies; the connection goes on. Temporary ones may be tried again.
namespace errors {
inline constexpr Error internal{100, "internal server error", true};
inline constexpr Error unauthorized{101, "unauthorized"};
inline constexpr Error unknown_channel{102, "unknown channel"};
inline constexpr Error permission_denied{103, "permission denied"};
inline constexpr Error method_not_found{104, "method not found"};
inline constexpr Error already_subscribed{105, "already subscribed"};
inline constexpr Error limit_exceeded{106, "limit exceeded"};
inline constexpr Error bad_request{107, "bad request"};
inline constexpr Error not_available{108, "not available"};
inline constexpr Error token_expired{109, "token expired"};
inline constexpr Error expired{110, "expired"};
inline constexpr Error too_many_requests{111, "too many requests", true};
inline constexpr Error unrecoverable_position{112, "unrecoverable position"};
inline constexpr Error concurrent_pagination{113, "concurrent pagination", true};
}  // namespace errors

/// Ends of a connection; code and reason go into the close frame or a disconnect push.
namespace disconnects {
inline constexpr Disconnect connection_closed{3000, "connection closed"};
inline constexpr Disconnect shutdown{3001, "shutdown"};
inline constexpr Disconnect server_error{3004, "internal server error"};
inline constexpr Disconnect expired{3005, "connection expired"};
inline constexpr Disconnect subscription_expired{3006, "subscription expired"};
inline constexpr Disconnect slow{3008, "slow"};
inline constexpr Disconnect write_error{3009, "write error"};
inline constexpr Disconnect insufficient_state{3010, "insufficient state"};
inline constexpr Disconnect force_reconnect{3011, "force reconnect"};
inline constexpr Disconnect no_pong{3012, "no pong"};
inline constexpr Disconnect too_many_requests{3013, "too many requests"};
inline constexpr Disconnect state_invalidated{3014, "state invalidated"};
inline constexpr Disconnect invalid_token{3500, "invalid token"};
inline constexpr Disconnect bad_request{3501, "bad request"};
inline constexpr Disconnect stale{3502, "stale"};
inline constexpr Disconnect force_disconnect{3503, "force disconnect"};
inline constexpr Disconnect connection_limit{3504, "connection limit"};
inline constexpr Disconnect channel_limit{3505, "channel limit"};
inline constexpr Disconnect inappropriate_protocol{3506, "inappropriate protocol"};
inline constexpr Disconnect permission_denied{3507, "permission denied"};
inline constexpr Disconnect not_available{3508, "not available"};
inline constexpr Disconnect too_many_errors{3509, "too many errors"};
}  // namespace disconnects

/// Ends of a subscription that the client did not ask for. From 2500 on a client subscribes again by itself.
namespace unsubscribes {
inline constexpr Unsubscribe server{2000, "server unsubscribe"};
inline constexpr Unsubscribe insufficient_state{2500, "insufficient state"};
inline constexpr Unsubscribe expired{2501, "subscription expired"};
inline constexpr Unsubscribe state_invalidated{2502, "state invalidated"};
}  // namespace unsubscribes

/// All of the above, by code.
std::span<const Error* const> all_errors();
std::span<const Disconnect* const> all_disconnects();
std::span<const Unsubscribe* const> all_unsubscribes();

/// The row with this code, or null.
const Error* find_error(std::uint32_t code);
const Disconnect* find_disconnect(std::uint32_t code);

/// Whether a client that was disconnected with `code` comes back by itself; false for 3500–3999 and
/// 4500–4999.
constexpr bool reconnects(std::uint32_t code) {
  return !((code >= 3500 && code < 4000) || (code >= 4500 && code < 5000));
}

}  // namespace whirl::protocol
