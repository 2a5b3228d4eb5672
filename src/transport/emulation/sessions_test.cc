#include "transport/emulation/sessions.h"

#include <gtest/gtest.h>

#include <optional>

namespace whirl::transport::emulation {
namespace {

class FakeReceiver final : public Receiver {
 public:
  bool on_commands(std::string_view data) override {
    taken += data;
    loop = net::Loop::current()->index();
    return data != "bad";
  }
  std::string taken;
  int loop = -1;
};

/// Three loops that the test turns by hand.
class SessionsTest : public ::testing::Test {
 protected:
  void turn() {
    for (int round = 0; round < 4; ++round) {
      for (int i = 0; i < runtime_.size(); ++i) runtime_.loop(i).turn(0);
    }
  }
  void on(int loop, net::Loop::Task task) {
    runtime_.loop(loop).post(std::move(task));
    turn();
  }
  std::optional<Sessions::Delivery> deliver(int from, const Uuid& id, std::string data) {
    std::optional<Sessions::Delivery> out;
    on(from, [&] {
      sessions_.deliver(id, data, [&, from](Sessions::Delivery delivery) {
        EXPECT_EQ(net::Loop::current()->index(), from);
        out = delivery;
      });
    });
    return out;
  }

  net::Runtime runtime_{3};
  Sessions sessions_{runtime_};
  FakeReceiver receiver_;
};

TEST_F(SessionsTest, AreFoundFromEveryLoop) {
  for (int home = 0; home < 3; ++home) {
    for (int i = 0; i < 10; ++i) {
      const Uuid id = Uuid::random();
      on(home, [&] { sessions_.add(id, receiver_); });
      for (int from = 0; from < 3; ++from) {
        receiver_ = {};
        EXPECT_EQ(deliver(from, id, "commands"), Sessions::Delivery::delivered);
        EXPECT_EQ(receiver_.taken, "commands");
        EXPECT_EQ(receiver_.loop, home);
      }
      on(home, [&] { sessions_.remove(id); });
      EXPECT_EQ(deliver(0, id, "late"), Sessions::Delivery::no_session);
    }
  }
}

TEST_F(SessionsTest, TellWhatBecameOfTheData) {
  const Uuid id = Uuid::random();
  on(1, [&] { sessions_.add(id, receiver_); });
  EXPECT_EQ(deliver(2, id, "bad"), Sessions::Delivery::malformed);
  EXPECT_EQ(deliver(2, Uuid::random(), "x"), Sessions::Delivery::no_session);
}

}  // namespace
}  // namespace whirl::transport::emulation
