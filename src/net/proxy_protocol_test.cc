#include "net/proxy_protocol.h"

#include <gtest/gtest.h>

#include "base/result.h"

namespace whirl::net {
namespace {

using State = ProxyHeader::State;

const std::string kSignature("\r\n\r\n\0\r\nQUIT\n", 12);

std::string binary(unsigned char command, unsigned char family, std::string_view body) {
  std::string out = kSignature;
  out += static_cast<char>(command);
  out += static_cast<char>(family);
  out += static_cast<char>(body.size() >> 8);
  out += static_cast<char>(body.size() & 0xff);
  return out.append(body);
}

const std::string kFour("\x01\x02\x03\x04\x05\x06\x07\x08\x1f\x90\x01\xbb", 12);  // ports 8080 and 443
const std::string kSix = std::string("\x20\x01\x0d\xb8", 4) + std::string(11, '\0') + '\x01' +
                         std::string(15, '\0') + '\x02' + std::string("\x1f\x90\x01\xbb", 4);

TEST(ProxyProtocol, WholeHeadersSayWhoTheClientIs) {
  struct Case {
    std::string header;
    std::string source;
  };
  const Case cases[] = {
      {"PROXY TCP4 1.2.3.4 5.6.7.8 8080 443\r\n", "1.2.3.4:8080"},
      {"PROXY TCP6 2001:db8::1 ::2 8080 443\r\n", "[2001:db8::1]:8080"},
      {"PROXY UNKNOWN\r\n", ""},
      {"PROXY UNKNOWN whatever this is\r\n", ""},
      {binary(0x21, 0x11, kFour), "1.2.3.4:8080"},
      {binary(0x21, 0x11, kFour + "\x04\x00\x03xyz"), "1.2.3.4:8080"},
      {binary(0x21, 0x21, kSix), "[2001:db8::1]:8080"},
      {binary(0x20, 0x00, ""), ""},
      {binary(0x20, 0x11, kFour), ""},
      {binary(0x21, 0x31, std::string(216, 'u')), ""},
      {binary(0x21, 0x00, ""), ""},
  };
  for (const Case& c : cases) {
    const ProxyHeader whole = read_proxy_header(c.header + "GET / HTTP/1.1\r\n");
    EXPECT_EQ(whole.state, State::complete) << c.header;
    EXPECT_EQ(whole.size, c.header.size()) << c.header;
    EXPECT_EQ(whole.source, c.source) << c.header;
    for (std::size_t i = 0; i < c.header.size(); ++i) {
      EXPECT_EQ(read_proxy_header(c.header.substr(0, i)).state, State::more) << c.header << " up to " << i;
    }
  }
}

TEST(ProxyProtocol, WhatIsNoHeaderIsRefused) {
  const std::string cases[] = {
      "GET / HTTP/1.1\r\n",
      "PROXX",
      "PROXY TCP4 1.2.3.4 5.6.7.8 8080\r\n",
      "PROXY TCP4 1.2.3.4 5.6.7.8 8080 443 1\r\n",
      "PROXY TCP4 1.2.3 5.6.7.8 8080 443\r\n",
      "PROXY TCP4 ::1 ::2 8080 443\r\n",
      "PROXY TCP4 1.2.3.4 5.6.7.8 80808 443\r\n",
      "PROXY TCP5 1.2.3.4 5.6.7.8 8080 443\r\n",
      "PROXY \r\n",
      "PROXY UNKNOWN " + std::string(100, 'x'),
      binary(0x22, 0x11, kFour),
      binary(0x11, 0x11, kFour),
      binary(0x21, 0x11, kFour.substr(1)),
      binary(0x21, 0x21, kFour),
      binary(0x21, 0x11, kFour + std::string(kMaxProxyHeader, 't')),
      "\x16\x03\x01",
  };
  for (const std::string& bytes : cases) EXPECT_EQ(read_proxy_header(bytes).state, State::malformed) << bytes;
}

}  // namespace
}  // namespace whirl::net
