// folders: driver
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "driver/redis/resp.h"

using namespace whirl::driver::redis;

namespace {

/// What the parser makes of the bytes, given in pieces of so many.
std::string read_all(std::string_view bytes, std::size_t piece) {
  Parser parser;
  std::string out;
  while (!bytes.empty()) {
    parser.feed(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    for (;;) {
      Value value;
      auto got = parser.next(value);
      if (!got) return out + "!";
      if (!*got) break;
      out += static_cast<char>('a' + static_cast<int>(value.type));
      out += value.text;
      out += std::to_string(value.items.size());
    }
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole = read_all(bytes, size + 1);
  const std::string pieces = read_all(bytes, 3);
  // An error in later bytes may be seen sooner or later, but values are the same.
  WHIRL_CHECK(whole == pieces);
  return 0;
}
