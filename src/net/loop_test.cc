#include "net/loop.h"

#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <thread>

#include "net/runtime.h"

namespace whirl::net {
namespace {

class LoopTest : public testing::Test {
 public:
  void note(int what) { order.push_back(what); }
  ManualClock clock;
  Loop loop{0, clock};
  std::vector<int> order;
};

TEST_F(LoopTest, ATurnRunsTimersThenMailboxThenDeferredThenFlushesThenBurials) {
  struct Flush final : TurnEnd {
    Flush(LoopTest& t) : test(t) {}
    void on_turn_end() override { test.note(4); }
    LoopTest& test;
  } flush(*this);
  struct Corpse {
    LoopTest& test;
    ~Corpse() { test.note(5); }
  };
  loop.destroy_later(std::unique_ptr<Corpse>(new Corpse{*this}));
  loop.at_end_of_turn(&flush);
  loop.at_end_of_turn(&flush);
  loop.defer([this] { note(3); });
  loop.post([this] {
    EXPECT_EQ(Loop::current(), &loop);
    note(2);
  });
  CallbackTimer timer([this] { note(1); });
  loop.arm(timer, 10);
  clock.advance(10);
  loop.turn();
  EXPECT_EQ(order, std::vector({1, 2, 3, 4, 5}));
  EXPECT_EQ(Loop::current(), nullptr);
}

TEST_F(LoopTest, TheTimeStandsStillWithinATurn) {
  std::int64_t start = loop.now_ms();
  loop.post([&] {
    clock.advance(50);
    EXPECT_EQ(loop.now_ms(), start);
  });
  loop.turn();
  loop.turn();
  EXPECT_EQ(loop.now_ms(), start + 50);
}

TEST_F(LoopTest, ATaskPostedFromATaskRunsInTheNextTurn) {
  loop.post([this] {
    note(1);
    loop.post([this] { note(2); });
  });
  loop.turn();
  EXPECT_EQ(order, std::vector({1}));
  loop.turn();
  EXPECT_EQ(order, std::vector({1, 2}));
}

TEST_F(LoopTest, EndlessFlushingDoesNotHoldTheTurn) {
  struct Flush final : TurnEnd {
    Flush(Loop& l) : loop(l) {}
    void on_turn_end() override {
      ++count;
      loop.at_end_of_turn(this);
    }
    Loop& loop;
    int count = 0;
  } flush(loop);
  loop.at_end_of_turn(&flush);
  loop.turn();
  EXPECT_GE(flush.count, 1);
  EXPECT_LT(flush.count, 100);
}

TEST_F(LoopTest, ADestroyedObjectIsNotFlushed) {
  struct Flush final : TurnEnd {
    void on_turn_end() override { FAIL(); }
  };
  auto flush = std::make_unique<Flush>();
  loop.at_end_of_turn(flush.get());
  flush.reset();
  loop.turn();
}

TEST_F(LoopTest, ResidentsEndWhenReleasedOrWithTheLoop) {
  struct Guest final : Resident {
    Guest(std::vector<int>& o, int n) : log(o), name(n) {}
    ~Guest() override { log.push_back(name); }
    std::vector<int>& log;
    int name;
  };
  {
    Loop shortlived(1, clock);
    shortlived.keep(std::make_unique<Guest>(order, 1));
    Guest& second = shortlived.keep(std::make_unique<Guest>(order, 2));
    shortlived.keep(std::make_unique<Guest>(order, 3));
    shortlived.release_later(second);
    shortlived.release_later(second);
    EXPECT_TRUE(order.empty());
    shortlived.turn();
    EXPECT_EQ(order, std::vector({2}));
  }
  EXPECT_EQ(order, std::vector({2, 3, 1}));
}

/// Two ends of a socket pair whose handlers unwatch each other when they are called.
TEST_F(LoopTest, AnUnwatchedHandlerIsNotCalledEvenInTheSameBatch) {
  struct Handler final : IoHandler {
    void on_io(std::uint32_t) override {
      ++calls;
      loop->unwatch(other_fd, other);
    }
    Loop* loop = nullptr;
    Handler* other = nullptr;
    int other_fd = -1;
    int calls = 0;
  } left, right;
  int pair[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
  Fd left_fd(pair[0]);
  Fd right_fd(pair[1]);
  left.loop = right.loop = &loop;
  left.other = &right;
  left.other_fd = pair[1];
  right.other = &left;
  right.other_fd = pair[0];
  ASSERT_TRUE(loop.watch(pair[0], EPOLLOUT, &left));
  ASSERT_TRUE(loop.watch(pair[1], EPOLLOUT, &right));
  loop.turn();
  EXPECT_EQ(left.calls + right.calls, 1);
}

TEST_F(LoopTest, RepeatedIoComesInTheNextTurn) {
  struct Handler final : IoHandler {
    void on_io(std::uint32_t events) override { seen.push_back(events); }
    std::vector<std::uint32_t> seen;
  } handler;
  loop.repeat_io(&handler, EPOLLIN);
  EXPECT_TRUE(handler.seen.empty());
  loop.turn(-1);
  EXPECT_EQ(handler.seen, std::vector<std::uint32_t>({EPOLLIN}));
}

TEST_F(LoopTest, WhatComesLaterIsBehindWhatIsNewAndHasAPartOfATurn) {
  struct Handler final : IoHandler {
    void on_io(std::uint32_t) override {
      seen->push_back(name);
      clock->advance(2);
      if (repeats) loop->later_io(this, EPOLLIN);
    }
    char name = 0;
    bool repeats = true;
    Loop* loop = nullptr;
    ManualClock* clock = nullptr;
    std::string* seen = nullptr;
  };
  std::string seen;
  Handler floods[6];
  Handler other;
  other.repeats = false;
  for (Handler* each : {&floods[0], &floods[1], &floods[2], &floods[3], &floods[4], &floods[5], &other}) {
    each->name = each == &other ? '!' : static_cast<char>('a' + (each - floods));
    each->loop = &loop;
    each->clock = &clock;
    each->seen = &seen;
    if (each != &other) loop.later_io(each, EPOLLIN);
  }
  loop.turn();
  loop.turn();
  EXPECT_EQ(seen, "abcdef");
  int pair[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
  Fd left(pair[0]);
  Fd right(pair[1]);
  ASSERT_TRUE(loop.watch(pair[0], EPOLLOUT | EPOLLET, &other));
  loop.turn();
  EXPECT_EQ(seen, "abcdef!abc");
  loop.repeat_io(&other, EPOLLIN);
  loop.turn();
  EXPECT_EQ(seen, "abcdef!abc!def");
  loop.unwatch(pair[0], &other);
  loop.unwatch(-1, &floods[4]);
  loop.turn();
  loop.turn();
  EXPECT_EQ(seen, "abcdef!abc!defabcdfa");
}

TEST(LoopMailbox, TasksOfOneSenderRunInOrderAndNoneIsLost) {
  constexpr int kSenders = 3;
  constexpr int kTasks = 20'000;
  Loop loop;
  std::array<int, kSenders> last{};
  int done = 0;
  std::vector<std::thread> senders;
  for (int s = 0; s < kSenders; ++s) {
    senders.emplace_back([&, s] {
      for (int i = 1; i <= kTasks; ++i) {
        loop.post([&, s, i] {
          ASSERT_EQ(last[static_cast<std::size_t>(s)] + 1, i);
          last[static_cast<std::size_t>(s)] = i;
          if (i == kTasks && ++done == kSenders) loop.stop();
        });
      }
    });
  }
  loop.run();
  for (auto& sender : senders) sender.join();
  EXPECT_EQ(done, kSenders);
}

TEST(LoopMailbox, TasksLeftOverAreDestroyedUnrun) {
  auto token = std::make_shared<int>(0);
  {
    Loop loop;
    loop.post([token] { FAIL(); });
  }
  EXPECT_EQ(token.use_count(), 1);
}

TEST(Runtime, LoopsPassMessagesAroundAndStop) {
  Runtime runtime(3);
  ASSERT_EQ(runtime.size(), 3);
  std::atomic<int> hops{0};
  std::function<void(int)> hop = [&](int at) {
    EXPECT_EQ(Loop::current(), &runtime.loop(at));
    if (++hops == 1000) return runtime.stop();
    int next = (at + 1) % 3;
    runtime.loop(next).post([&hop, next] { hop(next); });
  };
  runtime.start();
  runtime.loop(0).post([&] { hop(0); });
  runtime.join();
  EXPECT_EQ(hops, 1000);
}

TEST(Runtime, OnEachRunsOnEveryLoopBeforeWhileAndAfter) {
  Runtime runtime(2);
  std::atomic<int> calls{0};
  runtime.on_each([&](Loop&) { ++calls; });
  runtime.start();
  runtime.on_each([&](Loop& loop) {
    EXPECT_EQ(Loop::current(), &loop);
    ++calls;
  });
  runtime.stop();
  runtime.join();
  runtime.on_each([&](Loop&) { ++calls; });
  EXPECT_EQ(calls, 6);
}

TEST(Runtime, OwnersAreSpreadAndStable) {
  Runtime runtime(4);
  std::array<int, 4> counts{};
  for (std::uint64_t hash = 0; hash < 4000; ++hash) {
    EXPECT_EQ(&runtime.owner_of(hash), &runtime.loop(runtime.owner_index(hash)));
    ++counts[static_cast<std::size_t>(runtime.owner_index(hash))];
  }
  for (int count : counts) EXPECT_GT(count, 800);
  EXPECT_GE(usable_cpus(), 1);
}

}  // namespace
}  // namespace whirl::net
