#include "admin/admin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "admin/page.h"
#include "admin/token.h"
#include "base/log.h"
#include "http/server.h"
#include "testing/hub_fixture.h"
#include "testing/stream_pair.h"

namespace whirl::admin {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

struct Answer {
  int status = 0;
  std::string head;
  std::string body;
};

/// The admin interface on one loop of a node with the memory engine; the test speaks HTTP to it.
class AdminTest : public testing::HubFixture {
 protected:
  AdminTest() {
    log::set_level(log::Level::none);
    options_.password = "open sesame & more";
    options_.secret = "secret";
  }
  ~AdminTest() override {
    server_.reset();
    settle();
    log::set_level(log::Level::info);
  }

  void start() {
    rules_ = *channel::Rules::build({}, {});
    context_.reset(new api::Context{*node_, metrics_[0]->api,
                                    [this]() -> const channel::Rules& { return *rules_; }, "http"});
    config::HttpAPI api_options;
    api_options.key = "key";
    api_ = std::make_unique<api::HttpApi>(*context_, api_options);
    admin_ = std::make_unique<Admin>(options_, *api_, clock_);
    http::Router router;
    admin_->mount(router);
    server_ = std::make_unique<http::Server>(runtime_->loop(0), std::move(router));
  }

  /// Sends bytes on a connection of their own.
  Answer say(std::string_view bytes) {
    if (!server_) start();
    testing::StreamPair pair(runtime_->loop(0));
    server_->accept(std::move(pair.stream));
    testing::Client client(std::move(pair.peer));
    client.send(bytes);
    settle();
    const std::string& text = client.received();
    std::size_t end = text.find("\r\n\r\n");
    if (end == std::string::npos) return {};
    return {std::stoi(text.substr(9, 3)), text.substr(0, end), text.substr(end + 4)};
  }
  Answer request(std::string_view method, std::string_view target, std::string_view headers = "",
                 std::string_view body = "") {
    return say(fmt::format("{} {} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n{}\r\n{}", method, target,
                           body.size(), headers, body));
  }

  Answer log_in(std::string_view form) {
    return request("POST", "/admin/auth", "Content-Type: application/x-www-form-urlencoded\r\n", form);
  }
  std::string token() {
    const std::string body = log_in("password=open+sesame+%26+more").body;
    constexpr std::string_view kStart = "{\"token\":\"";
    EXPECT_THAT(body, StartsWith(std::string(kStart)));
    return body.substr(kStart.size(), body.find('"', kStart.size()) - kStart.size());
  }
  Answer info(std::string_view authorization) {
    const std::string header =
        authorization.empty() ? "" : fmt::format("Authorization: {}\r\n", authorization);
    return request("POST", "/admin/api", header, R"({"method":"info","params":{}})");
  }

