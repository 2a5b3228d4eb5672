#include "config/duration.h"

#include <gtest/gtest.h>

namespace whirl::config {
namespace {

std::int64_t ns(std::string_view text) {
  return Duration::parse(text).value_or(Duration{-1}).ns;
}

TEST(Duration, ReadsNumbersWithUnits) {
  EXPECT_EQ(ns("300ms"), 300'000'000);
  EXPECT_EQ(ns("1.5s"), 1'500'000'000);
  EXPECT_EQ(ns("1h2m3s"), 3'723'000'000'000);
  EXPECT_EQ(ns("-25s"), -25'000'000'000);
  EXPECT_EQ(ns("+1m"), 60'000'000'000);
  EXPECT_EQ(ns(".5s"), 500'000'000);
  EXPECT_EQ(ns("1.s"), 1'000'000'000);
  EXPECT_EQ(ns("10us"), 10'000);
  EXPECT_EQ(ns("10µs"), 10'000);
  EXPECT_EQ(ns("7ns"), 7);
  EXPECT_EQ(ns("0"), 0);
}

TEST(Duration, RefusesTheRest) {
  for (const char* text : {"", "5", "often", "s", "-", "1", "1x", "1s2", ".s", "1 s", "1d", "99999999999h"}) {
    EXPECT_FALSE(Duration::parse(text)) << text;
  }
}

TEST(Duration, IsWrittenInItsShortestForm) {
  for (const char* text :
       {"0s", "1ns", "1.5µs", "300ms", "1.5s", "25s", "1m0s", "1h0m0s", "720h0m0s", "-1.5s"}) {
    EXPECT_EQ(Duration::parse(text)->text(), text);
  }
  EXPECT_EQ(Duration::parse("90m")->text(), "1h30m0s");
  EXPECT_EQ(Duration::parse("1000ms")->text(), "1s");
}

TEST(Duration, CountsWholeUnits) {
  EXPECT_EQ(Duration::parse("1.9s")->seconds(), 1);
  EXPECT_EQ(Duration::parse("1.9ms")->ms(), 1);
}

}  // namespace
}  // namespace whirl::config
