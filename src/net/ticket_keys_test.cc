#include "net/ticket_keys.h"

#include <gtest/gtest.h>

namespace whirl::net {
namespace {

TEST(TicketKeys, WhatSealedOpensUntilTwoRotationsLater) {
  ManualClock clock;
  TicketKeys keys(clock);
  const TicketKey first = keys.sealing();
  EXPECT_FALSE(keys.opening(first.name)->outdated);

  clock.advance(TicketKeys::kRotateMs);
  const TicketKey second = keys.sealing();
  EXPECT_NE(std::string(second.name, second.name + 16), std::string(first.name, first.name + 16));
  ASSERT_TRUE(keys.opening(first.name));
  EXPECT_TRUE(keys.opening(first.name)->outdated);
  EXPECT_FALSE(keys.opening(second.name)->outdated);

  clock.advance(TicketKeys::kRotateMs);
  EXPECT_FALSE(keys.opening(first.name));
  EXPECT_TRUE(keys.opening(second.name)->outdated);
}

TEST(TicketKeys, AfterALongSilenceNothingOldOpens) {
  ManualClock clock;
  TicketKeys keys(clock);
  const TicketKey first = keys.sealing();
  clock.advance(2 * TicketKeys::kRotateMs);
  EXPECT_FALSE(keys.opening(first.name));
}

}  // namespace
}  // namespace whirl::net
