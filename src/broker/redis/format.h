#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "broker/types.h"

/// What goes through PUB/SUB and into history, as Centrifugo writes it. Texts in values are views of the
/// input.
namespace whirl::broker::redis {

enum class PushType : std::uint8_t { publication, join, leave };

/// A message of a channel:
///   payload                                                 a publication without history
///   __p1:offset:epoch__payload                              one in a stream
///   __d1:offset:epoch:length:previous payload:length:payload  one whose publisher asked for deltas
///   __j__info, __l__info                                    a join, a leave
struct Push {
  PushType type = PushType::publication;
  std::string_view payload{};  ///< Protobuf
  std::uint64_t offset = 0;
  std::string_view epoch{};
  bool delta = false;
  std::string_view previous{};  ///< payload of the publication before it; empty if there is none
};
Result<Push> parse_push(std::string_view message);

std::string encode_join(const ClientInfo& info);
std::string encode_leave(const ClientInfo& info);

/// `flag_delta` tells receivers that the publisher asked for deltas, where no stream tells it.
std::string encode_publication(std::string_view data, const PublishOptions& options, std::int64_t time_ms,
                               bool flag_delta);
struct DecodedPublication {
  PublicationPtr publication{};
  std::string epoch{};  ///< if the payload names one
  bool delta = false;
};
/// `offset` counts where the payload has none.
Result<DecodedPublication> decode_publication(std::string_view payload, std::uint64_t offset);

std::string encode_client_info(const ClientInfo& info);
Result<ClientInfoPtr> decode_client_info(std::string_view bytes);

}  // namespace whirl::broker::redis
