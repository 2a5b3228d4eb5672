#include "hub/recovery.h"

#include <gmock/gmock.h>

#include "testing/hub_fakes.h"

namespace whirl::hub {
namespace {

using testing::publication;

std::unique_ptr<protocol::CompiledFilter> only(std::string_view key, std::string_view value) {
  protocol::FilterNode node;
  node.key = key;
  node.cmp = "eq";
  node.val = value;
  return std::move(*protocol::CompiledFilter::compile(node));
}

struct Case {
  std::string_view what;
  RecoveryMode mode = RecoveryMode::stream;
  broker::StreamPosition since{};
  std::vector<std::uint64_t> history{};  ///< offsets as read: backwards for the cache
  broker::StreamPosition top{};
  std::vector<std::uint64_t> heard{};
  bool recovered = false;
  std::vector<std::uint64_t> publications{};
  std::uint64_t position = 0;
};

constexpr auto kStream = RecoveryMode::stream;
constexpr auto kCache = RecoveryMode::cache;

const Case kCases[] = {
    {"nothing missed", kStream, {3, "e"}, {}, {3, "e"}, {}, true, {}, 3},
    {"all that was missed", kStream, {1, "e"}, {2, 3}, {3, "e"}, {}, true, {2, 3}, 3},
    {"from the beginning", kStream, {0, "e"}, {1, 2}, {2, "e"}, {}, true, {1, 2}, 2},
    {"no epoch is any epoch", kStream, {1, ""}, {2}, {2, "e"}, {}, true, {2}, 2},
    {"another epoch", kStream, {1, "old"}, {2}, {2, "e"}, {}, false, {}, 2},
    {"the oldest is too new", kStream, {1, "e"}, {3, 4}, {4, "e"}, {}, false, {}, 4},
    {"expired", kStream, {1, "e"}, {}, {4, "e"}, {}, false, {}, 4},
    {"cut off by the limit", kStream, {1, "e"}, {2, 3}, {9, "e"}, {}, false, {}, 9},
    {"in the future", kStream, {7, "e"}, {}, {3, "e"}, {}, false, {}, 3},
    {"heard while reading", kStream, {1, "e"}, {2}, {2, "e"}, {1, 2, 3, 4}, true, {2, 3, 4}, 4},
    {"only heard", kStream, {2, "e"}, {}, {2, "e"}, {3}, true, {3}, 3},
    {"a hole before what was heard", kStream, {1, "e"}, {2}, {2, "e"}, {4}, false, {}, 4},
    {"a hole in what was heard", kStream, {1, "e"}, {2}, {2, "e"}, {3, 5}, false, {}, 5},
    {"not recovered, but heard", kStream, {1, "old"}, {2}, {2, "e"}, {3}, false, {}, 3},

    {"cache: the newest", kCache, {0, ""}, {3}, {3, "e"}, {}, true, {3}, 3},
    {"cache: another epoch does not matter", kCache, {3, "old"}, {3}, {3, "e"}, {}, true, {3}, 3},
    {"cache: the client has it", kCache, {3, "e"}, {3}, {3, "e"}, {}, true, {}, 3},
    {"cache: empty", kCache, {0, ""}, {}, {0, "e"}, {}, false, {}, 0},
    {"cache: expired", kCache, {1, "e"}, {}, {3, "e"}, {}, false, {}, 3},
    {"cache: expired, but the client has it", kCache, {3, "e"}, {}, {3, "e"}, {}, true, {}, 3},
    {"cache: the newest was not kept", kCache, {0, ""}, {2}, {3, "e"}, {}, false, {}, 3},
    {"cache: heard is newer", kCache, {0, ""}, {3}, {3, "e"}, {4, 5}, true, {5}, 5},
};

TEST(Recovery, DecidesByWhatTheStreamStillHas) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.what);
    SubscribeRequest request{.positioned = true, .recover = true, .recovery_mode = c.mode, .since = c.since};
    broker::HistoryResult history{.publications = {}, .top = c.top};
    for (auto offset : c.history) history.publications.push_back(publication(offset));
    std::vector<Heard> heard;
    for (auto offset : c.heard) heard.push_back({publication(offset), "e"});
    auto out = decide_recovery(request, std::move(history), heard);
    EXPECT_EQ(out.recovered, c.recovered);
    EXPECT_EQ(out.position, (broker::StreamPosition{c.position, "e"}));
    std::vector<std::uint64_t> offsets;
    for (const auto& p : out.publications) offsets.push_back(p->offset);
    EXPECT_EQ(offsets, c.publications);
  }
}

