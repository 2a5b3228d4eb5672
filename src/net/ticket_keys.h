#pragma once
#include <cstdint>
#include <mutex>
#include <optional>

#include "base/clock.h"

namespace whirl::net {

/// One key that seals session tickets.
struct TicketKey {
  unsigned char name[16];
  unsigned char cipher[32];
  unsigned char mac[32];
};

/// The keys of the tickets with which clients resume TLS sessions: a ticket that one loop gave is good on all
/// of them, and still good when certificates were reloaded. Every kRotateMs a new key seals; the one before
/// opens for as long again, and is then forgotten together with what it could decrypt. From any thread.
class TicketKeys {
 public:
  static constexpr std::int64_t kRotateMs = 12 * 3600 * 1000;

  explicit TicketKeys(const Clock& clock = system_clock());

  /// What seals now.
  TicketKey sealing();
  struct Opening {
    TicketKey key;
    bool outdated;  ///< the client should get a new ticket
  };
  /// What opens tickets that carry the name; nothing if it is unknown or forgotten.
  std::optional<Opening> opening(const unsigned char* name);

 private:
  void rotate();

  const Clock& clock_;
  std::mutex mutex_;
  TicketKey newest_;
  std::optional<TicketKey> before_;
  std::int64_t rotated_ms_;
};

}  // namespace whirl::net
