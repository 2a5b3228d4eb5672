#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace whirl::metrics {

enum class Kind { counter, gauge, histogram, summary };

/// One value of one loop. Plain memory: a loop writes and collects its own cells, the sums are made from the
/// copies.
struct Counter {
  static constexpr Kind kKind = Kind::counter;
  std::uint64_t value = 0;
  void add(std::uint64_t n = 1) { value += n; }
};

/// What a loop has of something at the moment; the loops' values add up.
struct Gauge {
  static constexpr Kind kKind = Kind::gauge;
  double value = 0;
  void set(double v) { value = v; }
  void add(double n = 1) { value += n; }
};

/// Counts observations by upper bounds, as Prometheus histograms do (a value equal to a bound is below it).
class Histogram {
 public:
  static constexpr Kind kKind = Kind::histogram;
  explicit Histogram(std::span<const double> bounds) : bounds_(bounds), counts_(bounds.size() + 1) {}

  void observe(double value);
  /// One more than the bounds: the last counts what is above all of them.
  std::span<const std::uint64_t> counts() const { return counts_; }
  double sum() const { return sum_; }

 private:
  std::span<const double> bounds_;
  std::vector<std::uint64_t> counts_;
  double sum_ = 0;
};

/// Sum and count since the start, and quantiles of the last five to ten minutes, within 5 %: observations are
/// counted on a logarithmic scale in two windows. The scale is allocated with the first observation.
class Summary {
 public:
  static constexpr Kind kKind = Kind::summary;
  static constexpr std::int64_t kWindowMs = 5 * 60 * 1000;

  void observe(double seconds);
  /// Begins a new window if the current one has lasted long enough.
  void rotate(std::int64_t now_ms);

  std::uint64_t count() const { return count_; }
  double sum() const { return sum_; }

  /// Counts per step of the scale; those of several cells add up.
  using Scale = std::vector<std::uint64_t>;
  void add_to(Scale& scale) const;
  /// NaN if nothing was counted.
  static double quantile(const Scale& scale, double q);

 private:
  static constexpr int kStepsPerOctave = 8;
  static constexpr int kOctaves = 32;  // from 0.1 µs to about seven minutes
  using Window = std::array<std::uint32_t, kStepsPerOctave * kOctaves>;
  static int step_of(double seconds);

  std::unique_ptr<Window> current_;
  std::unique_ptr<Window> previous_;
  std::int64_t window_start_ms_ = 0;
  std::uint64_t count_ = 0;
  double sum_ = 0;
};

}  // namespace whirl::metrics
