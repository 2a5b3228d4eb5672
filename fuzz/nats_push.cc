// folders: codec protocol driver broker
// What comes from NATS: anything may be published there. What was read is written and read again the same.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "broker/nats/pushes.h"
#include "driver/nats/subject.h"

namespace whirl {
namespace {

void write_and_read(const broker::nats_push::Decoded& first, codec::Arena& arena) {
  const broker::Publication& from = *first.publication;
  broker::PublishOptions options;
  options.info = from.info;
  options.tags = from.tags;
  options.use_delta = first.use_delta;
  std::string bytes = broker::nats_push::publication(first.channel, from.data.view(), options, from.time_ms);
  auto again = broker::nats_push::decode(bytes, first.channel, arena);
  WHIRL_CHECK(again && again->publication);
  WHIRL_CHECK(again->publication->data.view() == from.data.view());
  WHIRL_CHECK(again->publication->tags == from.tags && again->publication->time_ms == from.time_ms);
}

}  // namespace
}  // namespace whirl

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view in(reinterpret_cast<const char*>(data), size);
  static whirl::codec::Arena arena;
  if (auto decoded = whirl::broker::nats_push::decode(in, "news", arena); decoded && decoded->publication) {
    whirl::write_and_read(*decoded, arena);
  }
  if (whirl::driver::nats::is_subject(in)) {
    WHIRL_CHECK(in.find('\n') == std::string_view::npos && in.find(' ') == std::string_view::npos);
  }
  return 0;
}