  config::Admin options_;
  channel::RulesPtr rules_;
  std::unique_ptr<api::Context> context_;
  std::unique_ptr<api::HttpApi> api_;
  std::unique_ptr<Admin> admin_;
  std::unique_ptr<http::Server> server_;
};

TEST_F(AdminTest, ThePasswordOpensTheApi) {
  const std::string shown = token();
  for (std::string_view scheme : {"token ", "Token  ", "TOKEN "}) {
    const Answer answer = info(std::string(scheme) + shown);
    EXPECT_EQ(answer.status, 200);
    EXPECT_THAT(answer.body, StartsWith(R"({"result":{"nodes":[{)"));
  }
  EXPECT_THAT(request("POST", "/admin/api", "Authorization: token " + shown + "\r\n",
                      R"({"method":"publish","params":{}})")
                  .body,
              StartsWith(R"({"error":{"code":107)"));
}

TEST_F(AdminTest, NothingElseOpensTheApi) {
  const std::string shown = token();
  for (const std::string& authorization :
       {std::string(), "Bearer " + shown, shown, std::string("token"), "token " + shown + " x",
        std::string("token wrong"), std::string("apikey key")}) {
    const Answer answer = info(authorization);
    EXPECT_EQ(answer.status, 401) << authorization;
    EXPECT_EQ(answer.body, "");
  }
  EXPECT_EQ(request("GET", "/admin/api", "Authorization: token " + shown + "\r\n").status, 405);
}

TEST_F(AdminTest, ALoginEnds) {
  const std::string shown = token();
  pass((kTokenLifetimeS - 1) * 1000);
  EXPECT_EQ(info("token " + shown).status, 200);
  pass(1000);
  EXPECT_EQ(info("token " + shown).status, 401);
}

TEST_F(AdminTest, RefusesOtherPasswords) {
  for (std::string_view form : {"", "password=", "password=wrong", "pass=open+sesame+%26+more"}) {
    const Answer answer = log_in(form);
    EXPECT_EQ(answer.status, 400) << form;
    EXPECT_EQ(answer.body, "Bad Request\n");
  }
  EXPECT_EQ(request("POST", "/admin/auth", "", "password=open+sesame+%26+more").status, 400);
  EXPECT_EQ(request("GET", "/admin/auth").status, 405);
  EXPECT_EQ(say("POST /admin/auth HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n").status, 413);
}

TEST_F(AdminTest, NobodyLogsInWithoutBothPasswordAndSecret) {
  for (bool has_password : {true, false}) {
    (has_password ? options_.secret : options_.password).clear();
    server_.reset();
    EXPECT_EQ(log_in("password=").status, 400);
    EXPECT_EQ(log_in("password=open+sesame+%26+more").status, 400);
    options_.secret = "secret";
  }
}

TEST_F(AdminTest, InitTellsWhereAPageStands) {
  EXPECT_EQ(request("GET", "/admin/init").body,
            "{\"authenticated\":false,\"edition\":\"oss\",\"insecure\":false}\n");
  const std::string shown = token();
  EXPECT_EQ(request("GET", "/admin/init", "Authorization: token " + shown + "\r\n").body,
            "{\"authenticated\":true,\"edition\":\"oss\",\"insecure\":false}\n");
}

TEST_F(AdminTest, InsecureAsksForNothing) {
  options_.insecure = true;
  EXPECT_EQ(info("").status, 200);
  EXPECT_EQ(request("GET", "/admin/init").body,
            "{\"authenticated\":true,\"edition\":\"oss\",\"insecure\":true}\n");
}

TEST_F(AdminTest, ServesThePageWithoutLettingItReachElsewhere) {
  const Answer answer = request("GET", "/");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, page());
  EXPECT_THAT(answer.head, HasSubstr("Content-Type: text/html; charset=utf-8"));
  EXPECT_THAT(answer.head, HasSubstr("Content-Security-Policy: default-src 'none';"));
  EXPECT_THAT(answer.body, Not(HasSubstr("https://")));
  EXPECT_EQ(request("GET", "/other").status, 404);
}

TEST_F(AdminTest, EverythingMovesBelowAPrefix) {
  options_.handler_prefix = "/control/";
  EXPECT_EQ(request("GET", "/control/").body, page());
  EXPECT_EQ(request("GET", "/control/admin/init").status, 200);
  const Answer redirect = request("GET", "/control");
  EXPECT_EQ(redirect.status, 301);
  EXPECT_THAT(redirect.head, HasSubstr("Location: /control/"));
  EXPECT_EQ(request("GET", "/admin/init").status, 404);
  EXPECT_EQ(request("GET", "/").status, 404);
}

TEST(AdminToken, IsGoodForItsSecretUntilItEnds) {
  const std::string token = make_token("secret", 1000);
  EXPECT_TRUE(accepts_token("secret", token, 0));
  EXPECT_TRUE(accepts_token("secret", token, 999));
  EXPECT_FALSE(accepts_token("secret", token, 1000));
  EXPECT_FALSE(accepts_token("other", token, 0));
  EXPECT_FALSE(accepts_token("", token, 0));
}

TEST(AdminToken, CannotBeChanged) {
  const std::string token = make_token("secret", 1000);
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == '9' ? '8' : '9';
    EXPECT_FALSE(accepts_token("secret", changed, 0)) << changed;
    EXPECT_FALSE(accepts_token("secret", token.substr(0, i), 0));
  }
  EXPECT_FALSE(accepts_token("secret", token + "A", 0));
}

}  // namespace
}  // namespace whirl::admin
