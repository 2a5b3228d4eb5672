#include "broker/memory/result_cache.h"

namespace whirl::broker {

std::string ResultCache::full_key(std::string_view channel, std::string_view key) {
  std::string out;
  out.reserve(channel.size() + 1 + key.size());
  return out.append(channel).append(1, '\0').append(key);
}

std::optional<StreamPosition> ResultCache::find(std::string_view channel, std::string_view key) const {
  auto at = saved_.find(full_key(channel, key));
  if (at == saved_.end() || at->second->deadline_ms() <= loop_.now_ms()) return std::nullopt;
  return at->second->position;
}

void ResultCache::save(std::string_view channel, std::string_view key, StreamPosition position,
                       std::int64_t ttl_ms) {
  auto saved = std::make_unique<Saved>(*this, full_key(channel, key), std::move(position));
  loop_.arm(*saved, ttl_ms);
  saved_.erase(saved->key);
  std::string_view name = saved->key;
  saved_.emplace(name, std::move(saved));
}

}  // namespace whirl::broker
