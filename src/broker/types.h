#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/function.h"
#include "base/result.h"
#include "base/shared_bytes.h"

namespace whirl::broker {

/// A place in a channel's stream. Offsets grow by one; an offset only means something together with its
/// epoch, which changes when the stream was lost and begun anew. An empty epoch: the stream does not exist
/// yet.
struct StreamPosition {
  std::uint64_t offset = 0;
  std::string epoch{};
  friend bool operator==(const StreamPosition&, const StreamPosition&) = default;
};

/// Who published, joined or is present. The two infos are JSON (or any bytes, for Protobuf clients), empty if
/// absent.
struct ClientInfo {
  std::string client{};
  std::string user{};
  std::string conn_info{};
  std::string chan_info{};
};
using ClientInfoPtr = std::shared_ptr<const ClientInfo>;

using Tags = std::vector<std::pair<std::string, std::string>>;

/// One message in a channel; immutable once it left the broker, so every loop may hold it.
struct Publication {
  SharedBytes data{};
  ClientInfoPtr info{};
  Tags tags{};
  std::uint64_t offset = 0;   ///< 0 where the channel keeps no history
  std::int64_t time_ms = 0;   ///< Unix time of publishing
  std::uint64_t version = 0;  ///< as the publisher gave it, 0 = none
  std::string channel{};      ///< where it was published, if the subscription is to a pattern of channels
};
using PublicationPtr = std::shared_ptr<const Publication>;

/// What a broker cannot do by its nature, so that nobody asks it to.
struct Limits {
  bool history = true;                      ///< streams: history, positions, recovery
  std::string_view not_in_subscribed = {};  ///< characters that no channel to subscribe to may have
  std::string_view not_in_published = {};   ///< the same for channels to publish in

  static bool allow(std::string_view characters, std::string_view channel) {
    return channel.find_first_of(characters) == std::string_view::npos;
  }
};

/// How a publication is stored and told apart from repeats. Durations in milliseconds, 0 = the broker's
/// default.
struct PublishOptions {
  int history_size = 0;  ///< history is kept if both size and ttl are above 0
  std::int64_t history_ttl_ms = 0;
  std::int64_t history_meta_ttl_ms = 0;
  ClientInfoPtr info{};
  Tags tags{};
  std::string idempotency_key{};
  std::int64_t idempotent_result_ttl_ms = 0;  ///< default 5 minutes
  bool use_delta = false;                     ///< the previous publication is handed to the sink
  std::uint64_t version = 0;  ///< publications not above the stored version are suppressed (needs history)
  std::string version_epoch{};
};

struct PublishResult {
  StreamPosition position{};
  bool suppressed_by_version = false;  ///< then `suppressed` is set too
  bool suppressed = false;             ///< a repeat by key or version: nothing was stored or sent
};

/// What to read of a channel's stream.
struct HistoryQuery {
  bool has_since = false;
  StreamPosition since{};
  int limit = 0;  ///< -1 all, 0 only the position of the top
  bool reverse = false;
  std::int64_t meta_ttl_ms = 0;
};

struct HistoryResult {
  std::vector<PublicationPtr> publications{};
  StreamPosition top{};
};

struct PresenceStats {
  std::uint32_t clients = 0;
  std::uint32_t users = 0;
};

/// Client id → who it is, in no particular order.
using PresenceMap = std::vector<std::pair<std::string, ClientInfoPtr>>;

/// Called once, on the loop that asked, maybe before the asking call returns.
template <class T = void>
using Done = UniqueFunction<void(Result<T>)>;

}  // namespace whirl::broker
