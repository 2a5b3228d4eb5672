#pragma once
#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "channel/subscribe_options.h"

namespace whirl::auth {

/// Why a token is not accepted. What a client sees of it depends on what the token was shown for.
enum class Failure : std::uint8_t {
  expired,      ///< exp has passed or nbf not yet come; the signature is good
  invalid,      ///< malformed, badly signed, or not what the configuration asks for
  internal,     ///< good, but something in it can't be used (a malformed b64info)
  unavailable,  ///< nobody knows: the keys could not be fetched
};

struct TokenError {
  Failure failure;
  std::string reason;  ///< for the log
};

/// One server-side subscription that a connection token asks for.
struct TokenSubscription {
  std::string channel;
  std::string info;  ///< JSON or bytes, empty = none
  std::string data;
  channel::SubscribeOverride override;
};

/// What a verified connection token says.
struct ConnectToken {
  std::string user;                     ///< empty: anonymous
  std::int64_t expire_at = 0;           ///< when the connection expires, Unix seconds; 0 = never
  std::string info;                     ///< JSON or bytes, empty = none
  std::string meta;                     ///< JSON, empty = none
  std::vector<TokenSubscription> subs;  ///< each channel once
};

/// What a verified subscription token says.
struct SubscribeToken {
  std::string user;
  std::string channel;
  std::string client;  ///< if not empty, only this client may use the token
  std::int64_t expire_at = 0;
  std::string info;
  std::string data;
  channel::SubscribeOverride override;
};

using ConnectVerdict = tl::expected<ConnectToken, TokenError>;
using SubscribeVerdict = tl::expected<SubscribeToken, TokenError>;

}  // namespace whirl::auth
