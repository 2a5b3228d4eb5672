#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/check.h"
#include "base/function.h"
#include "base/string_hash.h"
#include "metrics/cells.h"

namespace whirl::metrics {

/// A row of the list of metrics. Rows are constants: the address of one identifies its metric on every loop.
struct Description {
  std::string_view name;
  Kind kind;
  std::string_view help;
  std::array<std::string_view, 4> labels{};
  std::span<const double> bounds{};  // of histograms

  std::size_t label_count() const;
};

/// A value with its labels, copied out of a loop; copies of several loops add up.
struct Sample {
  double value = 0;                     // counters and gauges; the sum of the others
  std::uint64_t count = 0;              // observations
  std::vector<std::uint64_t> counts{};  // of histogram bounds, or of a summary's scale
};

/// What one loop, or all of them, had counted at a moment. The text is label values joined by kLabelEnd.
using Snapshot = std::map<std::pair<const Description*, std::string>, Sample>;
inline constexpr char kLabelEnd = '\xff';  // is in no UTF-8 text
void merge(Snapshot& into, const Snapshot& from);
/// Names and values of the labels of a snapshot's entry, by name.
std::vector<std::pair<std::string_view, std::string_view>> labels_of(const Description& description,
                                                                     std::string_view key);

class Registry;

/// The values of one metric on one loop, by labels. Values stay at their address for the life of the loop, so
/// hot paths look one up once and keep it.
class FamilyBase {
 public:
  FamilyBase(const FamilyBase&) = delete;
  FamilyBase& operator=(const FamilyBase&) = delete;
  const Description& description() const { return description_; }

 protected:
  FamilyBase(Registry& registry, const Description& description);
  virtual ~FamilyBase() = default;
  static void append_label(std::string& key, std::string_view value);

  const Description& description_;

 private:
  friend class Registry;
  virtual void collect(Snapshot& into, std::int64_t now_ms) = 0;
};

template <class Cell, std::size_t kLabels>
class Family final : public FamilyBase {
 public:
  Family(Registry& registry, const Description& description) : FamilyBase(registry, description) {
    WHIRL_CHECK(description.kind == Cell::kKind && description.label_count() == kLabels);
    if constexpr (kLabels == 0) with();
  }

  /// The value with these labels, in the order of the description; made when first asked for.
  template <class... Labels>
  requires(sizeof...(Labels) == kLabels) Cell& with(const Labels&... labels) {
    key_.clear();
    (append_label(key_, labels), ...);
    auto found = cells_.find(key_);
    if (found == cells_.end()) found = cells_.emplace(key_, make()).first;
    return *found->second;
  }

  /// A template, because clang 14 would otherwise instantiate it for families with labels too.
  template <std::size_t kCount = kLabels>
  requires(kCount == 0) Cell* operator->() { return &with(); }

 private:
  std::unique_ptr<Cell> make() const {
    if constexpr (Cell::kKind == Kind::histogram) {
      return std::make_unique<Cell>(description_.bounds);
    } else {
      return std::make_unique<Cell>();
    }
  }
  void collect(Snapshot& into, std::int64_t now_ms) override;

  std::unordered_map<std::string, std::unique_ptr<Cell>, StringHash, std::equal_to<>> cells_;
  std::string key_;
};

/// A duration as Centrifugo shows it: a summary, and a histogram of the same name with "_histogram".
struct Duration {
  Summary& summary;
  Histogram& histogram;
  void observe(double seconds) const {
    summary.observe(seconds);
    histogram.observe(seconds);
  }
};

template <std::size_t kLabels>
struct DurationFamily {
  DurationFamily(Registry& registry, const Description& summary, const Description& histogram)
      : summaries(registry, summary), histograms(registry, histogram) {}
  template <class... Labels>
  Duration with(const Labels&... labels) {
    return {summaries.with(labels...), histograms.with(labels...)};
  }
  Family<Summary, kLabels> summaries;
  Family<Histogram, kLabels> histograms;
};

/// All metrics of one loop. Families join it when they are made.
class Registry {
 public:
  Registry() = default;
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  /// Called before each collect(), to bring gauges up to date.
  void on_collect(UniqueFunction<void()> refresh) { refresh_.push_back(std::move(refresh)); }
  Snapshot collect(std::int64_t now_ms);
  const std::vector<FamilyBase*>& families() const { return families_; }

 private:
  friend class FamilyBase;
  std::vector<FamilyBase*> families_;
  std::vector<UniqueFunction<void()>> refresh_;
};

}  // namespace whirl::metrics
