#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "broker/types.h"

namespace whirl::broker {

/// The last publications of one channel: offsets run up to the top without a gap, older ones fall out.
class Stream {
 public:
  /// Empty, with an epoch of its own.
  Stream();

  std::uint64_t top() const { return top_; }
  const std::string& epoch() const { return epoch_; }
  StreamPosition position() const { return {top_, epoch_}; }

  /// True if a publication with this version has to be dropped: it is not above the last one's. A version of
  /// 0 is never old; versions of different epochs (if one is named) don't compare.
  bool is_old(std::uint64_t version, std::string_view version_epoch) const;

  /// The publication's offset must be top() + 1. Keeps `size` publications at most.
  void add(PublicationPtr publication, std::size_t size, std::uint64_t version, std::string version_epoch);

  /// Forgets the publications; the position stays.
  void clear();

  bool empty() const { return first_ == kept_.size(); }
  PublicationPtr newest() const { return empty() ? nullptr : kept_.back(); }

  /// A `since` outside of what is kept reads from the oldest forwards, and nothing backwards.
  std::vector<PublicationPtr> read(const HistoryQuery& query) const;

 private:
  std::size_t size() const { return kept_.size() - first_; }
  void drop_oldest();

  std::string epoch_;
  std::uint64_t top_ = 0;
  std::uint64_t version_ = 0;
  std::string version_epoch_;
  std::vector<PublicationPtr> kept_;  // the places before first_ are empty and reclaimed now and then
  std::size_t first_ = 0;
};

}  // namespace whirl::broker
