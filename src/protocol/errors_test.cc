#include "protocol/errors.h"

#include <gtest/gtest.h>

#include <set>

namespace whirl::protocol {
namespace {

template <class Rows>
void expect_ordered_codes(const Rows& rows, std::uint32_t from, std::uint32_t below) {
  std::uint32_t last = from - 1;
  for (auto* row : rows) {
    EXPECT_GT(row->code, last);
    EXPECT_LT(row->code, below);
    last = row->code;
  }
}

TEST(Errors, EachCodeIsInItsRangeOnce) {
  expect_ordered_codes(all_errors(), 100, 400);
  expect_ordered_codes(all_disconnects(), 3000, 4000);
  expect_ordered_codes(all_unsubscribes(), 2000, 3000);
}

TEST(Errors, ReasonsFitInACloseFrame) {
  for (auto* row : all_disconnects()) {
    EXPECT_FALSE(row->reason.empty());
    EXPECT_LE(row->reason.size(), 123u);
  }
}

TEST(Errors, AreFoundByCode) {
  EXPECT_EQ(find_error(107)->message, "bad request");
  EXPECT_TRUE(find_error(100)->temporary);
  EXPECT_FALSE(find_error(109)->temporary);
  EXPECT_EQ(find_error(1), nullptr);
  EXPECT_EQ(find_disconnect(3501)->reason, "bad request");
  EXPECT_EQ(find_disconnect(3002), nullptr);
}

TEST(Errors, TheCodeSaysWhetherTheClientComesBack) {
  for (std::uint32_t code : {1000u, 3000u, 3499u, 4000u, 4499u, 5000u}) EXPECT_TRUE(reconnects(code)) << code;
  for (std::uint32_t code : {3500u, 3999u, 4500u, 4999u}) EXPECT_FALSE(reconnects(code)) << code;
}

}  // namespace
}  // namespace whirl::protocol
