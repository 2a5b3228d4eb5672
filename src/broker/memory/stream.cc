#include "broker/memory/stream.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "base/ids.h"

namespace whirl::broker {
namespace {

constexpr std::size_t kEpochSize = 8;
constexpr std::size_t kReclaimFrom = 16;

std::size_t bounded(std::size_t available, int limit) {
  return limit < 0 ? available : std::min(available, static_cast<std::size_t>(limit));
}

}  // namespace

Stream::Stream() : epoch_(random_text(kEpochSize)) {}

bool Stream::is_old(std::uint64_t version, std::string_view version_epoch) const {
  if (version == 0) return false;
  return (version_epoch.empty() || version_epoch == version_epoch_) && version <= version_;
}

void Stream::add(PublicationPtr publication, std::size_t size, std::uint64_t version,
                 std::string version_epoch) {
  WHIRL_CHECK(publication->offset == top_ + 1);
  ++top_;
  version_ = version;
  version_epoch_ = std::move(version_epoch);
  kept_.push_back(std::move(publication));
  while (this->size() > size) drop_oldest();
}

void Stream::drop_oldest() {
  kept_[first_++].reset();
  if (first_ >= kReclaimFrom && first_ >= kept_.size() / 2) {
    kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

void Stream::clear() {
  kept_ = {};
  first_ = 0;
}

std::vector<PublicationPtr> Stream::read(const HistoryQuery& query) const {
  if (query.limit == 0 || empty()) return {};
  std::uint64_t oldest = top_ + 1 - size();
  std::uint64_t at = query.reverse ? top_ : oldest;
  if (query.has_since) {
    if (!query.reverse && query.since == position()) return {};
    std::uint64_t wanted = query.reverse ? query.since.offset - 1 : query.since.offset + 1;
    if (wanted > top_ || (query.reverse && wanted < oldest)) return {};
    if (wanted >= oldest) at = wanted;
  }
  auto from = kept_.begin() + static_cast<std::ptrdiff_t>(first_ + (at - oldest));
  if (!query.reverse) {
    return {from, from + static_cast<std::ptrdiff_t>(bounded(top_ + 1 - at, query.limit))};
  }
  std::vector<PublicationPtr> out(
      from + 1 - static_cast<std::ptrdiff_t>(bounded(at + 1 - oldest, query.limit)), from + 1);
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace whirl::broker
