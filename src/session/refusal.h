#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

#include "protocol/errors.h"

namespace whirl::session {

/// Why a request is not granted, as its client sees it: an error in the reply, or the end of the connection.
/// `why` is for the log and for developers, never for the wire in production.
struct Refusal {
  std::uint32_t code = 0;
  std::string text;
  bool temporary = false;
  bool ends_connection = false;
  std::string why;

  static Refusal error(const protocol::Error& error, std::string why = {}) {
    return {error.code, std::string(error.message), error.temporary, false, std::move(why)};
  }
  static Refusal disconnect(const protocol::Disconnect& disconnect, std::string why = {}) {
    return {disconnect.code, std::string(disconnect.reason), false, true, std::move(why)};
  }
};

template <class T>
using Answer = tl::expected<T, Refusal>;

inline tl::unexpected<Refusal> refuse(const protocol::Error& error, std::string why = {}) {
  return tl::unexpected<Refusal>(Refusal::error(error, std::move(why)));
}
inline tl::unexpected<Refusal> refuse(const protocol::Disconnect& disconnect, std::string why = {}) {
  return tl::unexpected<Refusal>(Refusal::disconnect(disconnect, std::move(why)));
}

}  // namespace whirl::session
