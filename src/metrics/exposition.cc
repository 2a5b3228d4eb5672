#include "metrics/exposition.h"

#include <prometheus/text_serializer.h>

#include <limits>
#include <sstream>

namespace whirl::metrics {
namespace {

constexpr double kQuantiles[] = {0.5, 0.99, 0.999};

prometheus::MetricType type_of(Kind kind) {
  switch (kind) {
    case Kind::counter:
      return prometheus::MetricType::Counter;
    case Kind::gauge:
      return prometheus::MetricType::Gauge;
    case Kind::histogram:
      return prometheus::MetricType::Histogram;
    case Kind::summary:
      return prometheus::MetricType::Summary;
  }
  return prometheus::MetricType::Untyped;
}

void fill_histogram(prometheus::ClientMetric& out, const Description& description, const Sample& sample) {
  out.histogram.sample_count = sample.count;
  out.histogram.sample_sum = sample.value;
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < description.bounds.size(); ++i) {
    below += sample.counts[i];
    out.histogram.bucket.push_back({below, description.bounds[i]});
  }
  out.histogram.bucket.push_back({sample.count, std::numeric_limits<double>::infinity()});
}

void fill_summary(prometheus::ClientMetric& out, const Sample& sample) {
  out.summary.sample_count = sample.count;
  out.summary.sample_sum = sample.value;
  for (double q : kQuantiles) out.summary.quantile.push_back({q, Summary::quantile(sample.counts, q)});
}

}  // namespace

std::string text(const Snapshot& snapshot) {
  std::map<std::string_view, prometheus::MetricFamily> families;
  for (const auto& [key, sample] : snapshot) {
    const Description& description = *key.first;
    prometheus::MetricFamily& family = families[description.name];
    family.name = description.name;
    family.help = description.help;
    family.type = type_of(description.kind);
    prometheus::ClientMetric& metric = family.metric.emplace_back();
    for (const auto& [name, value] : labels_of(description, key.second)) {
      metric.label.push_back({std::string(name), std::string(value)});
    }
    metric.counter.value = metric.gauge.value = sample.value;
    if (description.kind == Kind::histogram) fill_histogram(metric, description, sample);
    if (description.kind == Kind::summary) fill_summary(metric, sample);
  }
  std::vector<prometheus::MetricFamily> ordered;
  for (auto& [name, family] : families) ordered.push_back(std::move(family));
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, ordered);
  return out.str();
}

}  // namespace whirl::metrics
