#include "auth/http_jwks_fetcher.h"

#include <gtest/gtest.h>

#include "net/acceptor.h"

namespace whirl::auth {
namespace {

/// A server on the same loop that answers every request with `answer`.
class HttpJwksFetchers : public ::testing::Test {
 protected:
  struct Connection final : net::StreamHandler {
    Connection(HttpJwksFetchers& t, net::StreamPtr s) : test(t), stream(std::move(s)) {
      stream->set_handler(this);
    }
    void on_data(std::span<char> bytes) override {
      test.received_.append(bytes.data(), bytes.size());
      if (!test.answer_.empty()) stream->write(test.answer_);
    }
    void on_end() override { stream->close(); }
    HttpJwksFetchers& test;
    net::StreamPtr stream;
  };

  HttpJwksFetchers() {
    auto listeners = net::open_listeners({.host = "127.0.0.1"}, 1);
    url_ = fmt::format("http://127.0.0.1:{}/keys", net::local_port(listeners->front()));
    acceptor_ =
        std::make_unique<net::Acceptor>(loop_, std::move(listeners->front()), [this](net::StreamPtr stream) {
          connections_.push_back(std::make_unique<Connection>(*this, std::move(stream)));
        });
    client_ = std::make_unique<net::HttpClient>(loop_);
  }

  /// The document, or what went wrong.
  std::string fetch() {
    std::optional<Result<std::string>> result;
    HttpJwksFetcher fetcher(loop_, *client_);
    fetcher.fetch(url_, [&](Result<std::string> got) { result = std::move(got); });
    EXPECT_FALSE(result.has_value());
    for (int i = 0; i < 500 && !result; ++i) loop_.turn(10);
    if (!result) return "nothing";
    return *result ? **result : "error: " + result->error().message;
  }
  void answer(std::string_view status, std::string_view headers, std::string_view body) {
    answer_ =
        fmt::format("HTTP/1.1 {}\r\n{}Content-Length: {}\r\n\r\n{}", status, headers, body.size(), body);
  }

  net::Loop loop_;
  std::unique_ptr<net::Acceptor> acceptor_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::unique_ptr<net::HttpClient> client_;
  std::string url_;
  std::string received_;
  std::string answer_;
};

TEST_F(HttpJwksFetchers, BringTheDocument) {
  answer("200 OK", "", R"({"keys":[]})");
  EXPECT_EQ(fetch(), R"({"keys":[]})");
  EXPECT_TRUE(received_.starts_with("GET /keys HTTP/1.1\r\n")) << received_;
}

TEST_F(HttpJwksFetchers, TakeAnyOtherStatusAsAFailure) {
  answer("500 Internal Server Error", "", "{}");
  EXPECT_EQ(fetch(), "error: unexpected status code 500");
}

TEST_F(HttpJwksFetchers, AreNotLedToAnotherPlace) {
  answer("302 Found", fmt::format("Location: {}2\r\n", url_), "");
  EXPECT_EQ(fetch(), "error: unexpected status code 302");
  EXPECT_EQ(received_.find("/keys2"), std::string::npos);
}

TEST_F(HttpJwksFetchers, DoNotWaitForLong) {
  EXPECT_TRUE(fetch().starts_with("error: no answer"));
}

TEST_F(HttpJwksFetchers, LimitTheSizeOfTheDocument) {
  answer("200 OK", "", std::string(HttpJwksFetcher::kMaxBody, ' '));
  EXPECT_EQ(fetch().size(), HttpJwksFetcher::kMaxBody);
  answer("200 OK", "", std::string(HttpJwksFetcher::kMaxBody + 1, ' '));
  EXPECT_TRUE(fetch().starts_with("error: no answer"));
}

}  // namespace
}  // namespace whirl::auth
