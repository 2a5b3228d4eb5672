#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "metrics/exposition.h"
#include "metrics/graphite.h"
#include "metrics/loop_metrics.h"

namespace whirl::metrics {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr double kBounds[] = {0.1, 1};
constexpr Description kRequests{"requests", Kind::counter, "Requests.", {"method", "code"}};
constexpr Description kOpen{"open", Kind::gauge, "Open connections."};
constexpr Description kSizes{"sizes", Kind::histogram, "Sizes.", {"of"}, kBounds};
constexpr Description kTimes{"times", Kind::summary, "Times.", {"of"}};

/// The metrics of one imaginary loop.
struct Loop {
  Registry registry;
  Family<Counter, 2> requests{registry, kRequests};
  Family<Gauge, 0> open{registry, kOpen};
  Family<Histogram, 1> sizes{registry, kSizes};
  Family<Summary, 1> times{registry, kTimes};
};

TEST(Metrics, ValuesOfAllLoopsAddUp) {
  Loop one;
  Loop two;
  one.requests.with("get", "200").add();
  one.requests.with("get", "404").add(2);
  two.requests.with("get", "200").add(3);
  one.open->set(5);
  two.open->add(-1);
  Snapshot all = one.registry.collect(0);
  merge(all, two.registry.collect(0));
  std::string shown = text(all);
  EXPECT_THAT(shown, HasSubstr("# HELP requests Requests.\n# TYPE requests counter\n"));
  EXPECT_THAT(shown, HasSubstr("requests{code=\"200\",method=\"get\"} 4\n"));
  EXPECT_THAT(shown, HasSubstr("requests{code=\"404\",method=\"get\"} 2\n"));
  EXPECT_THAT(shown, HasSubstr("\nopen 4\n"));
}

TEST(Metrics, AValueIsKeptForItsLabelsAtOneAddress) {
  Loop loop;
  Counter& counter = loop.requests.with("get", "200");
  for (int i = 0; i < 1000; ++i) loop.requests.with("get", std::to_string(i));
  EXPECT_EQ(&counter, &loop.requests.with("get", "200"));
  EXPECT_NE(&loop.requests.with("a", "bc"), &loop.requests.with("ab", "c"));
}

TEST(Metrics, LabelsAreEscapedAndCannotBreakOut) {
  Loop loop;
  loop.requests.with("\"quoted\"\n", "\xff").add();
  EXPECT_THAT(text(loop.registry.collect(0)), HasSubstr("{code=\"?\",method=\"\\\"quoted\\\"\\n\"} 1\n"));
}

TEST(Metrics, HistogramsCountByUpperBound) {
  Loop one;
  Loop two;
  for (double v : {0.05, 0.1, 0.5}) one.sizes.with("x").observe(v);
  two.sizes.with("x").observe(7);
  Snapshot all = one.registry.collect(0);
  merge(all, two.registry.collect(0));
  std::string shown = text(all);
  EXPECT_THAT(shown, HasSubstr("sizes_bucket{of=\"x\",le=\"0.1\"} 2\n"));
  EXPECT_THAT(shown, HasSubstr("sizes_bucket{of=\"x\",le=\"1\"} 3\n"));
  EXPECT_THAT(shown, HasSubstr("sizes_bucket{of=\"x\",le=\"+Inf\"} 4\n"));
  EXPECT_THAT(shown, HasSubstr("sizes_count{of=\"x\"} 4\n"));
  EXPECT_THAT(shown, HasSubstr("sizes_sum{of=\"x\"} 7.65"));
}

TEST(Metrics, SummariesKnowTheirQuantilesWithinFivePercent) {
  Summary summary;
  for (int i = 1; i <= 1000; ++i) summary.observe(i / 1000.0);
  Summary::Scale scale;
  summary.add_to(scale);
  for (double q : {0.5, 0.99, 0.999}) EXPECT_NEAR(Summary::quantile(scale, q), q, q * 0.05);
  EXPECT_EQ(summary.count(), 1000u);
  EXPECT_NEAR(summary.sum(), 500.5, 0.001);
}

TEST(Metrics, QuantilesForgetWhatIsOldButCountsDoNot) {
  Loop loop;
  Summary& times = loop.times.with("x");
  times.observe(1);
  for (int window = 1; window <= 2; ++window) {
    std::string shown = text(loop.registry.collect(window * Summary::kWindowMs));
    bool forgotten = shown.find("times{of=\"x\",quantile=\"0.5\"} Nan") != std::string::npos;
    EXPECT_EQ(forgotten, window == 2) << shown;
    EXPECT_THAT(shown, HasSubstr("times_count{of=\"x\"} 1\n"));
  }
}

TEST(Metrics, SummariesTakeExtremeValues) {
  Summary summary;
  for (double v : {0.0, -1.0, 1e-30, 1e30}) summary.observe(v);
  Summary::Scale scale;
  summary.add_to(scale);
  EXPECT_GT(Summary::quantile(scale, 0.999), 100);
  EXPECT_TRUE(std::isnan(Summary::quantile({}, 0.5)));
}

TEST(Metrics, GaugesAreRefreshedBeforeTheyAreRead) {
  Loop loop;
  loop.registry.on_collect([&] { loop.open->set(42); });
  EXPECT_THAT(text(loop.registry.collect(0)), HasSubstr("open 42\n"));
}

TEST(Metrics, TheProcessIsDescribed) {
  Snapshot snapshot;
  add_process_metrics(snapshot);
  std::set<std::string_view> names;
  for (auto& [key, sample] : snapshot) {
    names.insert(key.first->name);
    EXPECT_GT(sample.value, 0) << key.first->name;
  }
  EXPECT_EQ(names.size(), 6u);
}

TEST(GraphiteText, CountersAreWhatCameSinceTheLineBefore) {
  Loop loop;
  Graphite graphite("here.node", false);
  loop.requests.with("get", "200").add(3);
  loop.requests.with("", "404").add(1);
  loop.open->set(2.5);
  std::string first = graphite.lines(loop.registry.collect(0), 1000);
  EXPECT_THAT(first, HasSubstr("here.node.requests.code.200.method.get 3 1000\n"));
  EXPECT_THAT(first, HasSubstr("here.node.requests.code.404 1 1000\n"));
  EXPECT_THAT(first, HasSubstr("here.node.open 2.500000 1000\n"));
  loop.requests.with("get", "200").add(2);
  EXPECT_THAT(graphite.lines(loop.registry.collect(0), 1010),
              HasSubstr("here.node.requests.code.200.method.get 2 1010\n"));
}

TEST(GraphiteText, SummariesHaveSumCountAndQuantilesAndLabelsMayBeTags) {
  Loop loop;
  Graphite graphite("p", true);
  loop.times.with("x").observe(0.5);
  loop.sizes.with("x").observe(0.5);
  std::string lines = graphite.lines(loop.registry.collect(0), 7);
  EXPECT_THAT(lines, HasSubstr("p.times.sum;of=x 0.500000 7\n"));
  EXPECT_THAT(lines, HasSubstr("p.times.count;of=x 1.000000 7\n"));
  EXPECT_THAT(lines, HasSubstr("p.times.quantile.999;of=x 0."));
  EXPECT_THAT(lines, Not(HasSubstr("sizes")));
}

TEST(GraphiteText, PathsAreMadeOfTheFirstTwoWords) {
  LoopMetrics loop;
  Graphite graphite("p." + Graphite::component("host.example_80 ü"), false);
  EXPECT_THAT(graphite.lines(loop.registry.collect(0), 7),
              HasSubstr("p.host_example_80___.centrifugo.node.num_clients 0.000000 7\n"));
}

TEST(MetricsList, EveryRowHasAUniqueNameAndAHelp) {
  LoopMetrics loop;
  std::set<std::string_view> names;
  for (const FamilyBase* family : loop.registry.families()) {
    const Description& row = family->description();
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_TRUE(row.name.starts_with("centrifugo_")) << row.name;
    EXPECT_FALSE(row.help.empty()) << row.name;
    EXPECT_EQ(row.bounds.empty(), row.kind != Kind::histogram) << row.name;
    EXPECT_TRUE(std::ranges::is_sorted(row.bounds)) << row.name;
  }
}

TEST(MetricsList, WhatIsShownAtTheStart) {
  LoopMetrics loop;
  loop.node.build.with("1.0").set(1);
  std::set<std::string_view> names;
  for (auto& [key, sample] : loop.registry.collect(0)) names.insert(key.first->name);
  EXPECT_THAT(names, ::testing::UnorderedElementsAre(
                         "centrifugo_broker_redis_pub_sub_dropped_messages",
                         "centrifugo_map_broker_redis_pub_sub_dropped_messages", "centrifugo_node_build",
                         "centrifugo_node_client_connection_limit", "centrifugo_node_messages_received_count",
                         "centrifugo_node_messages_sent_count", "centrifugo_node_num_channels",
                         "centrifugo_node_num_clients", "centrifugo_node_num_nodes",
                         "centrifugo_node_num_subscriptions", "centrifugo_node_num_users",
                         "centrifugo_shared_poll_num_channels", "centrifugo_shared_poll_num_keys"));
}

}  // namespace
}  // namespace whirl::metrics
