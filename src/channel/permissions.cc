#include "channel/permissions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace whirl::channel {
namespace {

using Option = bool (*)(const Namespace&);

struct NamedOption {
  std::string_view name;
  Option value;
};

/// What an action depends on. A client may if `for_client` is on, a subscriber of the channel if
/// `for_subscriber` is, anonymous ones only if `for_anonymous` is on as well. Without `available` nobody may,
/// and `proxy` takes the decision away from the options.
struct Row {
  Action action;
  std::string_view name;
  NamedOption available;
  NamedOption proxy;
  NamedOption for_client;
  NamedOption for_subscriber;
  NamedOption for_anonymous;
};

#define OPTION(path)                                   \
  NamedOption {                                        \
#path, [](const Namespace& ns) { return ns.path; } \
  }

constexpr NamedOption kAlways{"", [](const Namespace&) { return true; }};
constexpr NamedOption kNever{"", [](const Namespace&) { return false; }};
constexpr NamedOption kHistory{"history_size and history_ttl",
                               [](const Namespace& ns) { return ns.keeps_history(); }};

constexpr std::array kRows = {
    Row{Action::subscribe, "subscribe", kAlways, OPTION(subscribe_proxy_enabled),
        OPTION(allow_subscribe_for_client), kNever, OPTION(allow_subscribe_for_anonymous)},
    Row{Action::publish, "publish", kAlways, OPTION(publish_proxy_enabled), OPTION(allow_publish_for_client),
        OPTION(allow_publish_for_subscriber), OPTION(allow_publish_for_anonymous)},
    Row{Action::history, "history", kHistory, kNever, OPTION(allow_history_for_client),
        OPTION(allow_history_for_subscriber), OPTION(allow_history_for_anonymous)},
    Row{Action::presence, "presence", OPTION(presence), kNever, OPTION(allow_presence_for_client),
        OPTION(allow_presence_for_subscriber), OPTION(allow_presence_for_anonymous)},
    Row{Action::presence_stats, "presence_stats", OPTION(presence), kNever, OPTION(allow_presence_for_client),
        OPTION(allow_presence_for_subscriber), OPTION(allow_presence_for_anonymous)},
    Row{Action::map_publish, "map_publish", kAlways, OPTION(map.publish_proxy_enabled),
        OPTION(map.allow_publish_for_client), OPTION(map.allow_publish_for_subscriber),
        OPTION(map.allow_publish_for_anonymous)},
    Row{Action::map_remove, "map_remove", kAlways, OPTION(map.remove_proxy_enabled),
        OPTION(map.allow_remove_for_client), OPTION(map.allow_remove_for_subscriber),
        OPTION(map.allow_remove_for_anonymous)},
};
#undef OPTION

const Row& row_of(Action action) {
  return kRows[static_cast<std::size_t>(action)];
}

Decision refuse(Refusal refusal, const Namespace* ns, std::string_view option, std::string_view remedy) {
  return {.way = Way::refused, .refusal = refusal, .ns = ns, .option = option, .remedy = remedy};
}

Decision grant(Way way, const Namespace& ns, std::string_view option) {
  return {.way = way, .ns = &ns, .option = option};
}

/// The permission options alone. A refusal names the option which is nearest to a permission.
Decision decide_by_options(const Rules& rules, const Namespace& ns, const Row& row, const Subject& subject) {
  const bool known = !subject.user.empty() || row.for_anonymous.value(ns);
  const bool for_client = row.for_client.value(ns);
  const bool for_subscriber = row.for_subscriber.value(ns);
  if (for_client && known) return grant(Way::by_client_option, ns, row.for_client.name);
  if (for_subscriber && subject.subscribed && known) {
    return grant(Way::by_subscriber_option, ns, row.for_subscriber.name);
  }
  if (rules.insecure()) return grant(Way::by_insecure, ns, "client.insecure");

  if (!known && (for_client || for_subscriber)) {
    return refuse(Refusal::permission_denied, &ns, row.for_anonymous.name,
                  "connecting with a user id, or setting the option to true");
  }
  if (for_subscriber) {
    return refuse(Refusal::permission_denied, &ns, row.for_subscriber.name,
                  "subscribing to the channel first");
  }
  return refuse(Refusal::permission_denied, &ns, row.for_client.name,
                row.action == Action::subscribe ? "a subscription token, or setting the option to true"
                                                : "setting the option to true");
}

Decision decide_subscribe(const Rules& rules, const Namespace& ns, const Row& row, const Subject& subject,
                          const Request& request) {
  const std::string_view channel = request.channel;
  if (request.type != ns.type) {
    return refuse(Refusal::permission_denied, &ns, "subscription_type",
                  "subscribing with the namespace's type");
  }
  if (subject.has_token) return grant(Way::by_token, ns, "");
  if (rules.is_private(channel)) {
    return refuse(Refusal::permission_denied, &ns, "channel.private_prefix", "a subscription token");
  }
  if (rules.is_user_limited(ns, channel)) {
    if (rules.user_allowed(channel, subject.user)) {
      return grant(Way::by_user_limit, ns, "allow_user_limited_channels");
    }
    if (rules.insecure()) return grant(Way::by_insecure, ns, "client.insecure");
    return refuse(Refusal::permission_denied, &ns, "allow_user_limited_channels",
                  "naming the user behind the channel's user boundary, or a subscription token");
  }
  if (row.proxy.value(ns)) return grant(Way::by_proxy, ns, row.proxy.name);
  if (ns.subscribe_stream_proxy_enabled)
    return grant(Way::by_stream_proxy, ns, "subscribe_stream_proxy_enabled");
  return decide_by_options(rules, ns, row, subject);
}

Decision decide_other(const Rules& rules, const Namespace& ns, const Row& row, const Subject& subject) {
  if (row.proxy.value(ns)) return grant(Way::by_proxy, ns, row.proxy.name);
  if (row.action == Action::publish && ns.subscribe_stream_proxy_enabled) {
    if (ns.subscribe_stream_proxy_bidirectional) {
      return grant(Way::by_stream_proxy, ns, "subscribe_stream_proxy_enabled");
    }
    return refuse(Refusal::not_available, &ns, "subscribe_stream_proxy_bidirectional",
                  "setting the option to true");
  }
  return decide_by_options(rules, ns, row, subject);
}

/// The values of all options which could have given the permission, if that is what was missing.
std::string options_behind(const Decision& decision, const Row& row) {
  const auto options = {&row.for_client, &row.for_subscriber, &row.for_anonymous};
  if (std::ranges::find(options, decision.option, &NamedOption::name) == options.end()) return "";
  std::string out;
  for (const NamedOption* option : options) {
    if (option->name.empty()) continue;
    out += fmt::format("{}{} is {}", out.empty() ? ": " : ", ", option->name, option->value(*decision.ns));
  }
  return out;
}

}  // namespace

