#include "metrics/aggregate.h"

#include <fmt/format.h>

#include <cmath>

namespace whirl::metrics {
namespace {

struct Quantile {
  double q;
  std::string_view name;
};
constexpr Quantile kQuantiles[] = {{0.5, "quantile.50"}, {0.99, "quantile.99"}, {0.999, "quantile.999"}};

/// "centrifugo_node_num_clients" is shown as "centrifugo.node.num_clients".
std::string dotted(std::string_view name) {
  std::string out(name);
  std::size_t first = out.find('_');
  if (first == std::string::npos) return out;
  out[first] = '.';
  std::size_t second = out.find('_', first);
  if (second != std::string::npos) out[second] = '.';
  return out;
}

std::string label_text(const Description& description, std::string_view key, bool tags) {
  std::string out;
  for (const auto& [name, value] : labels_of(description, key)) {
    if (value.empty()) continue;
    out += tags ? fmt::format(";{}={}", name, value) : fmt::format(".{}.{}", name, value);
  }
  return out;
}

}  // namespace

double Aggregate::change(const std::string& path, double value) {
  double& last = last_[path];
  double change = value - last;
  last = value;
  return change;
}

std::vector<Aggregate::Value> Aggregate::since_last(const Snapshot& snapshot) {
  std::vector<Value> out;
  for (const auto& [key, sample] : snapshot) {
    const Description& description = *key.first;
    const std::string name = dotted(description.name);
    const std::string labels = label_text(description, key.second, tags_);
    if (description.kind == Kind::gauge) out.push_back({name + labels, sample.value});
    if (description.kind == Kind::counter) {
      out.push_back({name + labels, change(name + labels, sample.value), true});
    }
    if (description.kind != Kind::summary) continue;
    const std::string sum = name + ".sum" + labels;
    const std::string count = name + ".count" + labels;
    out.push_back({sum, change(sum, sample.value)});
    out.push_back({count, change(count, static_cast<double>(sample.count))});
    for (const Quantile& quantile : kQuantiles) {
      const double value = Summary::quantile(sample.counts, quantile.q);
      if (!std::isnan(value)) out.push_back({fmt::format("{}.{}{}", name, quantile.name, labels), value});
    }
  }
  return out;
}

}  // namespace whirl::metrics
