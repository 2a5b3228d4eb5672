#include "broker/nats/subjects.h"

#include <algorithm>

namespace whirl::broker {

NatsSubjects::NatsSubjects(std::string_view prefix)
    : prefix_(prefix), channel_prefix_(prefix_ + ".client.") {}

NatsSubjects::NatsSubjects(std::string_view prefix, const Raw& raw)
    : prefix_(prefix), channel_prefix_(raw.prefix) {
  for (const auto& [from, to] : raw.replacements) {
    if (!from.empty()) replacements_.emplace_back(from, to);
  }
  std::ranges::stable_sort(replacements_,
                           [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

std::string NatsSubjects::of_channel(std::string_view channel) const {
  std::string out = channel_prefix_;
  while (!channel.empty()) {
    auto fits = [&](const auto& replacement) { return channel.starts_with(replacement.first); };
    auto at = std::ranges::find_if(replacements_, fits);
    const std::size_t taken = at == replacements_.end() ? 1 : at->first.size();
    out += at == replacements_.end() ? channel.substr(0, 1) : std::string_view(at->second);
    channel.remove_prefix(taken);
  }
  return out;
}

std::string_view NatsSubjects::channel_of(std::string_view subject) const {
  if (subject.starts_with(channel_prefix_)) subject.remove_prefix(channel_prefix_.size());
  return subject;
}

}  // namespace whirl::broker
