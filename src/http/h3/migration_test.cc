#include "http/h3/server_fixture.h"

namespace whirl::http::h3 {
namespace {

/// Two loops, of which the second knows nobody.
class Http3MigrationTest : public Http3Test {
 protected:
  Http3MigrationTest() : Http3Test(2) {}
};

TEST_F(Http3MigrationTest, AClientMayChangeItsAddress) {
  auto& browser = connected();
  browser.path.peer.set_port(20'000);
  const auto id = browser.get("/hello");
  pass(500);
  EXPECT_EQ(browser.answer(id).status, 200);
}

TEST_F(Http3MigrationTest, PacketsThatReachAnotherLoopAreGivenToTheirOwn) {
  auto& browser = connected();
  QuicServer other(runtime_.loop(1), port_, credentials_, [](QuicStreams&) { return nullptr; });
  other.send_through(*this);
  wire_.to = &other;
  browser.path.peer.set_port(20'000);
  const auto id = browser.get("/hello");
  pass(500);
  EXPECT_EQ(browser.answer(id).status, 200);
  EXPECT_EQ(server_->connections(), 1u);
  EXPECT_EQ(other.connections(), 0u);
}

}  // namespace
}  // namespace whirl::http::h3
