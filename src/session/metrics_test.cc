// Everything that the server exposes, pinned by a file, and held against what the server that this one
// replaces exposes.
#include "session/metrics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "metrics/exposition.h"
#include "metrics/loop_metrics.h"

namespace whirl::session {
namespace {

const std::string kData = std::string(WHIRL_SOURCE_DIR) + "/tests/data/";

std::string type_name(metrics::Kind kind) {
  switch (kind) {
    case metrics::Kind::counter:
      return "counter";
    case metrics::Kind::gauge:
      return "gauge";
    case metrics::Kind::histogram:
      return "histogram";
    case metrics::Kind::summary:
      return "summary";
  }
  return "";
}

/// "type<tab>labels", the labels sorted.
std::string form_of(const metrics::Description& description) {
  std::vector<std::string_view> labels(
      description.labels.begin(), description.labels.begin() + static_cast<long>(description.label_count()));
  std::sort(labels.begin(), labels.end());
  std::string out = type_name(description.kind) + "\t";
  for (std::string_view label : labels) out.append(label == labels.front() ? "" : ",").append(label);
  return out;
}

/// Every metric of a loop and of the process, by name.
std::map<std::string, const metrics::Description*> all_metrics() {
  static metrics::LoopMetrics loop;
  static const Metrics sessions(loop.registry, config::Prometheus{.recovered_publications_histogram = true});
  std::map<std::string, const metrics::Description*> out;
  for (const metrics::FamilyBase* family : loop.registry.families()) {
    out.emplace(family->description().name, &family->description());
  }
  metrics::Snapshot process;
  metrics::add_process_metrics(process);
  for (const auto& [key, sample] : process) out.emplace(key.first->name, key.first);
  return out;
}

std::vector<std::string> lines_of(const std::string& name) {
  std::ifstream in(kData + name);
  EXPECT_TRUE(in) << name;
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

TEST(MetricsListTest, IsTheGoldenFile) {
  std::stringstream text;
  std::vector<std::string> lines{"metric\ttype\tlabels\thelp"};
  for (const auto& [name, description] : all_metrics()) {
    lines.push_back(name + "\t" + form_of(*description) + "\t" + std::string(description->help));
    text << lines.back() << "\n";
  }
  EXPECT_EQ(lines, lines_of("metrics.tsv")) << "if that is meant, tests/data/metrics.tsv becomes\n"
                                            << text.str();
}

TEST(MetricsListTest, HasWhatDashboardsForCentrifugoLookFor) {
  const auto ours = all_metrics();
  std::vector<std::string> missing;
  for (const std::string& line : lines_of("centrifugo-6.9.1-metrics.tsv")) {
    const auto tab = line.find('\t');
    const std::string name = line.substr(0, tab);
    if (name == "metric") continue;
    const auto found = ours.find(name);
    if (found == ours.end()) {
      missing.push_back(name);
    } else {
      EXPECT_EQ(form_of(*found->second), line.substr(tab + 1)) << name;
    }
  }
  EXPECT_EQ(missing, std::vector<std::string>{});
}

}  // namespace
}  // namespace whirl::session
