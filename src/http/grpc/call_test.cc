#include "http/grpc/call.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "http/server.h"
#include "testing/h2_client.h"
#include "testing/stream_pair.h"

namespace whirl::http::grpc {
namespace {

using testing::H2Client;
using End = H2Client::End;

/// A server of a few methods on a loop that the test turns by hand, and one client.
class GrpcCallTest : public ::testing::Test {
 protected:
  GrpcCallTest() {
    method("/t/Echo", [](const CallPtr& call, std::string_view message) { call->reply(message); });
    method("/t/Later", [this](const CallPtr& call, std::string_view) { waiting.push_back(call); });
    method(
        "/t/Many", [](const CallPtr& call, std::string_view message) { call->send(message); }, true);
    calls.mount_unknown(router);
    ServerOptions options;
    options.http2.emplace();
    server = std::make_unique<Server>(loop, std::move(router), std::move(options));
    testing::StreamPair pair(loop);
    server->accept(std::move(pair.stream));
    client.emplace(std::move(pair.peer));
  }

  template <class Run>
  void method(std::string path, Run run, bool many = false) {
    Route route;
    route.path = std::move(path);
    route.reads_body = true;
    route.handler = [this, run, many](Request& request, Responder responder) {
      calls.begin(request, std::move(responder), OnMessage(run), many);
    };
    router.add(std::move(route));
  }

  std::int32_t begin(std::string_view path, H2Client::Fields more = {}) {
    more.emplace_back("content-type", "application/grpc");
    return client->request("POST", path, std::move(more), End::later);
  }
  std::int32_t call(std::string_view path, std::string_view message, H2Client::Fields more = {},
                    bool compressed = false) {
    const std::int32_t id = begin(path, std::move(more));
    std::string frame;
    append_message(frame, message, compressed);
    client->data(id, frame, End::now);
    talk();
    return id;
  }
  void talk(int rounds = 8) {
    for (int i = 0; i < rounds; ++i) {
      client->exchange();
      loop.turn(0);
    }
    client->exchange();
  }
  std::string status(std::int32_t id) { return client->answer(id).fields["grpc-status"]; }
  static std::string framed(std::string_view text) {
    std::string out;
    append_message(out, text);
    return out;
  }

  ManualClock clock;
  net::Loop loop{0, clock};
  Calls calls{loop, 1000};
  Router router;
  std::vector<CallPtr> waiting;
  std::unique_ptr<Server> server;
  std::optional<H2Client> client;
};

TEST_F(GrpcCallTest, IsAnswered) {
  const auto id = call("/t/Echo", "hello");
  EXPECT_EQ(client->answer(id).fields["content-type"], "application/grpc");
  EXPECT_EQ(client->answer(id).body, framed("hello"));
  EXPECT_EQ(status(id), "0");
  EXPECT_TRUE(client->answer(id).closed);
  EXPECT_EQ(calls.size(), 0U);
}

TEST_F(GrpcCallTest, CarriesManyMessagesIfItMay) {
  const auto id = begin("/t/Many");
  client->data(id, framed("one") + framed("two"));
  talk();
  EXPECT_EQ(client->answer(id).body, framed("one") + framed("two"));
  EXPECT_EQ(status(id), "");
  client->data(id, framed("three"), End::now);
  talk();
  EXPECT_EQ(client->answer(id).body, framed("one") + framed("two") + framed("three"));
  EXPECT_EQ(status(id), "0");
}

TEST_F(GrpcCallTest, IsCompressedIfTheClientDoes) {
  const auto id = call("/t/Echo", gzip("hello"), {{"grpc-encoding", "gzip"}}, true);
  EXPECT_EQ(client->answer(id).fields["grpc-encoding"], "gzip");
  std::string_view body = client->answer(id).body;
  MessageReader reader(1000);
  ASSERT_EQ(reader.next(body), MessageReader::Event::message);
  std::string out;
  gunzip(reader.take(), 1000, out);
  EXPECT_EQ(out, "hello");
  EXPECT_EQ(status(call("/t/Echo", "x", {{"grpc-encoding", "snappy"}})), "12");
  EXPECT_EQ(status(call("/t/Echo", "x", {}, true)), "13");
  EXPECT_EQ(status(call("/t/Echo", "no gzip", {{"grpc-encoding", "gzip"}}, true)), "13");
}

TEST_F(GrpcCallTest, MessagesHaveALimit) {
  EXPECT_EQ(status(call("/t/Echo", std::string(1001, 'a'))), "8");
  EXPECT_EQ(status(call("/t/Echo", gzip(std::string(1001, 'a')), {{"grpc-encoding", "gzip"}}, true)), "8");
  EXPECT_EQ(status(call("/t/Echo", std::string(1000, 'a'))), "0");
}

TEST_F(GrpcCallTest, HasADeadline) {
  const auto id = call("/t/Later", "x", {{"grpc-timeout", "50m"}});
  EXPECT_EQ(status(id), "");
  clock.advance(60);
  talk();
  EXPECT_EQ(status(id), "4");
  waiting[0]->reply("late");
  talk();
  EXPECT_EQ(calls.size(), 0U);
  EXPECT_EQ(status(call("/t/Echo", "x", {{"grpc-timeout", "soon"}})), "13");
}

TEST_F(GrpcCallTest, IsForgottenWhenTheClientCancels) {
  const auto id = call("/t/Later", "x");
  EXPECT_EQ(calls.size(), 1U);
  client->reset(id);
  talk();
  EXPECT_EQ(calls.size(), 0U);
  EXPECT_EQ(waiting[0]->take(), nullptr);
  waiting[0]->reply("nobody");
}

TEST_F(GrpcCallTest, NeedsAMessageAndAMethod) {
  const auto none = begin("/t/Echo");
  client->data(none, "", End::now);
  const auto head_only = client->request("POST", "/t/Echo", {{"content-type", "application/grpc"}});
  talk();
  EXPECT_EQ(status(none), "13");
  EXPECT_EQ(status(head_only), "13");
  const auto unknown = call("/t/Nothing", "x");
  EXPECT_EQ(status(unknown), "12");
  EXPECT_EQ(client->answer(unknown).fields["grpc-message"], "unknown method /t/Nothing");
}

TEST_F(GrpcCallTest, OtherRequestsAreRefused) {
  const auto get = client->request("GET", "/t/Echo");
  const auto json = client->request("POST", "/t/Echo", {{"content-type", "application/json"}});
  talk();
  EXPECT_EQ(client->answer(get).fields[":status"], "405");
  EXPECT_EQ(client->answer(json).fields[":status"], "415");
  testing::StreamPair old(loop);
  server->accept(std::move(old.stream));
  old.peer.send("POST /t/Echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  talk();
  EXPECT_TRUE(old.peer.receive().starts_with("HTTP/1.1 505"));
}

TEST_F(GrpcCallTest, AStreamCanBeTaken) {
  const auto id = call("/t/Later", "x");
  net::StreamPtr stream = waiting[0]->take();
  ASSERT_TRUE(stream);
  stream->write(framed("pushed"));
  talk();
  EXPECT_EQ(client->answer(id).body, framed("pushed"));
  close_with(*stream, {Code::unavailable, "shutdown"});
  talk();
  EXPECT_EQ(status(id), "14");
}

}  // namespace
}  // namespace whirl::http::grpc
