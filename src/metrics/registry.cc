#include "metrics/registry.h"

#include <algorithm>

namespace whirl::metrics {
namespace {

void copy(const Counter& cell, Sample& sample) {
  sample.value += static_cast<double>(cell.value);
}
void copy(const Gauge& cell, Sample& sample) {
  sample.value += cell.value;
}

void copy(const Histogram& cell, Sample& sample) {
  sample.counts.assign(cell.counts().begin(), cell.counts().end());
  sample.value = cell.sum();
  for (std::uint64_t n : sample.counts) sample.count += n;
}

void copy(const Summary& cell, Sample& sample) {
  cell.add_to(sample.counts);
  sample.value = cell.sum();
  sample.count = cell.count();
}

}  // namespace

std::size_t Description::label_count() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(labels, [](std::string_view l) { return !l.empty(); }));
}

void merge(Snapshot& into, const Snapshot& from) {
  for (const auto& [key, sample] : from) {
    Sample& sum = into[key];
    sum.value += sample.value;
    sum.count += sample.count;
    sum.counts.resize(std::max(sum.counts.size(), sample.counts.size()));
    for (std::size_t i = 0; i < sample.counts.size(); ++i) sum.counts[i] += sample.counts[i];
  }
}

std::vector<std::pair<std::string_view, std::string_view>> labels_of(const Description& description,
                                                                     std::string_view key) {
  std::vector<std::pair<std::string_view, std::string_view>> out;
  for (std::size_t i = 0; i < description.label_count(); ++i) {
    std::size_t end = key.find(kLabelEnd);
    out.emplace_back(description.labels[i], key.substr(0, end));
    key.remove_prefix(end + 1);
  }
  std::ranges::sort(out);
  return out;
}

FamilyBase::FamilyBase(Registry& registry, const Description& description) : description_(description) {
  registry.families_.push_back(this);
}

void FamilyBase::append_label(std::string& key, std::string_view value) {
  const std::size_t at = key.size();
  key += value;
  std::replace(key.begin() + static_cast<std::ptrdiff_t>(at), key.end(), kLabelEnd, '?');
  key += kLabelEnd;
}

template <class Cell, std::size_t kLabels>
void Family<Cell, kLabels>::collect(Snapshot& into, std::int64_t now_ms) {
  for (auto& [key, cell] : cells_) {
    if constexpr (Cell::kKind == Kind::summary) cell->rotate(now_ms);
    copy(*cell, into[{&description_, key}]);
  }
}

template class Family<Counter, 0>;
template class Family<Counter, 1>;
template class Family<Counter, 2>;
template class Family<Counter, 3>;
template class Family<Counter, 4>;
template class Family<Gauge, 0>;
template class Family<Gauge, 1>;
template class Family<Gauge, 2>;
template class Family<Gauge, 3>;
template class Family<Gauge, 4>;
template class Family<Histogram, 1>;
template class Family<Histogram, 2>;
template class Family<Histogram, 3>;
template class Family<Summary, 1>;
template class Family<Summary, 2>;
template class Family<Summary, 3>;

Snapshot Registry::collect(std::int64_t now_ms) {
  for (auto& refresh : refresh_) refresh();
  Snapshot out;
  for (FamilyBase* family : families_) family->collect(out, now_ms);
  return out;
}

}  // namespace whirl::metrics
