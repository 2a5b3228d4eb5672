#include "driver/redis/reconnect.h"

#include <gtest/gtest.h>

#include <string>

namespace whirl::driver::redis {
namespace {

/// What is to be done, a letter each: Drop, tell Up, Find, Connect, Wait.
std::string act(Reconnect& state, Event event) {
  const Actions actions = step(state, event);
  std::string out;
  if (actions.drop) out += 'D';
  if (actions.tell_up) out += 'U';
  if (actions.find) out += 'F';
  if (actions.connect) out += 'C';
  if (actions.wait) out += 'W';
  return out;
}

TEST(ReconnectTest, FindsConnectsAndIsUp) {
  Reconnect state;
  EXPECT_EQ(act(state, Event::start), "F");
  EXPECT_EQ(act(state, Event::start), "") << "once is enough";
  EXPECT_EQ(act(state, Event::found), "C");
  EXPECT_EQ(act(state, Event::connected), "U");
}

TEST(ReconnectTest, EveryFailureWaitsLongerUntilItIsUp) {
  Reconnect state;
  act(state, Event::start);
  EXPECT_EQ(act(state, Event::not_found), "W");
  EXPECT_EQ(act(state, Event::retry_time), "F");
  act(state, Event::found);
  EXPECT_EQ(act(state, Event::lost), "DW") << "the attempt failed";
  EXPECT_EQ(state.failures, 2);
  act(state, Event::retry_time);
  act(state, Event::found);
  act(state, Event::connected);
  EXPECT_EQ(state.failures, 0);
  EXPECT_EQ(act(state, Event::lost), "DW");
  EXPECT_EQ(state.failures, 1);
}

TEST(ReconnectTest, RenewingLooksAtOnceWhereTheServerIs) {
  Reconnect state;
  EXPECT_EQ(act(state, Event::renew), "") << "nothing was started";
  act(state, Event::start);
  EXPECT_EQ(act(state, Event::renew), "") << "it is looking already";
  act(state, Event::found);
  EXPECT_EQ(act(state, Event::renew), "DW") << "what never came up is not asked again without a pause";
  act(state, Event::retry_time);
  act(state, Event::found);
  act(state, Event::connected);
  EXPECT_EQ(act(state, Event::renew), "DF");
}

TEST(ReconnectTest, WhatComesTooLateIsIgnored) {
  Reconnect state;
  act(state, Event::start);
  act(state, Event::not_found);
  EXPECT_EQ(act(state, Event::found), "");
  EXPECT_EQ(act(state, Event::connected), "");
  EXPECT_EQ(act(state, Event::lost), "");
  act(state, Event::retry_time);
  act(state, Event::found);
  EXPECT_EQ(act(state, Event::retry_time), "");
}

TEST(ReconnectTest, PausesDoubleWithinBounds) {
  EXPECT_EQ(backoff_ms(1, 0), kFirstBackoffMs);
  EXPECT_EQ(backoff_ms(2, 0), 2 * kFirstBackoffMs);
  EXPECT_EQ(backoff_ms(1000, 0), kMaxBackoffMs);
  EXPECT_EQ(backoff_ms(1000, 1), kMaxBackoffMs / 2);
}

}  // namespace
}  // namespace whirl::driver::redis
