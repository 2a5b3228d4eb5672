#include "http/streamed_request.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <utility>

namespace whirl::http {
namespace {

/// A request that comes in pieces, to a service with a few routes, over a carrier that remembers the answer.
class StreamedRequestTest : public ::testing::Test, public Carrier {
 protected:
  StreamedRequestTest() {
    Router router;
    router.add({"/echo",
                {},
                [this](Request& asked_for, Responder responder) {
                  asked = fmt::format("{} {}?{} {} {}", asked_for.method, asked_for.path, asked_for.query,
                                      asked_for.host, asked_for.header("X-Own"));
                  responder.reply(200, "text/plain", asked_for.body);
                },
                10});
    router.add({"/socket",
                {},
                [this](Request& asked_for, Responder responder) {
                  asked = fmt::format("{} over {}", asked_for.protocol, asked_for.version_name());
                  responder.empty(200);
                },
                10});
    service.emplace(loop, std::move(router));
  }

  void answer(Exchange&, int code, std::string_view, std::string_view content) override {
    status = code;
    body = content;
  }
  Upgraded release() override { return {}; }
  std::string peer_address() const override { return "peer"; }

  /// Sends a head; `path` and the fields after the usual ones.
  void head(std::string_view path, std::vector<std::pair<std::string, std::string>> more, bool ended) {
    request.emplace(*service, limits, 2);
    request->field(":method", "POST");
    request->field(":path", path);
    request->field(":authority", "example.com");
    for (auto& [name, value] : more) request->field(name, value);
    auto exchange = std::make_unique<Exchange>();
    exchange->carrier = this;
    request->head_complete(std::move(exchange), ended);
  }

  net::Loop loop;
  std::optional<Service> service;
  HeadLimits limits;
  std::optional<StreamedRequest> request;
  std::string asked;
  int status = 0;
  std::string body;
};

TEST_F(StreamedRequestTest, IsServedWhenItEnds) {
  head("/ec%68o?a=b", {{"x-own", "yes"}}, false);
  request->body("some");
  request->body("thing");
  EXPECT_EQ(status, 0);
  request->end();
  EXPECT_EQ(asked, "POST /echo?a=b example.com yes");
  EXPECT_EQ(status, 200);
  EXPECT_EQ(body, "something");
  EXPECT_TRUE(request->done());
}

TEST_F(StreamedRequestTest, NeedsNoBody) {
  head("/echo", {}, true);
  EXPECT_EQ(status, 200);
}

TEST_F(StreamedRequestTest, ForAnotherProtocolItIsServedAtOnce) {
  head("/socket", {{":protocol", "websocket"}}, false);
  EXPECT_EQ(asked, "websocket over h2");
}

TEST_F(StreamedRequestTest, TooMuchIsRefused) {
  head("/echo", {{"content-length", "11"}}, false);
  EXPECT_EQ(status, 413);
  EXPECT_TRUE(request->done());

  status = 0;
  head("/echo", {}, false);
  request->body("0123456789");
  EXPECT_EQ(status, 0);
  request->body("0");
  EXPECT_EQ(status, 413);
  request->end();
  EXPECT_EQ(asked, "");

  limits.bytes = 300;
  head("/echo", {{"x-own", std::string(200, 'x')}}, true);
  EXPECT_EQ(status, 431);
  limits.headers = 4;
  head("/echo", {{"a", ""}, {"b", ""}}, true);
  EXPECT_EQ(status, 431);
}

TEST_F(StreamedRequestTest, WhatMakesNoSenseIsRefused) {
  head("/%zz", {}, true);
  EXPECT_EQ(status, 400);
  head("/echo", {{"content-length", "x"}}, true);
  EXPECT_EQ(status, 400);
  head("/nowhere", {}, true);
  EXPECT_EQ(status, 404);
}

}  // namespace
}  // namespace whirl::http
