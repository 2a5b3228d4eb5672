#include "net/timer_wheel.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <set>

namespace whirl::net {
namespace {

static_assert(sizeof(Timer) <= 40);

class TimerWheelTest : public testing::Test {
 protected:
  class Note final : public Timer {
   public:
    Note(TimerWheelTest& test, int name) : test_(test), name_(name) {}

   private:
    void on_timer() override { test_.fired.push_back(name_); }
    TimerWheelTest& test_;
    int name_;
  };

  Note& timer(int name, std::int64_t deadline_ms) {
    notes.push_back(std::make_unique<Note>(*this, name));
    wheel.arm(*notes.back(), deadline_ms);
    return *notes.back();
  }

  std::vector<std::unique_ptr<Note>> notes;
  std::vector<int> fired;
  TimerWheel wheel{1000};
};

TEST_F(TimerWheelTest, FiresInTheOrderOfDeadlinesAndNeverEarly) {
  timer(3, 90'000);
  timer(1, 1005);
  timer(2, 5000);
  wheel.advance(1004);
  EXPECT_TRUE(fired.empty());
  wheel.advance(1005);
  EXPECT_EQ(fired, std::vector({1}));
  wheel.advance(89'999);
  EXPECT_EQ(fired, std::vector({1, 2}));
  wheel.advance(1'000'000);
  EXPECT_EQ(fired, std::vector({1, 2, 3}));
}

TEST_F(TimerWheelTest, KnowsWhenItWantsToBeCalled) {
  EXPECT_EQ(wheel.next_deadline(), TimerWheel::kNever);
  Note& near = timer(1, 1010);
  EXPECT_EQ(wheel.next_deadline(), 1010);
  near.cancel();
  EXPECT_EQ(wheel.next_deadline(), TimerWheel::kNever);
  timer(2, 500'000);
  while (fired.empty()) {
    std::int64_t next = wheel.next_deadline();
    ASSERT_LE(next, 500'000);
    wheel.advance(next);
  }
}

TEST_F(TimerWheelTest, APastDeadlineMeansTheNextMillisecond) {
  timer(1, 3);
  wheel.advance(1000);
  EXPECT_TRUE(fired.empty());
  wheel.advance(1001);
  EXPECT_EQ(fired, std::vector({1}));
}

TEST_F(TimerWheelTest, CancelledMovedAndDestroyedTimersDoNotFire) {
  timer(1, 1100).cancel();
  Note& moved = timer(2, 1100);
  wheel.arm(moved, 1300);
  timer(3, 1100);
  notes.pop_back();
  wheel.advance(1200);
  EXPECT_TRUE(fired.empty());
  EXPECT_TRUE(moved.armed());
  wheel.advance(1300);
  EXPECT_EQ(fired, std::vector({2}));
  EXPECT_FALSE(moved.armed());
}

TEST_F(TimerWheelTest, ATimerMayArmItselfAndCancelOthersOfItsMillisecond) {
  int ticks = 0;
  CallbackTimer* other = nullptr;
  CallbackTimer first([&] {
    if (other->armed()) other->cancel();
    if (++ticks < 3) wheel.arm(first, first.deadline_ms() + 100);
  });
  CallbackTimer second([&] { first.cancel(); });
  other = &second;
  wheel.arm(second, 1100);
  wheel.arm(first, 1100);
  wheel.advance(10'000);
  // Whichever of the two came first has cancelled the other one.
  EXPECT_TRUE(ticks == 3 || ticks == 0);
  EXPECT_FALSE(first.armed());
  EXPECT_FALSE(second.armed());
}

TEST_F(TimerWheelTest, ATimerMayDestroyItself) {
  auto* timer = new std::unique_ptr<CallbackTimer>;
  *timer = std::make_unique<CallbackTimer>([timer] { delete timer; });
  wheel.arm(**timer, 1050);
  wheel.advance(1050);
  EXPECT_EQ(wheel.next_deadline(), TimerWheel::kNever);
}

TEST_F(TimerWheelTest, TimersMayOutliveTheWheel) {
  CallbackTimer timer([] {});
  {
    TimerWheel shortlived(0);
    shortlived.arm(timer, 10);
  }
  EXPECT_FALSE(timer.armed());
}

TEST_F(TimerWheelTest, BehavesLikeASortedListOfDeadlines) {
  std::mt19937 random(7);
  std::multiset<std::int64_t> expected;
  std::vector<std::unique_ptr<CallbackTimer>> timers;
  std::int64_t now = 1000;
  std::vector<std::int64_t> times;
  for (int i = 0; i < 2000; ++i) {
    std::int64_t deadline = now + 1 + static_cast<std::int64_t>(random() % (1u << (random() % 24)));
    auto& added = timers.emplace_back();
    added = std::make_unique<CallbackTimer>([&times, deadline] { times.push_back(deadline); });
    wheel.arm(*added, deadline);
    if (random() % 4 == 0) {
      added->cancel();
    } else {
      expected.insert(deadline);
    }
    if (random() % 8 == 0) {
      now += random() % 5000;
      wheel.advance(now);
      while (!expected.empty() && *expected.begin() <= now) {
        ASSERT_FALSE(times.empty());
        ASSERT_EQ(times.front(), *expected.begin());
        times.erase(times.begin());
        expected.erase(expected.begin());
      }
      ASSERT_TRUE(times.empty());
    }
  }
}

}  // namespace
}  // namespace whirl::net
