#include "broker/redis/format.h"

#include <charconv>
#include <vector>

#include "broker/client_info.h"
#include "codec/protobuf.h"
#include "protocol/messages.h"

namespace whirl::broker::redis {
namespace {

constexpr std::string_view kMark = "__";
constexpr std::string_view kJoin = "__j__";
constexpr std::string_view kLeave = "__l__";

/// Cuts off what is before the separator, which goes too.
bool take_until(std::string_view& text, std::string_view separator, std::string_view& out) {
  const auto at = text.find(separator);
  if (at == text.npos) return false;
  out = text.substr(0, at);
  text.remove_prefix(at + separator.size());
  return true;
}

template <class Int>
bool take_number(std::string_view& text, Int& out) {
  std::string_view digits;
  if (!take_until(text, ":", digits) || digits.empty()) return false;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return error == std::errc{} && end == digits.data() + digits.size();
}

/// Cuts off "length:bytes".
bool take_bytes(std::string_view& text, std::string_view& out) {
  std::size_t size = 0;
  if (!take_number(text, size) || size > text.size()) return false;
  out = text.substr(0, size);
  text.remove_prefix(size);
  return true;
}

bool parse_plain(std::string_view text, Push& out) {
  return take_number(text, out.offset) && take_until(text, kMark, out.epoch) && (out.payload = text, true);
}

bool parse_delta(std::string_view text, Push& out) {
  out.delta = true;
  if (!take_number(text, out.offset) || !take_until(text, ":", out.epoch)) return false;
  if (!take_bytes(text, out.previous) || !text.starts_with(':')) return false;
  text.remove_prefix(1);
  return take_bytes(text, out.payload);
}

}  // namespace

Result<Push> parse_push(std::string_view message) {
  Push out;
  bool good = true;
  if (!message.starts_with(kMark)) {
    out.payload = message;
  } else if (message.starts_with(kJoin)) {
    out.type = PushType::join;
    out.payload = message.substr(kJoin.size());
  } else if (message.starts_with(kLeave)) {
    out.type = PushType::leave;
    out.payload = message.substr(kLeave.size());
  } else if (message.starts_with("__p1:")) {
    good = parse_plain(message.substr(5), out);
  } else if (message.starts_with("__d1:")) {
    good = parse_delta(message.substr(5), out);
  } else {
    good = false;
  }
  if (!good) return fail("a message of {} bytes is malformed", message.size());
  return out;
}

std::string encode_client_info(const ClientInfo& info) {
  std::string out;
  codec::encode_protobuf(to_message(info), out);
  return out;
}

std::string encode_join(const ClientInfo& info) {
  return std::string(kJoin) + encode_client_info(info);
}

std::string encode_leave(const ClientInfo& info) {
  return std::string(kLeave) + encode_client_info(info);
}

Result<ClientInfoPtr> decode_client_info(std::string_view bytes) {
  codec::Arena arena(256);
  protocol::ClientInfo info;
  if (auto decoded = codec::decode_protobuf(bytes, info, arena); !decoded) {
    return fail("a client's info is malformed: {}", decoded.error().message);
  }
  return from_message(info);
}

std::string encode_publication(std::string_view data, const PublishOptions& options, std::int64_t time_ms,
                               bool flag_delta) {
  protocol::Publication out;
  protocol::ClientInfo info;
  std::vector<codec::Entry<std::string_view>> tags;
  out.data = codec::Raw::unless_empty(data);
  if (options.info) {
    info = to_message(*options.info);
    out.info = &info;
  }
  for (const auto& [key, value] : options.tags) tags.push_back({key, value});
  out.tags = tags;
  out.time = time_ms;
  out.version = options.version;
  out.delta = flag_delta;
  std::string bytes;
  codec::encode_protobuf(out, bytes);
  return bytes;
}

Result<DecodedPublication> decode_publication(std::string_view payload, std::uint64_t offset) {
  codec::Arena arena(1024);
  protocol::Publication message;
  if (auto decoded = codec::decode_protobuf(payload, message, arena); !decoded) {
    return fail("a publication is malformed: {}", decoded.error().message);
  }
  auto out = std::make_shared<Publication>();
  out->data = SharedBytes::copy(message.data.bytes);
  if (message.info) out->info = from_message(*message.info);
  for (const auto& tag : message.tags) out->tags.emplace_back(tag.key, tag.value);
  out->offset = message.offset > 0 ? message.offset : offset;
  out->time_ms = message.time;
  out->version = message.version;
  return DecodedPublication{std::move(out), std::string(message.epoch), message.delta};
}

}  // namespace whirl::broker::redis
