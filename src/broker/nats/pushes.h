#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "broker/types.h"
#include "codec/arena.h"

/// What travels in a channel's subject: a push of the client protocol, in Protobuf.
namespace whirl::broker::nats_push {

std::string publication(std::string_view channel, std::string_view data, const PublishOptions& options,
                        std::int64_t time_ms);
std::string join(std::string_view channel, const ClientInfo& info);
std::string leave(std::string_view channel, const ClientInfo& info);

/// One of the three is set, or none: then it is a kind of push that is not known here.
struct Decoded {
  std::string channel{};
  PublicationPtr publication{};
  std::string epoch{};
  bool use_delta = false;
  ClientInfoPtr join{};
  ClientInfoPtr leave{};
};
/// For a subscription to the channel `subscribed`, maybe a pattern: then the publication says its own
/// channel.
Result<Decoded> decode(std::string_view bytes, std::string_view subscribed, codec::Arena& arena);

}  // namespace whirl::broker::nats_push
