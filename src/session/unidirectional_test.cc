#include <gmock/gmock.h>

#include "testing/session_fixture.h"

namespace whirl::session {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class UnidirectionalTest : public SessionFixture {
 protected:
  std::string request(std::string_view claims) { return R"({"token":")" + token(claims) + "\"}"; }
};

TEST_F(UnidirectionalTest, TransportsMayTellWhyAConnectFailed) {
  client.allow_anonymous_connect_without_token = false;
  client.connect_code_to_unidirectional_disconnect = {.enabled = true,
                                                      .transforms = {{109, {4109, "again"}}}};
  const std::string expired = request(R"({"sub":"ann","exp":)" + in_seconds(-10) + "}");
  for (const auto& [asked, code] : {std::pair(expired, 109u), std::pair(std::string("{}"), 3501u)}) {
    Peer& peer = open(kUniJson, {.disconnect_push = true, .raw_connect_errors = true});
    in_loop([&peer, request = asked] { peer.session->on_connect_request(request); });
    EXPECT_EQ(peer.end_code(), code);
    EXPECT_THAT(peer.heard, IsEmpty());
  }
}

TEST_F(UnidirectionalTest, NativePingsComeBesideTheOthers) {
  client.ping_interval = config::Duration::seconds(10);
  client.pong_timeout = config::Duration::seconds(3);
  Peer& peer = open(kUniJson, {.native_ping = true});
  in_loop([&] { peer.session->on_connect_request(""); });
  EXPECT_THAT(peer.hears(), Contains(::testing::HasSubstr(R"("ping":10)")));
  pass(10'000);
  EXPECT_THAT(peer.hears(), ElementsAre("native ping", "{}"));
  in_loop([&] { peer.session->on_native_pong(); });
  pass(3'001);
  EXPECT_FALSE(peer.end);
  pass(10'000);
  pass(3'001);
  EXPECT_EQ(peer.end_code(), 3000u);
}

}  // namespace
}  // namespace whirl::session
