#include "net/http_client.h"

#include <gtest/gtest.h>

#include "net/acceptor.h"

namespace whirl::net {
namespace {

/// A server on the same loop that remembers what it was sent and answers every request with `answer`.
class HttpClientTest : public ::testing::Test {
 protected:
  struct Connection final : StreamHandler {
    Connection(HttpClientTest& t, StreamPtr s) : test(t), stream(std::move(s)) { stream->set_handler(this); }
    void on_data(std::span<char> bytes) override {
      test.received.append(bytes.data(), bytes.size());
      if (!test.answer.empty()) stream->write(test.answer);
    }
    void on_end() override { stream->close(); }
    HttpClientTest& test;
    StreamPtr stream;
  };

  HttpClientTest() {
    auto listeners = open_listeners({.host = "127.0.0.1"}, 1);
    url = fmt::format("http://127.0.0.1:{}/path", local_port(listeners->front()));
    acceptor = std::make_unique<Acceptor>(loop, std::move(listeners->front()), [this](StreamPtr stream) {
      connections.push_back(std::make_unique<Connection>(*this, std::move(stream)));
    });
    client = std::make_unique<HttpClient>(loop);
  }

  void exchange(HttpRequest request) {
    done = false;
    if (request.url.empty()) request.url = url;
    client->send(std::move(request), [this](HttpResponse r) {
      response = std::move(r);
      done = true;
    });
    for (int i = 0; i < 500 && !done; ++i) loop.turn(10);
    ASSERT_TRUE(done);
  }

  Loop loop;
  std::unique_ptr<Acceptor> acceptor;
  std::vector<std::unique_ptr<Connection>> connections;
  std::unique_ptr<HttpClient> client;
  std::string url;
  std::string received;
  std::string answer = "HTTP/1.1 200 OK\r\nX-Answer:  yes \r\nContent-Length: 2\r\n\r\nok";
  HttpResponse response;
  bool done = false;
};

TEST_F(HttpClientTest, PostsABodyWithHeadersAndReadsTheAnswer) {
  exchange({.method = "POST", .headers = {{"X-Key", "secret"}, {"X-Empty", ""}}, .body = "{\"n\":1}"});
  EXPECT_TRUE(response.answered());
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "ok");
  ASSERT_FALSE(response.headers.empty());
  EXPECT_EQ(response.headers[0].first, "x-answer");
  EXPECT_EQ(response.headers[0].second, "yes");
  EXPECT_TRUE(received.starts_with("POST /path HTTP/1.1\r\n"));
  EXPECT_NE(received.find("X-Key: secret\r\n"), std::string::npos);
  EXPECT_NE(received.find("X-Empty:"), std::string::npos);
  EXPECT_TRUE(received.ends_with("{\"n\":1}"));
}

TEST_F(HttpClientTest, ConnectionsAreReused) {
  exchange({});
  exchange({});
  EXPECT_EQ(connections.size(), 1u);
}

TEST_F(HttpClientTest, SaysWhyThereWasNoAnswer) {
  acceptor->close();
  exchange({.timeout_ms = 2000});
  EXPECT_FALSE(response.answered());
  EXPECT_EQ(response.status, 0);
}

TEST_F(HttpClientTest, GivesUpAfterTheTimeout) {
  answer.clear();
  exchange({.timeout_ms = 30});
  EXPECT_FALSE(response.answered());
}

TEST_F(HttpClientTest, ALongerBodyThanAllowedIsAnError) {
  exchange({.max_body = 1});
  EXPECT_EQ(response.error, "the answer is longer than 1 bytes");
}

TEST_F(HttpClientTest, OnlyHttpIsSpoken) {
  exchange({.url = "file:///etc/hostname"});
  EXPECT_FALSE(response.answered());
}

TEST_F(HttpClientTest, ACancelledRequestIsNotCalledBack) {
  auto id = client->get(url, [](HttpResponse) { FAIL(); });
  EXPECT_EQ(client->in_flight(), 1u);
  client->cancel(id);
  EXPECT_EQ(client->in_flight(), 0u);
  exchange({});
}

TEST_F(HttpClientTest, TheClientMayBeDestroyedByACallback) {
  client->get(url, [this](HttpResponse) {
    client.reset();
    done = true;
  });
  client->get(url, [](HttpResponse) {});
  for (int i = 0; i < 500 && !done; ++i) loop.turn(10);
  EXPECT_TRUE(done);
  loop.turn();
}

}  // namespace
}  // namespace whirl::net
