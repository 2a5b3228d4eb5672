#include "http/h3/connection_id.h"

#include <algorithm>

#include "base/ids.h"

namespace whirl::http::h3 {

ConnectionId::ConnectionId(std::span<const std::uint8_t> bytes)
    : size_(static_cast<std::uint8_t>(std::min(bytes.size(), kMaxSize))) {
  std::copy_n(bytes.begin(), size_, bytes_.begin());
}

ConnectionId ConnectionId::make(int loop) {
  ConnectionId out;
  out.size_ = kSize;
  random_bytes(out.bytes_.data(), kSize);
  out.bytes_[0] = static_cast<std::uint8_t>(loop >> 8);
  out.bytes_[1] = static_cast<std::uint8_t>(loop);
  return out;
}

std::optional<int> ConnectionId::loop() const {
  if (size_ != kSize) return std::nullopt;
  return bytes_[0] << 8 | bytes_[1];
}

ConnectionIdHash::ConnectionIdHash() {
  random_bytes(&seed_, sizeof seed_);
}

std::size_t ConnectionIdHash::operator()(const ConnectionId& id) const noexcept {
  std::uint64_t hash = seed_ ^ id.size();
  for (std::size_t at = 0; at < id.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, id.data() + at, std::min(sizeof word, id.size() - at));
    hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
    hash ^= hash >> 29;
  }
  return hash;
}

}  // namespace whirl::http::h3
