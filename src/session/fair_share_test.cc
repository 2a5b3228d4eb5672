#include "session/fair_share.h"

#include <gtest/gtest.h>

#include "testing/session_fixture.h"

namespace whirl::session {
namespace {

/// Each answer takes a millisecond here, which is as much as a session may take of a turn.
class FairShareTest : public SessionFixture {
 protected:
  Peer& laborious() {
    Peer& peer = join();
    peer.on_hearing = [this] { clock_.advance(1); };
    return peer;
  }
  static std::string calls(int count) {
    std::string out;
    for (int id = 1; id <= count; ++id) out += R"({"id":)" + std::to_string(id) + R"(,"rpc":{}})" + "\n";
    out.pop_back();
    return out;
  }
  void turn() { runtime_->loop(0).turn(); }
  void later(std::function<void()> call) { runtime_->loop(0).post(std::move(call)); }
  std::size_t heard_by_all() const {
    std::size_t sum = 0;
    for (const auto& peer : peers_) sum += peer->heard.size();
    return sum;
  }
};

TEST_F(FairShareTest, AFloodIsAnsweredOverManyTurnsAndOthersAtOnce) {
  Peer& flood = laborious();
  Peer& other = join();
  later([&] {
    flood.session->on_frame(calls(40));
    flood.session->on_frame(R"({"id":41,"rpc":{}})");  // what the transport had read already
    other.session->on_frame(R"({"id":7,"rpc":{}})");
  });
  turn();
  EXPECT_LE(flood.heard.size(), 3u);
  EXPECT_TRUE(flood.paused);
  EXPECT_EQ(other.heard.size(), 1u);
  for (int i = 0; i < 45; ++i) turn();
  ASSERT_EQ(flood.heard.size(), 41u);
  for (std::size_t i = 0; i < 41; ++i) {
    EXPECT_TRUE(flood.heard[i].starts_with(R"({"id":)" + std::to_string(i + 1) + ",")) << flood.heard[i];
  }
  EXPECT_FALSE(flood.paused);
}

TEST_F(FairShareTest, ManyFloodsTakeNoMoreOfATurnThanAFew) {
  for (int i = 0; i < 50; ++i) laborious();
  later([&] {
    for (const auto& peer : peers_) peer->session->on_frame(calls(20));
  });
  const std::int64_t came_ms = clock_.monotonic_ms();
  turn();  // all come at once, each gets an answer and few get more
  EXPECT_LE(clock_.monotonic_ms() - came_ms, 50 + FairShare::kTurnMs);
  while (heard_by_all() < 50u * 20) {
    const std::size_t before = heard_by_all();
    const std::int64_t began_ms = clock_.monotonic_ms();
    turn();
    ASSERT_GT(heard_by_all(), before);
    EXPECT_LE(clock_.monotonic_ms() - began_ms, FairShare::kOverdueMs + 2 * FairShare::kShareMs);
  }
}

TEST_F(FairShareTest, ManyWhoConnectAreLetInOverSeveralTurns) {
  for (int i = 0; i < 30; ++i) open().on_hearing = [this] { clock_.advance(1); };
  later([&] {
    for (const auto& peer : peers_) peer->session->on_frame(R"({"id":1,"connect":{}})");
  });
  for (int i = 0; heard_by_all() < 30 && i < 30; ++i) {
    const std::int64_t began_ms = clock_.monotonic_ms();
    turn();
    EXPECT_LE(clock_.monotonic_ms() - began_ms, FairShare::kTurnMs + FairShare::kOverdueMs + 1);
  }
  EXPECT_EQ(heard_by_all(), 30u);
}

TEST_F(FairShareTest, WhoWaitsGoesOnInTheOrderOfComing) {
  for (int i = 0; i < 20; ++i) laborious();
  later([&] {
    for (const auto& peer : peers_) peer->session->on_frame(calls(30));
  });
  for (int i = 0; i < 40; ++i) turn();
  std::size_t least = 30;
  std::size_t most = 0;
  for (const auto& peer : peers_) {
    least = std::min(least, peer->heard.size());
    most = std::max(most, peer->heard.size());
  }
  EXPECT_LE(most - least, 4u);
}

TEST_F(FairShareTest, AClientMayGoWhileItWaits) {
  Peer& flood = laborious();
  later([&] { flood.session->on_frame(calls(40)); });
  turn();
  in_loop([&] { flood.session->on_closed(); });
  const std::size_t heard = flood.heard.size();
  EXPECT_LT(heard, 40u);
  for (int i = 0; i < 45; ++i) turn();
  EXPECT_EQ(flood.heard.size(), heard);
}

}  // namespace
}  // namespace whirl::session
