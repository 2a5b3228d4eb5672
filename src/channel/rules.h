#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/regex.h"
#include "base/result.h"
#include "config/sections/channel.h"
#include "config/sections/client.h"

namespace whirl::channel {

/// Which kind of subscription a client asks for, and the only one that a namespace takes. Values as in the
/// protocol.
enum class SubscriptionType : std::int32_t {
  stream = 0,
  map = 1,
  map_clients = 2,
  map_users = 3,
  shared_poll = 4
};

/// What a publication's data must be: anything but empty, a JSON value, a JSON object, or any bytes at all.
enum class DataFormat : std::uint8_t { not_empty, json, json_object, binary };

/// The options of one namespace, or of the channels without one, whose name is then empty. The options are
/// complete: where a namespace leaves history_meta_ttl or publication_data_format open, the value for all
/// channels stands there.
struct Namespace : config::ChannelOptions {
  std::string name;
  std::optional<Regex> regex;
  SubscriptionType type = SubscriptionType::stream;
  DataFormat data_format = DataFormat::not_empty;
  bool recovers_from_cache = false;  ///< force_recovery_mode is "cache"
  bool allows_fossil_delta = false;

  bool keeps_history() const { return history_size > 0 && history_ttl.ns > 0; }
};

/// How channel names are read and what holds for each channel. An immutable snapshot of the configuration
/// which all loops share; a reload makes a new one. Pointers to namespaces live as long as the snapshot.
class Rules {
 public:
  /// Fails on what can't be compiled (channel_regex) or is no known word (subscription_type, data format).
  static Result<std::shared_ptr<const Rules>> build(const config::Channel& channel,
                                                    const config::Client& client);

  /// The namespace that the name belongs to; null if there is none of that name: the channel is unknown.
  const Namespace* find(std::string_view channel) const;
  /// The namespace of that name ("" = channels without one); null if there is none.
  const Namespace* find_by_name(std::string_view name) const;

  /// Whether clients may use the name: it matches the namespace's channel_regex (which sees what follows the
  /// namespace boundary), or is 7-bit ASCII where there is none.
  bool valid_name(const Namespace& ns, std::string_view channel) const;
  /// Longer in bytes than channel.max_length; 0 there means 255, a negative one no limit.
  bool too_long(std::string_view channel) const;

  /// The name starts with the private prefix, so that a subscription needs a token.
  bool is_private(std::string_view channel) const;
  /// The name contains the user boundary, in a namespace where that limits the channel to the users behind
  /// it.
  bool is_user_limited(const Namespace& ns, std::string_view channel) const;
  /// The user is among those behind the last user boundary; also true if the name has no boundary.
  bool user_allowed(std::string_view channel, std::string_view user) const;

  /// The user's own channel of client.subscribe_to_user_personal_channel.
  std::string personal_channel(std::string_view user) const;

  /// client.insecure: every client may do everything.
  bool insecure() const { return insecure_; }

  Rules(const Rules&) = delete;
  Rules& operator=(const Rules&) = delete;

 private:
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
  };
  struct SplitName {
    std::string_view ns;
    std::string_view rest;
  };

  Rules() = default;
  SplitName split(std::string_view channel) const;

  std::unordered_map<std::string, Namespace, NameHash, std::equal_to<>> namespaces_;
  std::size_t max_length_ = 255;
  std::string private_prefix_;
  std::string namespace_boundary_;
  std::string user_boundary_;
  std::string user_separator_;
  std::string personal_namespace_;
  bool insecure_ = false;
};

using RulesPtr = std::shared_ptr<const Rules>;

/// Whether publication data is what the format asks for.
bool valid_data(DataFormat format, std::string_view data);

}  // namespace whirl::channel
