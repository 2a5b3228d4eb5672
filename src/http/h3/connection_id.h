#pragma once
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

namespace whirl::http::h3 {

/// The name by which the packets of a connection find it. Those that we give out are kSize bytes and begin
/// with the index of the loop that the connection lives on; clients choose their first one themselves.
class ConnectionId {
 public:
  static constexpr std::size_t kSize = 16;     ///< of ours
  static constexpr std::size_t kMaxSize = 20;  ///< of all

  ConnectionId() = default;
  /// Longer ones than kMaxSize are cut.
  explicit ConnectionId(std::span<const std::uint8_t> bytes);
  /// A new one that nobody can guess.
  static ConnectionId make(int loop);

  const std::uint8_t* data() const { return bytes_.data(); }
  std::size_t size() const { return size_; }
  /// The loop that is named in it, if it is one of ours (which a client's own may look like by chance).
  std::optional<int> loop() const;
  friend bool operator==(const ConnectionId&, const ConnectionId&) = default;

 private:
  std::array<std::uint8_t, kMaxSize> bytes_{};
  std::uint8_t size_ = 0;
};

/// Clients choose some of the names, so the hash depends on a number that they do not know.
class ConnectionIdHash {
 public:
  ConnectionIdHash();
  std::size_t operator()(const ConnectionId& id) const noexcept;

 private:
  std::uint64_t seed_;
};

}  // namespace whirl::http::h3
