#include "session/subscriptions.h"

#include <utility>

#include "base/log.h"
#include "session/client.h"

namespace whirl::session {

/// A subscribe that the hub was asked for.
struct Subscriptions::Request {
  std::string channel;
  channel::SubscribeOptions options;
  Wish wish;
  broker::ClientInfoPtr info;
  std::uint32_t generation = 0;
  std::uint32_t ttl = 0;
  bool server_side = false;
  Done done;
};

Subscriptions::Entry* Subscriptions::find(std::string_view channel) {
  const auto at = entries_.find(channel);
  return at == entries_.end() || !at->second.subscription ? nullptr : &at->second;
}

void Subscriptions::reserve(std::string_view channel) {
  entries_.try_emplace(std::string(channel)).first->second.generation = ++generations_;
}

void Subscriptions::release(std::string_view channel) {
  const auto at = entries_.find(channel);
  if (at == entries_.end() || at->second.subscription) return;
  const auto waiting = std::move(at->second.waiting);
  entries_.erase(at);
  if (!waiting) return;
  for (auto& then : *waiting) then();
}

void Subscriptions::subscribe(std::string channel, channel::SubscribeOptions options, Wish wish,
                              bool server_side, Done done) {
  const Settings& settings = client_.settings();
  const auto ttl = ttl_of(options.expire_at, client_.unix_seconds());
  if (!ttl) {
    release(channel);
    return done(tl::unexpected(ttl.error()));
  }
  auto request =
      hub_request(channel, options, wish, static_cast<int>(settings.client.recovery_max_publication_limit));
  if (!request) {
    release(channel);
    return done(tl::unexpected(std::move(request.error())));
  }
  const broker::Limits limits = client_.node().limits(channel);
  if (!broker::Limits::allow(limits.not_in_subscribed, channel)) {
    release(channel);
    return done(refuse(protocol::errors::bad_request, "the broker has no channels with such names"));
  }
  if (request->positioned && !limits.history) {
    release(channel);
    return done(refuse(protocol::errors::not_available, "the broker keeps no positions"));
  }
  Request pending;
  pending.channel = std::move(channel);
  pending.options = std::move(options);
  pending.wish = std::move(wish);
  pending.ttl = *ttl;
  pending.server_side = server_side;
  pending.done = std::move(done);
  pending.generation = entries_.find(pending.channel)->second.generation;
  if (pending.options.emit_presence || pending.options.emit_join_leave || !pending.options.info.empty()) {
    pending.info = client_.info(pending.options.info);
  }
  request->info = pending.info;
  client_.hub().subscribe(
      client_, std::move(*request),
      [client = client_.weak(), pending = std::move(pending)](Result<hub::SubscribeOutcome> outcome) mutable {
        // The hub undoes what it did for a client that is gone.
        if (auto alive = client.lock()) alive->subscriptions().finish(std::move(pending), std::move(outcome));
      });
}

void Subscriptions::finish(Request request, Result<hub::SubscribeOutcome> outcome) {
  hub::Subscription* subscription = outcome ? outcome->subscription : nullptr;
  const auto at = entries_.find(request.channel);
  const bool wanted =
      !client_.closed() && at != entries_.end() && at->second.generation == request.generation;
  if (!wanted) {
    if (subscription) client_.hub().unsubscribe(subscription);
    return;
  }
  auto answer = settle(request, std::move(outcome));
  const auto waiting = std::move(at->second.waiting);
  if (answer) {
    commit(at->second, request, subscription);
    // What was recovered ended with a payload that deltas can build on.
    if (answer->recovered && answer->delta) subscription->allow_delta();
  } else {
    if (subscription) client_.hub().unsubscribe(subscription);
    release(request.channel);
  }
  request.done(std::move(answer));
  if (!waiting) return;
  for (auto& then : *waiting) then();
}

Answer<Subscribed> Subscriptions::settle(Request& request, Result<hub::SubscribeOutcome> outcome) {
  if (!outcome) {
    log::error(
        "subscribing failed, the client is disconnected so that it tries again",
        {{"channel", request.channel}, {"client", client_.id_text()}, {"error", outcome.error().message}});
    return refuse(protocol::disconnects::server_error, outcome.error().message);
  }
  auto answer = outcome_of(request.options, request.wish, *outcome);
  if (recovers(request.options, request.wish)) {
    client_.metrics().recovered(outcome->recovered, answer ? answer->publications.size() : 0);
  }
  if (answer) {
    answer->ttl = request.server_side ? 0 : request.ttl;
    answer->expires = answer->ttl > 0;
  }
  return answer;
}

void Subscriptions::commit(Entry& entry, const Request& request, hub::Subscription* subscription) {
  const channel::SubscribeOptions& options = request.options;
  entry.subscription = subscription;
  entry.info = request.info;
  entry.expire_at = options.expire_at;
  entry.history_meta_ttl_ms = options.history_meta_ttl_ms;
  entry.checked_at_s = client_.unix_seconds();
  entry.source = options.source;
  entry.server_side = request.server_side;
  entry.client_refreshes = !request.server_side;
  entry.positioned = options.positioned || options.recoverable;
  if (entry.positioned) entry.checked_offset = subscription->position().offset;
  entry.emit_presence = options.emit_presence;
  entry.emit_join_leave = options.emit_join_leave;
  client_.metrics().subscriptions(client_.labels(), 1);
  client_.watch_subscriptions();
}

void Subscriptions::announce(std::string_view channel, broker::Done<> done) {
  const Entry* entry = find(channel);
  if (!entry || !entry->emit_join_leave) return done({});
  client_.node().publish_join(
      std::string(channel), entry->info, [done = std::move(done)](Result<> published) mutable {
        if (!published) log::error("publishing a join failed", {{"error", published.error().message}});
        done(std::move(published));
      });
}

void Subscriptions::unsubscribe(std::string_view channel, UniqueFunction<void()> then) {
  const auto at = entries_.find(channel);
  if (at == entries_.end()) return then();
  if (at->second.subscription) {
    end(at);
    return then();
  }
  // The subscription that is under way ends as soon as it is there.
  auto& waiting = at->second.waiting;
  if (!waiting) waiting = std::make_unique<std::vector<UniqueFunction<void()>>>();
  waiting->push_back([this, name = std::string(channel), then = std::move(then)]() mutable {
    unsubscribe(name, std::move(then));
  });
}

void Subscriptions::replace(std::string_view channel) {
  const auto at = entries_.find(channel);
  if (at == entries_.end() || !at->second.subscription) return;
  hub::Subscription* subscription = at->second.subscription;
  entries_.erase(at);
  client_.metrics().subscriptions(client_.labels(), -1);
  client_.hub().unsubscribe(subscription);
}

void Subscriptions::unsubscribe_all() {
  while (!entries_.empty()) end(entries_.begin());
}

void Subscriptions::end(Entries::iterator at) {
  auto node = entries_.extract(at);
  const Entry& entry = node.mapped();
  if (!entry.subscription) return;
  client_.metrics().subscriptions(client_.labels(), -1);
  client_.hub().unsubscribe(entry.subscription);
  if (entry.emit_join_leave) client_.node().publish_leave(node.key(), entry.info);
}

void Subscriptions::renew_infos() {
  for (auto& [channel, entry] : entries_) {
    if (entry.info) entry.info = client_.info(entry.info->chan_info);
  }
}

}  // namespace whirl::session
