#include "broker/nats/pushes.h"

#include <utility>
#include <vector>

#include "broker/client_info.h"
#include "codec/protobuf.h"
#include "protocol/messages.h"

namespace whirl::broker::nats_push {
namespace {

/// The tag that carries the epoch of a publication with an offset.
constexpr std::string_view kEpochTag = "__centrifugo_epoch";

/// Joins and leaves are about somebody, even if nothing is said of them.
ClientInfoPtr somebody(const protocol::ClientInfo* from) {
  return from ? from_message(*from) : std::make_shared<const ClientInfo>();
}

std::string encode(std::string_view channel, protocol::Push push) {
  push.channel = channel;
  std::string out;
  codec::encode_protobuf(push, out);
  return out;
}

void take_publication(const protocol::Publication& from, std::string_view subscribed, Decoded& to) {
  auto publication = std::make_shared<Publication>();
  if (to.channel != subscribed) publication->channel = to.channel;
  publication->data = SharedBytes::copy(from.data.bytes);
  if (from.info) publication->info = from_message(*from.info);
  publication->time_ms = from.time;
  for (const auto& [key, value] : from.tags) {
    if (key == kEpochTag) {
      to.epoch = value;
    } else {
      publication->tags.emplace_back(key, value);
    }
  }
  if (!to.epoch.empty()) publication->offset = from.offset;
  to.use_delta = from.delta;
  to.publication = std::move(publication);
}

}  // namespace

std::string publication(std::string_view channel, std::string_view data, const PublishOptions& options,
                        std::int64_t time_ms) {
  protocol::Publication pub;
  protocol::ClientInfo info;
  std::vector<codec::Entry<std::string_view>> tags;
  pub.data = codec::Raw::unless_empty(data);
  if (options.info) {
    info = to_message(*options.info);
    pub.info = &info;
  }
  for (const auto& [key, value] : options.tags) tags.push_back({key, value});
  pub.tags = tags;
  pub.delta = options.use_delta;
  pub.time = time_ms;
  protocol::Push push;
  push.pub = &pub;
  return encode(channel, push);
}

std::string join(std::string_view channel, const ClientInfo& info) {
  protocol::ClientInfo who = to_message(info);
  protocol::Join message{&who};
  protocol::Push push;
  push.join = &message;
  return encode(channel, push);
}

std::string leave(std::string_view channel, const ClientInfo& info) {
  protocol::ClientInfo who = to_message(info);
  protocol::Leave message{&who};
  protocol::Push push;
  push.leave = &message;
  return encode(channel, push);
}

Result<Decoded> decode(std::string_view bytes, std::string_view subscribed, codec::Arena& arena) {
  arena.reset();
  protocol::Push push;
  if (auto done = codec::decode_protobuf(bytes, push, arena); !done) return tl::unexpected(done.error());
  Decoded out;
  out.channel = push.channel;
  if (push.pub) {
    take_publication(*push.pub, subscribed, out);
  } else if (push.join) {
    out.join = somebody(push.join->info);
  } else if (push.leave) {
    out.leave = somebody(push.leave->info);
  }
  return out;
}

}  // namespace whirl::broker::nats_push
