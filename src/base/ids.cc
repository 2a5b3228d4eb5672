#include "base/ids.h"

#include <sys/random.h>

#include <cstring>

#include "base/check.h"

namespace whirl {
namespace {

struct RandomPool {
  std::array<std::uint8_t, 1024> bytes;
  std::size_t left = 0;

  void take(void* out, std::size_t size) {
    if (left < size) {
      fill(bytes.data(), bytes.size());
      left = bytes.size();
    }
    std::uint8_t* from = bytes.data() + (left - size);
    std::memcpy(out, from, size);
    std::memset(from, 0, size);
    left -= size;
  }

  static void fill(void* out, std::size_t size) {
    auto* at = static_cast<std::uint8_t*>(out);
    while (size > 0) {
      ssize_t got = getrandom(at, size, 0);
      WHIRL_CHECK(got > 0);
      at += got;
      size -= static_cast<std::size_t>(got);
    }
  }
};

constexpr char kHex[] = "0123456789abcdef";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr bool dash_before(std::size_t byte) {
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

}  // namespace

void random_bytes(void* out, std::size_t size) {
  thread_local RandomPool pool;
  if (size > pool.bytes.size()) return RandomPool::fill(out, size);
  pool.take(out, size);
}

Uuid Uuid::random() {
  Uuid id;
  random_bytes(id.bytes.data(), id.bytes.size());
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | 0x40);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
  return id;
}

std::string Uuid::text() const {
  std::string out;
  out.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (dash_before(i)) out += '-';
    out += kHex[bytes[i] >> 4];
    out += kHex[bytes[i] & 15];
  }
  return out;
}

bool Uuid::parse(std::string_view text, Uuid& out) {
  if (text.size() != 36) return false;
  std::size_t at = 0;
  for (std::size_t i = 0; i < out.bytes.size(); ++i) {
    if (dash_before(i) && text[at++] != '-') return false;
    int high = hex_value(text[at]);
    int low = hex_value(text[at + 1]);
    if (high < 0 || low < 0) return false;
    out.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    at += 2;
  }
  return true;
}

std::size_t UuidHash::operator()(const Uuid& id) const noexcept {
  std::uint64_t word;
  std::memcpy(&word, id.bytes.data(), sizeof word);
  return static_cast<std::size_t>(word);
}

std::string random_text(std::size_t size) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string out;
  while (out.size() < size) {
    std::uint8_t byte;
    random_bytes(&byte, 1);
    // 248 is the largest multiple of 62 in a byte: above it letters would not be equally likely.
    if (byte < 248) out += kLetters[byte % kLetters.size()];
  }
  return out;
}

}  // namespace whirl
