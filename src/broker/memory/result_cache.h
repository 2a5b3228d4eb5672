#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/string_hash.h"
#include "broker/types.h"
#include "net/loop.h"

namespace whirl::broker {

/// The results of publishes with an idempotency key, for as long as each asked for: a repeat gets the first
/// one's result.
class ResultCache {
 public:
  explicit ResultCache(net::Loop& loop) : loop_(loop) {}

  std::optional<StreamPosition> find(std::string_view channel, std::string_view key) const;
  void save(std::string_view channel, std::string_view key, StreamPosition position, std::int64_t ttl_ms);
  std::size_t size() const { return saved_.size(); }

 private:
  struct Saved final : net::Timer {
    Saved(ResultCache& owner, std::string name, StreamPosition at)
        : cache(owner), key(std::move(name)), position(std::move(at)) {}
    void on_timer() override { cache.saved_.erase(key); }
    ResultCache& cache;
    std::string key;
    StreamPosition position;
  };
  static std::string full_key(std::string_view channel, std::string_view key);

  net::Loop& loop_;
  std::unordered_map<std::string_view, std::unique_ptr<Saved>, StringHash, std::equal_to<>> saved_;
};

}  // namespace whirl::broker
