#pragma once
#include <utility>

#include "broker/types.h"
#include "driver/redis/client.h"

namespace whirl::broker::redis {

/// Hands `done` what `read` makes of the answer, or the error.
template <class T, class Read>
driver::redis::Reply reading(Done<T> done, Read read) {
  return [done = std::move(done), read = std::move(read)](Result<driver::redis::Value> value) mutable {
    if (!value) return done(tl::unexpected(std::move(value.error())));
    done(read(*value));
  };
}

/// For commands whose answer says no more than that they are done.
inline driver::redis::Reply without_value(Done<> done) {
  return reading(std::move(done), [](const driver::redis::Value&) { return Result<>(); });
}

}  // namespace whirl::broker::redis
