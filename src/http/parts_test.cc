// The small pure parts: queries, origins, rates, routes, response heads.
#include <gtest/gtest.h>

#include "http/origin.h"
#include "http/rate_limit.h"
#include "http/response.h"
#include "http/router.h"
#include "http/url.h"

namespace whirl::http {
namespace {

TEST(Query, GivesTheFirstDecodedValue) {
  EXPECT_EQ(query_value("format=protobuf&x=1", "format"), "protobuf");
  EXPECT_EQ(query_value("a=1&a=2", "a"), "1");
  EXPECT_EQ(query_value("k%65y=a+b%21", "key"), "a b!");
  EXPECT_EQ(query_value("key", "key"), "");
  EXPECT_EQ(query_value("key=%zz&key=2", "key"), "2");
  EXPECT_EQ(query_value("key=1;2&x", "key"), "");
  EXPECT_EQ(query_value("", "key"), "");
}

TEST(OriginRule, MatchesPatternsWithoutRegardToCase) {
  auto rule = OriginRule::create({"https://app.example.com", "https://*.partner.example.org", "null"});
  ASSERT_TRUE(rule);
  EXPECT_TRUE(rule->allows(""));
  EXPECT_TRUE(rule->allows("HTTPS://APP.Example.com"));
  EXPECT_TRUE(rule->allows("https://eu.partner.example.org"));
  EXPECT_TRUE(rule->allows("null"));
  EXPECT_FALSE(rule->allows("https://partner.example.org"));
  EXPECT_FALSE(rule->allows("http://app.example.com"));
  EXPECT_FALSE(rule->allows("%zz"));
}

TEST(OriginRule, WithoutPatternsAllowsOnlyRequestsWithoutOrigin) {
  auto rule = OriginRule::create({});
  EXPECT_TRUE(rule->allows(""));
  EXPECT_FALSE(rule->allows("https://app.example.com"));
}

TEST(OriginRule, NamesTheBrokenPattern) {
  auto rule = OriginRule::create({"https://[a"});
  ASSERT_FALSE(rule);
  EXPECT_NE(rule.error().message.find("https://[a"), std::string::npos);
}

TEST(RateLimit, LetsABurstPassAndThenOneEachSecond) {
  RateLimit limit(3);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.allow(10'000));
  EXPECT_FALSE(limit.allow(10'000));
  EXPECT_FALSE(limit.allow(10'999));
  EXPECT_TRUE(limit.allow(11'000));
  EXPECT_FALSE(limit.allow(11'000));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.allow(60'000));
  EXPECT_FALSE(limit.allow(60'000));
}

TEST(RateLimit, MayChange) {
  RateLimit limit(0);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(limit.allow(10'000));
  limit.set_burst(1);
  EXPECT_TRUE(limit.allow(10'000));
  EXPECT_FALSE(limit.allow(10'000));
  limit.set_burst(0);
  EXPECT_TRUE(limit.allow(10'000));
}

TEST(Router, PrefersTheExactPathAndThenTheLongestSubtree) {
  Router router;
  for (const char* path : {"/api", "/admin/", "/admin/api/"})
    router.add({.path = path, .filters = {}, .handler = {}});
  EXPECT_EQ(router.find("/api")->path, "/api");
  EXPECT_EQ(router.find("/api/"), nullptr);
  EXPECT_EQ(router.find("/admin/x")->path, "/admin/");
  EXPECT_EQ(router.find("/admin/api/x/y")->path, "/admin/api/");
  EXPECT_EQ(router.find("/"), nullptr);
  EXPECT_EQ(router.find(""), nullptr);
  router.add({.path = "/", .filters = {}, .handler = {}});
  EXPECT_EQ(router.find("/nowhere")->path, "/");
}

TEST(Router, MakesPathsOfPrefixes) {
  EXPECT_EQ(Router::path_of_prefix("/connection/websocket"), "/connection/websocket");
  EXPECT_EQ(Router::path_of_prefix("/x//"), "/x");
  EXPECT_EQ(Router::path_of_prefix("/"), "/");
  EXPECT_EQ(Router::path_of_prefix(""), "/");
}

std::string head(ResponseHead response) {
  std::string out;
  append_head(out, response);
  return out;
}

TEST(ResponseHead, SaysHowTheBodyEnds) {
  EXPECT_EQ(head({.status = 200, .content_type = "text/plain", .content_length = 3}),
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(head({.status = 204, .content_length = 0}), "HTTP/1.1 204 No Content\r\n\r\n");
  EXPECT_EQ(head({.status = 200}), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(head({.status = 200, .minor_version = 0, .keep_alive = false}),
            "HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(head({.status = 799, .extra = "A: b\r\n", .content_length = 0, .minor_version = 0}),
            "HTTP/1.0 799 Unknown\r\nA: b\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n");
}

TEST(ResponseHead, AHeaderValueCannotBeginAnotherLine) {
  std::string out;
  append_header(out, "A", "b\r\nSet-Cookie: c");
  EXPECT_EQ(out, "A: b  Set-Cookie: c\r\n");
}

TEST(ResponseHead, DatesAreInTheFormOfHttp) {
  EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
}

}  // namespace
}  // namespace whirl::http
