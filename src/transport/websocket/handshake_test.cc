#include "transport/websocket/handshake.h"

#include <gtest/gtest.h>

namespace whirl::transport::websocket {
namespace {

/// A request to open a WebSocket as a stream of an HTTP/2 session (RFC 8441).
class ExtendedConnectTest : public ::testing::Test {
 protected:
  ExtendedConnectTest() {
    request.method = "CONNECT";
    request.protocol = "websocket";
    request.version = 2;
    request.headers = {{"sec-websocket-version", "13"}};
  }
  Handshake check() { return check_handshake(request, origins, true); }

  http::OriginRule origins = *http::OriginRule::create({"https://app.example.com"});
  http::Request request;
};

TEST_F(ExtendedConnectTest, NeedsNeitherKeyNorUpgrade) {
  EXPECT_EQ(check().refusal, 0);
  EXPECT_EQ(check().accept_key, "");
}

TEST_F(ExtendedConnectTest, NegotiatesAsOthersDo) {
  request.headers.push_back({"sec-websocket-protocol", "other, centrifuge-protobuf"});
  request.headers.push_back({"sec-websocket-extensions", "permessage-deflate; client_max_window_bits"});
  EXPECT_EQ(check().subprotocol, kProtobufSubprotocol);
  EXPECT_TRUE(check().compression);
}

TEST_F(ExtendedConnectTest, IsRefusedForVersionAndOrigin) {
  request.headers.push_back({"origin", "https://evil.example.com"});
  EXPECT_EQ(check().refusal, 403);
  request.headers = {{"sec-websocket-version", "12"}};
  EXPECT_EQ(check().refusal, 400);
}

TEST_F(ExtendedConnectTest, IsForNoOtherProtocol) {
  request.protocol = "connect-udp";
  EXPECT_EQ(check().refusal, 400);
}

}  // namespace
}  // namespace whirl::transport::websocket
