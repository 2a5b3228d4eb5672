#include "metrics/graphite.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

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

std::string Graphite::component(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    bool plain = c > ' ' && c < '\x7f' && c != '.';
    if (!plain) c = '_';
  }
  return out;
}

double Graphite::since_last(const std::string& path, double value) {
  double& last = last_[path];
  double change = value - last;
  last = value;
  return change;
}

std::string Graphite::lines(const Snapshot& snapshot, std::int64_t unix_seconds) {
  std::string out;
  auto line = [&out, unix_seconds](const std::string& path, double value, bool whole) {
    if (whole) {
      fmt::format_to(std::back_inserter(out), "{} {} {}\n", path, static_cast<std::int64_t>(value),
                     unix_seconds);
    } else {
      fmt::format_to(std::back_inserter(out), "{} {:f} {}\n", path, value, unix_seconds);
    }
  };
  for (const auto& [key, sample] : snapshot) {
    const Description& description = *key.first;
    std::string name = prefix_ + '.' + dotted(description.name);
    std::string labels = label_text(description, key.second, tags_);
    if (description.kind == Kind::gauge) line(name + labels, sample.value, false);
    if (description.kind == Kind::counter) line(name + labels, since_last(name + labels, sample.value), true);
    if (description.kind != Kind::summary) continue;
    std::string sum = name + ".sum" + labels;
    std::string count = name + ".count" + labels;
    line(sum, since_last(sum, sample.value), false);
    line(count, since_last(count, static_cast<double>(sample.count)), false);
    for (const Quantile& quantile : kQuantiles) {
      double value = Summary::quantile(sample.counts, quantile.q);
      if (!std::isnan(value)) line(fmt::format("{}.{}{}", name, quantile.name, labels), value, false);
    }
  }
  return out;
}

}  // namespace whirl::metrics