Decision decide(const Rules& rules, const Subject& subject, const Request& request) {
  const Row& row = row_of(request.action);
  if (request.action == Action::subscribe && rules.too_long(request.channel)) {
    return refuse(Refusal::bad_request, nullptr, "channel.max_length", "a shorter channel name");
  }
  const Namespace* ns = rules.find(request.channel);
  if (!ns)
    return refuse(Refusal::unknown_channel, nullptr, "channel.namespaces", "configuring the namespace");
  if (!rules.valid_name(*ns, request.channel)) {
    return refuse(Refusal::bad_request, ns, "channel_regex",
                  ns->regex ? "a channel name that the expression matches"
                            : "a channel name of ASCII characters, or an expression that matches this one");
  }
  if (request.data && !valid_data(ns->data_format, *request.data)) {
    return refuse(Refusal::bad_request, ns, "publication_data_format", "data of that format");
  }
  if (!row.available.value(*ns)) {
    return refuse(Refusal::not_available, ns, row.available.name, "switching it on for the namespace");
  }
  if (request.action == Action::subscribe) return decide_subscribe(rules, *ns, row, subject, request);
  return decide_other(rules, *ns, row, subject);
}

bool permitted(const Rules& rules, const Namespace& ns, Action action, const Subject& subject) {
  return decide_by_options(rules, ns, row_of(action), subject).allowed();
}

std::string_view action_name(Action action) {
  return row_of(action).name;
}

std::string explain(const Decision& decision, const Request& request) {
  const std::string_view action = action_name(request.action);
  const std::string place = !decision.ns ? "any namespace"
                            : decision.namespace_name().empty()
                                ? "channel.without_namespace"
                                : fmt::format("namespace {}", decision.namespace_name());
  switch (decision.way) {
    case Way::refused:
      return fmt::format("{} on {} is refused by {} ({}{}); it takes {}", action, request.channel,
                         decision.option, place, options_behind(decision, row_of(request.action)),
                         decision.remedy);
    case Way::by_token:
      return fmt::format("{} on {} is up to its token", action, request.channel);
    case Way::by_proxy:
    case Way::by_stream_proxy:
      return fmt::format("{} on {} is up to the proxy, by {} ({})", action, request.channel, decision.option,
                         place);
    default:
      return fmt::format("{} on {} is allowed by {} ({})", action, request.channel, decision.option, place);
  }
}

}  // namespace whirl::channel
