#include "http/head_parser.h"

#include <gtest/gtest.h>

namespace whirl::http {
namespace {

struct Parsed {
  Refusal refusal;
  Request request;
};

Parsed parse(std::string_view head, HeadLimits limits = {}) {
  Parsed out;
  EXPECT_EQ(HeadScanner().find_end(head), head.size()) << head;
  out.refusal = parse_head(head, limits, out.request);
  return out;
}

TEST(HeadParser, ReadsARequest) {
  std::string head =
      "POST /api/publish?a=1&b=%20 HTTP/1.1\r\n"
      "Host: example.com:8000\r\n"
      "content-length: 12\r\n"
      "X-Api-Key: \t secret \r\n"
      "\r\n";
  Request request;
  ASSERT_FALSE(parse_head(head, {}, request));
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/api/publish");
  EXPECT_EQ(request.query, "a=1&b=%20");
  EXPECT_EQ(request.query_value("b"), " ");
  EXPECT_EQ(request.host, "example.com:8000");
  EXPECT_EQ(request.content_length, 12u);
  EXPECT_EQ(request.header("x-api-key"), "secret");
  EXPECT_EQ(request.header("absent"), "");
  EXPECT_TRUE(request.keep_alive);
  EXPECT_TRUE(request.has_body());
}

TEST(HeadParser, DecodesThePath) {
  std::string head = "GET /a%2Fb%20c HTTP/1.1\r\nHost: x\r\n\r\n";
  Request request;
  ASSERT_FALSE(parse_head(head, {}, request));
  EXPECT_EQ(request.path, "/a/b c");
}

TEST(HeadParser, TakesThePathOfAnAbsoluteTarget) {
  struct Case {
    std::string_view target, path, query;
  };
  for (const Case& c :
       {Case{"http://proxy.example/x?y=1", "/x", "y=1"}, Case{"http://proxy.example", "/", ""},
        Case{"http://proxy.example?y=1", "/", "y=1"}, Case{"*", "*", ""}, Case{"/?", "/", ""}}) {
    std::string head = fmt::format("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", c.target);
    Request request;
    ASSERT_FALSE(parse_head(head, {}, request)) << c.target;
    EXPECT_EQ(request.path, c.path);
    EXPECT_EQ(request.query, c.query);
  }
}

TEST(HeadParser, KnowsWhetherTheConnectionGoesOn) {
  struct Case {
    std::string_view version, connection;
    bool keep_alive;
  };
  for (const Case& c :
       {Case{"1.1", "", true}, Case{"1.1", "close", false}, Case{"1.1", "upgrade, Close", false},
        Case{"1.0", "", false}, Case{"1.0", "Keep-Alive", true}}) {
    std::string head =
        fmt::format("GET / HTTP/{}\r\nHost: x\r\nConnection: {}\r\n\r\n", c.version, c.connection);
    Request request;
    ASSERT_FALSE(parse_head(head, {}, request));
    EXPECT_EQ(request.keep_alive, c.keep_alive) << c.version << " " << c.connection;
  }
}

TEST(HeadParser, FindsTokensInLists) {
  std::string head =
      "GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nConnection: foo,Upgrade \r\n\r\n";
  Request request;
  ASSERT_FALSE(parse_head(head, {}, request));
  EXPECT_TRUE(request.header_has_token("connection", "upgrade"));
  EXPECT_TRUE(request.header_has_token("connection", "keep-alive"));
  EXPECT_FALSE(request.header_has_token("connection", "up"));
}

TEST(HeadParser, AcceptsWhatIsUnusualButClear) {
  for (std::string_view head : {
           "GET / HTTP/1.1\nHost: x\n\n",
           "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
           "GET / HTTP/1.0\r\n\r\n",
           "GET / HTTP/1.1\r\nHost:\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: [::1]:8000\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: x\r\nX-Text: caf\xc3\xa9\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n",
       }) {
    EXPECT_EQ(parse(head).refusal.status, 0) << head;
  }
}

TEST(HeadParser, RefusesWhatIsWrong) {
  struct Case {
    int status;
    std::string head;
  };
  const std::vector<Case> cases = {
      {400, "GET /\r\n\r\n"},
      {400, "GET  / HTTP/1.1\r\nHost: x\r\n\r\n"},
      {400, "GET / / HTTP/1.1\r\nHost: x\r\n\r\n"},
      {400, "G@T / HTTP/1.1\r\nHost: x\r\n\r\n"},
      {400, "GET x HTTP/1.1\r\nHost: x\r\n\r\n"},
      {400, "GET /a\x01 HTTP/1.1\r\nHost: x\r\n\r\n"},
      {400, "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"},
      {400, "GET /%4 HTTP/1.1\r\nHost: x\r\n\r\n"},
      {400, "GET / http/1.1\r\nHost: x\r\n\r\n"},
      {400, "GET / HTTP/1.1x\r\nHost: x\r\n\r\n"},
      {400, "\x16\x03\x01 / HTTP/1.1\r\nHost: x\r\n\r\n"},
      {505, "GET / HTTP/2.0\r\nHost: x\r\n\r\n"},
      {505, "PRI * HTTP/2.0\r\n\r\n"},
      {505, "GET / HTTP/1.2\r\nHost: x\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: x\r\nNo colon\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: x\r\nName : v\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: x\r\n: v\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: x\r\nA: 1\r\n folded\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: x\r\nA: a\rb\r\n\r\n"},
      {400, std::string("GET / HTTP/1.1\r\nHost: x\r\nA: a") + '\0' + "b\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {400, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {501, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"},
      {417, "POST / HTTP/1.1\r\nHost: x\r\nExpect: a-miracle\r\n\r\n"},
  };
  for (const Case& c : cases) EXPECT_EQ(parse(c.head).refusal.status, c.status) << c.head;
}

TEST(HeadParser, BoundsBytesAndHeaders) {
  std::string head = "GET / HTTP/1.1\r\nHost: x\r\nA: 1\r\n\r\n";
  EXPECT_EQ(parse(head, {.bytes = head.size(), .headers = 2}).refusal.status, 0);
  EXPECT_EQ(parse(head, {.bytes = head.size() - 1, .headers = 2}).refusal.status, 431);
  EXPECT_EQ(parse(head, {.bytes = head.size(), .headers = 1}).refusal.status, 431);
}

TEST(HeadScanner, FindsTheEndHoweverTheBytesArrive) {
  std::string head = "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n";
  std::string bytes = head + "body\r\n\r\n";
  for (std::size_t step = 1; step < 7; ++step) {
    HeadScanner scanner;
    std::size_t end = 0;
    for (std::size_t size = step; end == 0; size += step)
      end = scanner.find_end(std::string_view(bytes).substr(0, size));
    EXPECT_EQ(end, head.size()) << step;
  }
}

TEST(HeadScanner, DoesNotTakeEmptyLinesForARequest) {
  HeadScanner scanner;
  EXPECT_EQ(scanner.find_end("\r\n\r\n\n\n"), 0u);
}

}  // namespace
}  // namespace whirl::http
