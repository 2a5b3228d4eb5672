#include "net/ticket_keys.h"

#include <cstring>

#include "base/ids.h"

namespace whirl::net {
namespace {

TicketKey make_key() {
  TicketKey key;
  random_bytes(&key, sizeof key);
  return key;
}

bool is_named(const TicketKey& key, const unsigned char* name) {
  return std::memcmp(key.name, name, sizeof key.name) == 0;
}

}  // namespace

TicketKeys::TicketKeys(const Clock& clock)
    : clock_(clock), newest_(make_key()), rotated_ms_(clock.monotonic_ms()) {}

void TicketKeys::rotate() {
  const std::int64_t age = clock_.monotonic_ms() - rotated_ms_;
  if (age < kRotateMs) return;
  before_.reset();
  if (age < 2 * kRotateMs) before_ = newest_;
  newest_ = make_key();
  rotated_ms_ = clock_.monotonic_ms();
}

TicketKey TicketKeys::sealing() {
  std::lock_guard lock(mutex_);
  rotate();
  return newest_;
}

std::optional<TicketKeys::Opening> TicketKeys::opening(const unsigned char* name) {
  std::lock_guard lock(mutex_);
  rotate();
  if (is_named(newest_, name)) return Opening{newest_, false};
  if (before_ && is_named(*before_, name)) return Opening{*before_, true};
  return std::nullopt;
}

}  // namespace whirl::net
