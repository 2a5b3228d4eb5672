#include "net/proxy_protocol.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "base/result.h"

namespace whirl::net {
namespace {

using State = ProxyHeader::State;

constexpr std::string_view kText = "PROXY ";
constexpr std::string_view kBinary("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t kMaxTextLine = 107;  // with its end
constexpr std::size_t kBinaryHead = 16;

constexpr std::uint8_t kLocal = 0x20;
constexpr std::uint8_t kProxied = 0x21;

std::string shown(int family, const void* address, unsigned port) {
  char text[INET6_ADDRSTRLEN];
  if (!::inet_ntop(family, address, text, sizeof text)) return "";
  return family == AF_INET6 ? fmt::format("[{}]:{}", text, port) : fmt::format("{}:{}", text, port);
}

std::string_view take_word(std::string_view& rest) {
  std::string_view word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(std::min(word.size() + 1, rest.size()));
  return word;
}

bool parse_port(std::string_view text, unsigned& port) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return !text.empty() && error == std::errc{} && end == text.data() + text.size() && port <= 65535;
}

ProxyHeader read_text(std::string_view bytes) {
  const std::size_t end = bytes.substr(0, kMaxTextLine).find("\r\n");
  if (end == bytes.npos) return {bytes.size() < kMaxTextLine ? State::more : State::malformed};
  std::string_view rest = bytes.substr(kText.size(), end - kText.size());
  ProxyHeader out{State::complete, end + 2};
  const std::string_view kind = take_word(rest);
  if (kind == "UNKNOWN") return out;
  const int family = kind == "TCP4" ? AF_INET : kind == "TCP6" ? AF_INET6 : -1;
  const std::string from(take_word(rest));
  const std::string to(take_word(rest));
  const std::string_view from_port = take_word(rest);
  unsigned port = 0;
  unsigned other_port = 0;
  unsigned char address[16];
  unsigned char other[16];
  const bool good = family != -1 && ::inet_pton(family, from.c_str(), address) == 1 &&
                    ::inet_pton(family, to.c_str(), other) == 1 && parse_port(from_port, port) &&
                    parse_port(rest, other_port);
  if (!good) return {State::malformed};
  out.source = shown(family, address, port);
  return out;
}

unsigned number_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned>(static_cast<unsigned char>(bytes[at]) << 8 |
                               static_cast<unsigned char>(bytes[at + 1]));
}

// Families other than TCP over IP are taken and not looked at, as the specification wants it.
ProxyHeader read_binary(std::string_view bytes) {
  if (bytes.size() < kBinaryHead) return {State::more};
  const auto command = static_cast<std::uint8_t>(bytes[12]);
  const auto family = static_cast<std::uint8_t>(bytes[13]);
  const std::size_t length = number_at(bytes, 14);
  if ((command != kLocal && command != kProxied) || kBinaryHead + length > kMaxProxyHeader)
    return {State::malformed};
  struct Family {
    std::uint8_t code;
    int family;
    std::size_t address;
  };
  ProxyHeader out{State::complete, kBinaryHead + length};
  for (Family known : {Family{0x11, AF_INET, 4}, Family{0x21, AF_INET6, 16}}) {
    if (family != known.code || command == kLocal) continue;
    if (length < 2 * known.address + 4) return {State::malformed};
    if (bytes.size() < out.size) return {State::more};
    const unsigned port = number_at(bytes, kBinaryHead + 2 * known.address);
    out.source = shown(known.family, bytes.data() + kBinaryHead, port);
  }
  if (bytes.size() < out.size) return {State::more};
  return out;
}

}  // namespace

ProxyHeader read_proxy_header(std::string_view bytes) {
  if (bytes.starts_with(kBinary)) return read_binary(bytes);
  if (bytes.starts_with(kText)) return read_text(bytes);
  const bool begins = kBinary.starts_with(bytes) || kText.starts_with(bytes);
  return {begins ? State::more : State::malformed};
}

}  // namespace whirl::net
