#include "hub/loop_hub.h"

#include <chrono>
#include <cstdlib>

#include "hub/channel_owner.h"
#include "hub/counters.h"
#include "hub/mesh.h"

namespace whirl::hub {
namespace {

void unlink(PendingLink& link) {
  if (!link.subscriber) return;
  *link.link = link.next;
  if (link.next) link.next->link = link.link;
}

void link_to(Subscriber& subscriber, PendingLink& link) {
  PendingLink*& first = subscriber.links().pending;
  link.subscriber = &subscriber;
  link.next = first;
  link.link = &first;
  if (first) first->link = &link.next;
  first = &link;
}

}  // namespace

LoopHub::LoopHub(Mesh& mesh, net::Loop& loop, Counters& counters, std::int64_t max_time_lag_ms)
    : mesh_(mesh), loop_(loop), counters_(counters), max_time_lag_ms_(max_time_lag_ms) {}

LoopHub::~LoopHub() {
  for (auto& [name, channel] : channels_) channel->drop_subscriptions();
  for (auto& [ticket, waiting] : waiting_) unlink(*waiting);
}

void LoopHub::add(Subscriber& subscriber) {
  counters_.count(Action::add_client);
  clients_.fetch_add(1, std::memory_order_relaxed);
  if (!users_.add(subscriber)) return;
  int at = mesh_.owner_of(subscriber.user());
  mesh_.on(at,
           [owner = &mesh_.owner(at), user = StringHash{}(subscriber.user())] { owner->user_came(user); });
}

void LoopHub::remove(Subscriber& subscriber) {
  counters_.count(Action::remove_client);
  clients_.fetch_sub(1, std::memory_order_relaxed);
  if (!users_.remove(subscriber)) return;
  int at = mesh_.owner_of(subscriber.user());
  mesh_.on(at,
           [owner = &mesh_.owner(at), user = StringHash{}(subscriber.user())] { owner->user_left(user); });
}

void LoopHub::subscribe(Subscriber& subscriber, SubscribeRequest request,
                        broker::Done<SubscribeOutcome> done) {
  counters_.count(Action::add_subscription);
  auto admission = std::make_unique<Admission>();
  admission->request = std::move(request);
  admission->loop = loop_.index();
  admission->ticket = next_ticket_++;
  auto waiting = std::make_unique<Waiting>();
  waiting->done = std::move(done);
  link_to(subscriber, *waiting);
  waiting_.emplace(admission->ticket, std::move(waiting));
  int at = mesh_.owner_of(admission->request.channel);
  mesh_.on(at, [owner = &mesh_.owner(at), admission = std::move(admission)]() mutable {
    owner->admit(std::move(admission));
  });
}

void LoopHub::admitted(std::unique_ptr<Admission> admission, Result<> result) {
  auto at = waiting_.find(admission->ticket);
  auto waiting = std::move(at->second);
  waiting_.erase(at);
  unlink(*waiting);
  if (!result) return waiting->done(tl::unexpected(std::move(result.error())));
  if (!waiting->subscriber) {
    const auto& request = admission->request;
    if (request.presence) remove_presence(request.channel, request.info->client, request.info->user);
    leave_channel(request.channel);
    return waiting->done(fail("the subscriber is gone"));
  }
  admission->outcome.subscription = install(*waiting->subscriber, *admission);
  waiting->done(std::move(admission->outcome));
}

LocalSubscription* LoopHub::install(Subscriber& subscriber, Admission& admission) {
  auto at = channels_.find(admission.request.channel);
  if (at == channels_.end()) {
    auto channel = std::make_unique<LocalChannel>(admission.request.channel);
    std::string_view name = channel->name();
    at = channels_.emplace(name, std::move(channel)).first;
  }
  ++subscriptions_;
  return at->second->add(subscriber, admission.request, admission.outcome.position).release();
}

void LoopHub::unsubscribe(Subscription* subscription) {
  counters_.count(Action::remove_subscription);
  std::unique_ptr<LocalSubscription> ending(static_cast<LocalSubscription*>(subscription));
  auto at = channels_.find(ending->channel());
  LocalChannel& channel = *at->second;
  if (ending->has_presence()) {
    const Subscriber& subscriber = ending->subscriber();
    remove_presence(channel.name(), subscriber.client_id().text(), subscriber.user());
  }
  channel.remove(*ending);
  --subscriptions_;
  // Nothing is destroyed at once: a caller may be looking at the name, a fan-out at the subscription.
  if (channel.empty()) {
    auto ended = std::move(at->second);
    channels_.erase(at);
    loop_.destroy_later(std::move(ended));
  }
  loop_.destroy_later(std::move(ending));
  leave_channel(channel.name());
}

void LoopHub::leave_channel(std::string_view channel) {
  int at = mesh_.owner_of(channel);
  if (at == loop_.index()) return mesh_.owner(at).release(channel, at);
  mesh_.loop(at).post([owner = &mesh_.owner(at), name = std::string(channel), loop = loop_.index()] {
    owner->release(name, loop);
  });
}

void LoopHub::remove_presence(std::string_view channel, std::string_view client, std::string_view user) {
  counters_.count(Action::remove_presence);
  int at = mesh_.owner_of(channel);
  mesh_.on(at, [owner = &mesh_.owner(at), name = std::string(channel), client = std::string(client),
                user = std::string(user)] { owner->presence().remove(name, client, user, [](Result<>) {}); });
}

void LoopHub::deliver(const Delivery& delivery) {
  auto at = channels_.find(delivery.channel);
  if (at == channels_.end()) return;
  auto started = std::chrono::steady_clock::now();
  bool too_late = false;
  if (delivery.publication->time_ms > 0) {
    std::int64_t lag_ms = loop_.clock().unix_ms() - delivery.publication->time_ms;
    counters_.lag(static_cast<double>(std::abs(lag_ms)) / 1000);
    too_late = max_time_lag_ms_ > 0 && lag_ms > max_time_lag_ms_;
  }
  Aftermath after;
  at->second->publish(delivery, too_late, after);
  if (after.filtered > 0) counters_.filtered(after.filtered);
  counters_.broadcast(std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count());
  tell(after, at->second->name());
}

void LoopHub::deliver_presence(std::string_view channel, PushKind kind, const broker::ClientInfo& info) {
  auto at = channels_.find(channel);
  if (at == channels_.end()) return;
  Aftermath after;
  at->second->publish_presence(kind, info, after);
  tell(after, at->second->name());
}

void LoopHub::check_place(std::string_view channel, const broker::StreamPosition& top) {
  auto at = channels_.find(channel);
  if (at == channels_.end()) return;
  Aftermath after;
  at->second->check_place(top, after);
  tell(after, at->second->name());
}

/// One subscriber's end may be that of others, so each is looked at again.
void LoopHub::tell(const Aftermath& after, std::string_view channel) {
  for (LocalSubscription* s : after.insufficient) {
    if (!s->ended()) s->subscriber().insufficient_state(channel);
  }
  for (LocalSubscription* s : after.inappropriate) {
    if (!s->ended()) s->subscriber().inappropriate_payload(channel);
  }
}

}  // namespace whirl::hub
