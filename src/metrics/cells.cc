#include "metrics/cells.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace whirl::metrics {
namespace {

constexpr double kSmallest = 1e-7;

}  // namespace

void Histogram::observe(double value) {
  auto at = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  ++counts_[static_cast<std::size_t>(at)];
  sum_ += value;
}

int Summary::step_of(double seconds) {
  if (!(seconds > kSmallest)) return 0;
  int step = static_cast<int>(std::log2(seconds / kSmallest) * kStepsPerOctave);
  return std::min(step, kStepsPerOctave * kOctaves - 1);
}

void Summary::observe(double seconds) {
  if (!current_) current_ = std::make_unique<Window>();
  ++(*current_)[static_cast<std::size_t>(step_of(seconds))];
  ++count_;
  sum_ += seconds;
}

void Summary::rotate(std::int64_t now_ms) {
  if (now_ms - window_start_ms_ < kWindowMs) return;
  window_start_ms_ = now_ms;
  previous_ = std::move(current_);
}

void Summary::add_to(Scale& scale) const {
  scale.resize(kStepsPerOctave * kOctaves);
  for (const Window* window : {current_.get(), previous_.get()}) {
    if (!window) continue;
    for (std::size_t i = 0; i < window->size(); ++i) scale[i] += (*window)[i];
  }
}

double Summary::quantile(const Scale& scale, double q) {
  std::uint64_t total = 0;
  for (std::uint64_t count : scale) total += count;
  if (total == 0) return std::numeric_limits<double>::quiet_NaN();
  auto rank = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(total)));
  std::uint64_t seen = 0;
  std::size_t step = 0;
  while (step + 1 < scale.size() && (seen += scale[step]) < rank) ++step;
  return kSmallest * std::exp2((static_cast<double>(step) + 0.5) / kStepsPerOctave);
}

}  // namespace whirl::metrics
