#include "protocol/outgoing.h"

#include "codec/json.h"
#include "codec/protobuf.h"

namespace whirl::protocol {
namespace {

constexpr std::size_t kKeptBuffer = 64 * 1024;

template <class M>
void encode(Encoding encoding, const M& message, std::string& out) {
  if (encoding == Encoding::json) {
    codec::encode_json(message, out);
  } else {
    codec::encode_protobuf(message, out);
  }
}

/// Frames what `write` appends to a buffer that the thread keeps, unless it has grown large.
template <class Write>
SharedBytes framed(const Variant& variant, Write write) {
  thread_local std::string buffer;
  buffer.clear();
  write(buffer);
  SharedBytes out = frame(variant, buffer);
  if (buffer.capacity() > kKeptBuffer) std::string().swap(buffer);
  return out;
}

}  // namespace

void encode_reply(const Variant& variant, const Reply& reply, std::string& out) {
  encode(variant.encoding, reply, out);
}

void encode_push(const Variant& variant, const Push& push, std::string& out) {
  if (variant.unidirectional) {
    encode(variant.encoding, push, out);
  } else {
    Reply reply;
    reply.push = &push;
    encode(variant.encoding, reply, out);
  }
}

SharedBytes reply_frame(const Variant& variant, const Reply& reply) {
  return framed(variant, [&](std::string& out) { encode_reply(variant, reply, out); });
}

SharedBytes push_frame(const Variant& variant, const Push& push) {
  return framed(variant, [&](std::string& out) { encode_push(variant, push, out); });
}

}  // namespace whirl::protocol
