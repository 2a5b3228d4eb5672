#include "channel/rules.h"

#include <algorithm>
#include <array>
#include <utility>

namespace whirl::channel {
namespace {

template <class Value, std::size_t N>
using Words = std::array<std::pair<std::string_view, Value>, N>;

/// The first word of each list is what an unset option means.
constexpr Words<SubscriptionType, 6> kTypes = {{{"", SubscriptionType::stream},
                                                {"stream", SubscriptionType::stream},
                                                {"map", SubscriptionType::map},
                                                {"map_clients", SubscriptionType::map_clients},
                                                {"map_users", SubscriptionType::map_users},
                                                {"shared_poll", SubscriptionType::shared_poll}}};
constexpr Words<DataFormat, 4> kFormats = {{{"", DataFormat::not_empty},
                                            {"json", DataFormat::json},
                                            {"json_object", DataFormat::json_object},
                                            {"binary", DataFormat::binary}}};

template <class Value, std::size_t N>
Result<Value> word(const Words<Value, N>& words, std::string_view option, std::string_view text) {
  for (const auto& [name, value] : words) {
    if (name == text) return value;
  }
  return fail("unknown {}: \"{}\"", option, text);
}

Result<Namespace> compile(const config::Channel& channel, const config::ChannelOptions& options,
                          std::string_view name) {
  Namespace ns;
  static_cast<config::ChannelOptions&>(ns) = options;
  ns.name = name;
  if (ns.history_meta_ttl.ns == 0) ns.history_meta_ttl = channel.history_meta_ttl;
  if (ns.publication_data_format.empty()) ns.publication_data_format = channel.publication_data_format;

  auto type = word(kTypes, "subscription_type", ns.subscription_type);
  if (!type) return tl::unexpected(type.error());
  ns.type = *type;
  auto format = word(kFormats, "publication_data_format", ns.publication_data_format);
  if (!format) return tl::unexpected(format.error());
  ns.data_format = *format;
  if (!ns.channel_regex.empty()) {
    auto regex = Regex::compile(ns.channel_regex);
    if (!regex) return fail("channel_regex: {}", regex.error().message);
    ns.regex = std::move(*regex);
  }
  ns.recovers_from_cache = ns.force_recovery_mode == "cache";
  ns.allows_fossil_delta = std::ranges::count(ns.allowed_delta_types, "fossil") > 0;
  return ns;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

Result<std::shared_ptr<const Rules>> Rules::build(const config::Channel& channel,
                                                  const config::Client& client) {
  std::shared_ptr<Rules> rules(new Rules);
  auto add = [&](const config::ChannelOptions& options, std::string_view name) -> Result<> {
    auto ns = compile(channel, options, name);
    if (!ns) return fail("in {}: {}", name.empty() ? "channel.without_namespace" : name, ns.error().message);
    rules->namespaces_.emplace(name, std::move(*ns));
    return {};
  };
  if (auto added = add(channel.without_namespace, ""); !added) return tl::unexpected(added.error());
  for (const auto& ns : channel.namespaces) {
    if (auto added = add(ns, ns.name); !added) return tl::unexpected(added.error());
  }
  rules->max_length_ = channel.max_length < 0    ? std::string::npos
                       : channel.max_length == 0 ? 255
                                                 : static_cast<std::size_t>(channel.max_length);
  rules->private_prefix_ = channel.private_prefix;
  rules->namespace_boundary_ = channel.namespace_boundary;
  rules->user_boundary_ = channel.user_boundary;
  rules->user_separator_ = channel.user_separator;
  rules->personal_namespace_ = client.subscribe_to_user_personal_channel.personal_channel_namespace;
  rules->insecure_ = client.insecure;
  return rules;
}

Rules::SplitName Rules::split(std::string_view channel) const {
  if (namespace_boundary_.empty()) return {"", channel};
  std::string_view name = channel;
  if (is_private(name)) name.remove_prefix(private_prefix_.size());
  const auto at = name.find(namespace_boundary_);
  if (at == std::string_view::npos) return {"", channel};
  return {name.substr(0, at), name.substr(at + namespace_boundary_.size())};
}

const Namespace* Rules::find(std::string_view channel) const {
  return find_by_name(split(channel).ns);
}

const Namespace* Rules::find_by_name(std::string_view name) const {
  const auto found = namespaces_.find(name);
  return found == namespaces_.end() ? nullptr : &found->second;
}

bool Rules::valid_name(const Namespace& ns, std::string_view channel) const {
  return ns.regex ? ns.regex->matches(split(channel).rest) : is_ascii(channel);
}

bool Rules::too_long(std::string_view channel) const {
  return channel.size() > max_length_;
}

bool Rules::is_private(std::string_view channel) const {
  return !private_prefix_.empty() && channel.starts_with(private_prefix_);
}

bool Rules::is_user_limited(const Namespace& ns, std::string_view channel) const {
  return ns.allow_user_limited_channels && !user_boundary_.empty() &&
         channel.find(user_boundary_) != std::string_view::npos;
}

bool Rules::user_allowed(std::string_view channel, std::string_view user) const {
  if (user_boundary_.empty()) return true;
  // Boundaries are counted from the left, as they would be if the name were cut into parts.
  auto at = channel.find(user_boundary_);
  if (at == std::string_view::npos) return true;
  while (at != std::string_view::npos) {
    channel.remove_prefix(at + user_boundary_.size());
    at = channel.find(user_boundary_);
  }
  if (user_separator_.empty()) return channel == user;
  for (;;) {
    const auto end = channel.find(user_separator_);
    if (channel.substr(0, end) == user) return true;
    if (end == std::string_view::npos) return false;
    channel.remove_prefix(end + user_separator_.size());
  }
}

std::string Rules::personal_channel(std::string_view user) const {
  std::string name;
  if (!personal_namespace_.empty()) name = personal_namespace_ + namespace_boundary_;
  name += user_boundary_;
  name += user;
  return name;
}

}  // namespace whirl::channel
