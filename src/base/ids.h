#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace whirl {

/// Fills from the kernel's random source through a buffer of the thread; safe for secrets.
void random_bytes(void* out, std::size_t size);

/// A version 4 UUID kept as 16 bytes: clients, sessions and nodes are named by these.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  static Uuid random();
  /// 36 characters, lower case.
  std::string text() const;
  /// Accepts the 36-character form in either case; false for anything else.
  static bool parse(std::string_view text, Uuid& out);
  friend bool operator==(const Uuid&, const Uuid&) = default;
};

struct UuidHash {
  std::size_t operator()(const Uuid& id) const noexcept;
};

/// `size` characters of A-Z, a-z and 0-9 from random_bytes, for epochs and generated keys.
std::string random_text(std::size_t size);

}  // namespace whirl
