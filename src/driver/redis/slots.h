#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "driver/redis/resp.h"
#include "net/connector.h"

namespace whirl::driver::redis {

inline constexpr int kSlots = 16384;

/// The slot of a key in a Cluster: CRC16 of what is between its first braces, or of the whole.
int slot_of(std::string_view key);

/// Which shard of `count` a channel is on: jump consistent hash of FNV-1a, as Centrifugo has it.
int consistent_index(std::string_view channel, int count);

/// Who serves which slots.
struct SlotTable {
  struct Server {
    net::ConnectAddress master{};
    std::vector<net::ConnectAddress> replicas{};
  };
  static constexpr std::uint16_t kNobody = 0xFFFF;

  std::vector<Server> servers{};
  std::array<std::uint16_t, kSlots> slots{};  ///< indices of servers

  const Server* server_of(int slot) const;
};

/// Reads the answer to CLUSTER SLOTS of the node at `asked`, whose address stands in for a missing one.
Result<SlotTable> read_slots(const Value& answer, const net::ConnectAddress& asked);

/// A redirection, "MOVED 3999 127.0.0.1:6381" or "ASK …".
struct Redirection {
  bool ask = false;
  int slot = 0;
  net::ConnectAddress to{};
};
/// False if the error is something else. A missing host means the one that answered.
bool read_redirection(std::string_view error, const net::ConnectAddress& asked, Redirection& out);

}  // namespace whirl::driver::redis