TEST(Recovery, WithoutRecoveryOnlyThePositionCounts) {
  std::vector<Heard> heard{{publication(4), "e"}, {publication(6), "e"}};
  auto out = decide_recovery({.positioned = true}, {.publications = {}, .top = {3, "e"}}, heard);
  EXPECT_FALSE(out.recovered);
  EXPECT_EQ(out.position, (broker::StreamPosition{6, "e"})) << "nothing was missed by who begins here";
}

TEST(Recovery, WhatIsHeardOfAnotherEpochDoesNotCount) {
  std::vector<Heard> heard{{publication(9), "old"}};
  auto out = decide_recovery({.positioned = true}, {.publications = {}, .top = {3, "e"}}, heard);
  EXPECT_EQ(out.position, (broker::StreamPosition{3, "e"}));
}

TEST(Recovery, AStreamThatBeginsWhileItIsReadTellsItsEpoch) {
  std::vector<Heard> heard{{publication(1), "e"}};
  auto out = decide_recovery({.positioned = true}, {}, heard);
  EXPECT_EQ(out.position, (broker::StreamPosition{1, "e"}));
}

TEST(Recovery, FilteredPublicationsAreLeftOutButCount) {
  SubscribeRequest request{.positioned = true, .recover = true, .since = {0, "e"}, .filter = only("k", "a")};
  broker::HistoryResult history{
      .publications = {publication(1, "{}", {{"k", "a"}}), publication(2, "{}", {{"k", "b"}})},
      .top = {2, "e"}};
  std::vector<Heard> heard{{publication(3, "{}", {{"k", "b"}}), "e"},
                           {publication(4, "{}", {{"k", "a"}}), "e"}};
  auto out = decide_recovery(request, history, heard);
  ASSERT_EQ(out.publications.size(), 2u);
  EXPECT_EQ(out.publications[0]->offset, 1u);
  EXPECT_EQ(out.publications[1]->offset, 4u);
  EXPECT_EQ(out.position.offset, 4u);

  request.delta = true;
  out = decide_recovery(request, history, heard);
  EXPECT_EQ(out.publications.size(), 4u) << "deltas need every publication";
}

TEST(Recovery, TheCacheTellsTheNewestThatPasses) {
  SubscribeRequest request{
      .positioned = true, .recover = true, .recovery_mode = kCache, .filter = only("k", "a")};
  broker::HistoryResult history{
      .publications = {publication(2, "{}", {{"k", "b"}}), publication(1, "{}", {{"k", "a"}})},
      .top = {2, "e"}};
  auto out = decide_recovery(request, history, {});
  EXPECT_TRUE(out.recovered);
  ASSERT_EQ(out.publications.size(), 1u);
  EXPECT_EQ(out.publications[0]->offset, 1u);
  EXPECT_EQ(out.position.offset, 2u);

  history.publications.pop_back();
  EXPECT_FALSE(decide_recovery(request, history, {}).recovered) << "none passes";
}

TEST(Recovery, ReadsNoMoreThanItNeeds) {
  auto top = recovery_query({.positioned = true, .history_meta_ttl_ms = 5});
  EXPECT_EQ(top.limit, 0);
  EXPECT_EQ(top.meta_ttl_ms, 5);

  auto stream =
      recovery_query({.positioned = true, .recover = true, .since = {7, "e"}, .recover_limit = 300});
  EXPECT_TRUE(stream.has_since);
  EXPECT_EQ(stream.since.offset, 7u);
  EXPECT_EQ(stream.limit, 300);
  EXPECT_EQ(recovery_query({.positioned = true, .recover = true}).limit, -1);

  SubscribeRequest cache{.positioned = true, .recover = true, .recovery_mode = kCache, .recover_limit = 300};
  EXPECT_TRUE(recovery_query(cache).reverse);
  EXPECT_EQ(recovery_query(cache).limit, 1);
  cache.filter = only("k", "a");
  EXPECT_EQ(recovery_query(cache).limit, 300) << "the newest ones may not pass";
}

}  // namespace
}  // namespace whirl::hub
