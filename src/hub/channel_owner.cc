#include "hub/channel_owner.h"

#include <algorithm>

#include "base/log.h"
#include "hub/counters.h"
#include "hub/loop_hub.h"
#include "hub/mesh.h"

namespace whirl::hub {
namespace {

/// Publications remembered while histories are being read. If a reading takes longer than this many, what it
/// missed is a hole, and nothing is recovered.
constexpr std::size_t kMaxHeard = 4096;

Action reading(const SubscribeRequest& request) {
  if (!request.recover) return Action::history_stream_top;
  return request.recovery_mode == RecoveryMode::cache ? Action::history_recover_cache
                                                      : Action::history_recover;
}

/// A publication for other loops, shared by all of them.
struct Posted {
  std::string channel;
  std::string epoch;
  broker::PublicationPtr publication;
  broker::PublicationPtr previous;
};

void log_failure(std::string_view what, std::string_view channel, const Result<>& result) {
  if (!result) log::warn(what, {{"channel", channel}, {"error", result.error().message}});
}

}  // namespace

ChannelOwner::ChannelOwner(Mesh& mesh, int index, Counters& counters, std::unique_ptr<broker::Broker> broker,
                           std::unique_ptr<broker::PresenceStore> presence)
    : mesh_(mesh),
      index_(index),
      counters_(counters),
      check_timer_([this] { run_checks(); }),
      presence_(std::move(presence)),
      broker_(std::move(broker)) {
  broker_->start(*this);
}

ChannelOwner::Channel& ChannelOwner::find_or_make(std::string_view name) {
  auto at = channels_.find(name);
  if (at != channels_.end()) return *at->second;
  auto channel = std::make_unique<Channel>();
  channel->name = name;
  std::string_view key = channel->name;
  return *channels_.emplace(key, std::move(channel)).first->second;
}

void ChannelOwner::admit(Ticket admission) {
  Channel& channel = find_or_make(admission->request.channel);
  ++channel.under_way;
  if (channel.link == Link::joined) return add_presence(channel, std::move(admission));
  channel.waiting.push_back(std::move(admission));
  if (channel.link == Link::none) join(channel);
}

void ChannelOwner::join(Channel& channel) {
  channel.link = Link::joining;
  counters_.count(Action::broker_subscribe);
  broker_->subscribe(channel.name, [this, &channel](Result<> result) { joined(channel, std::move(result)); });
}

void ChannelOwner::joined(Channel& channel, Result<> result) {
  channel.link = result ? Link::joined : Link::none;
  // Each of them counts as under way, so the channel is there until the last one is through.
  for (Ticket& admission : std::exchange(channel.waiting, {})) {
    if (result) {
      add_presence(channel, std::move(admission));
    } else {
      refuse(channel, std::move(admission), result.error());
    }
  }
}

void ChannelOwner::left(Channel& channel, Result<> result) {
  log_failure("unsubscribing from the broker failed", channel.name, result);
  channel.link = Link::none;
  if (!channel.waiting.empty()) return join(channel);
  settle(channel);
}

/// Lets the channel go when nobody needs it; the reference may be gone afterwards.
void ChannelOwner::settle(Channel& channel) {
  if (channel.under_way > 0 || !channel.subscribers.empty()) return;
  if (channel.link == Link::joined) {
    channel.link = Link::leaving;
    counters_.count(Action::broker_unsubscribe);
    broker_->unsubscribe(channel.name,
                         [this, &channel](Result<> result) { left(channel, std::move(result)); });
  } else if (channel.link == Link::none) {
    channels_.erase(channel.name);
  }
}

void ChannelOwner::add_presence(Channel& channel, Ticket admission) {
  if (!admission->request.presence) return read(channel, std::move(admission));
  counters_.count(Action::add_presence);
  auto info = admission->request.info;
  admission->has_presence = true;  // even if it fails: it may have been done all the same
  presence_->add(channel.name, std::move(info),
                 [this, &channel, admission = std::move(admission)](Result<> result) mutable {
                   if (!result) return refuse(channel, std::move(admission), std::move(result.error()));
                   read(channel, std::move(admission));
                 });
}

void ChannelOwner::read(Channel& channel, Ticket admission) {
  if (!admission->request.positioned) return finish(channel, std::move(admission));
  ++channel.readers;
  channel.positioned = true;
  channel.meta_ttl_ms = admission->request.history_meta_ttl_ms;
  counters_.count(Action::history);
  counters_.count(reading(admission->request));
  auto query = recovery_query(admission->request);
  broker_->history(
      channel.name, std::move(query),
      [this, &channel, admission = std::move(admission)](Result<broker::HistoryResult> history) mutable {
        place(channel, std::move(admission), std::move(history));
      });
}

void ChannelOwner::place(Channel& channel, Ticket admission, Result<broker::HistoryResult> history) {
  if (history) admission->outcome = decide_recovery(admission->request, std::move(*history), channel.heard);
  if (--channel.readers == 0) channel.heard = {};
  if (!history) return refuse(channel, std::move(admission), std::move(history.error()));
  finish(channel, std::move(admission));
}

void ChannelOwner::finish(Channel& channel, Ticket admission) {
  auto at = std::ranges::find(channel.subscribers, admission->loop, &std::pair<int, std::uint32_t>::first);
  if (at == channel.subscribers.end()) {
    channel.subscribers.emplace_back(admission->loop, 1);
  } else {
    ++at->second;
  }
  --channel.under_way;
  answer(std::move(admission), {});
}

void ChannelOwner::refuse(Channel& channel, Ticket admission, Error error) {
  if (admission->has_presence) {
    counters_.count(Action::remove_presence);
    const auto& info = *admission->request.info;
    presence_->remove(channel.name, info.client, info.user, [](Result<>) {});
  }
  --channel.under_way;
  settle(channel);
  answer(std::move(admission), tl::unexpected(std::move(error)));
}

void ChannelOwner::answer(Ticket admission, Result<> result) {
  int loop = admission->loop;
  mesh_.on(loop,
           [hub = &mesh_.hub(loop), admission = std::move(admission), result = std::move(result)]() mutable {
             hub->admitted(std::move(admission), std::move(result));
           });
}

void ChannelOwner::release(std::string_view name, int loop) {
  Channel& channel = *channels_.find(name)->second;
  auto at = std::ranges::find(channel.subscribers, loop, &std::pair<int, std::uint32_t>::first);
  if (--at->second > 0) return;
  *at = channel.subscribers.back();
  channel.subscribers.pop_back();
  settle(channel);
}

std::map<std::string, std::uint32_t> ChannelOwner::matching(const Glob* pattern) const {
  std::map<std::string, std::uint32_t> out;
  for (const auto& [name, channel] : channels_) {
    std::uint32_t count = 0;
    for (const auto& [loop, subscribers] : channel->subscribers) count += subscribers;
    if (count > 0 && (!pattern || pattern->matches(name))) out.emplace(name, count);
  }
  return out;
}

void ChannelOwner::user_left(std::uint64_t user_hash) {
  auto at = users_.find(user_hash);
  if (--at->second == 0) users_.erase(at);
}

void ChannelOwner::hear(Channel& channel, const broker::PublicationPtr& publication, std::string_view epoch) {
  if (channel.heard.size() == kMaxHeard)
    channel.heard.erase(channel.heard.begin(), channel.heard.begin() + kMaxHeard / 2);
  channel.heard.push_back({publication, std::string(epoch)});
}

void ChannelOwner::on_publication(std::string_view name, broker::PublicationPtr publication,
                                  std::string_view epoch, bool /*use_delta: told by `previous`*/,
                                  broker::PublicationPtr previous) {
  counters_.received(PushKind::publication);
  auto found = channels_.find(name);
  if (found == channels_.end()) return;
  Channel& channel = *found->second;
  if (channel.readers > 0 && publication->offset > 0) hear(channel, publication, epoch);
  bool here = false;
  std::shared_ptr<const Posted> posted;
  for (const auto& [loop, count] : channel.subscribers) {
    if (loop == index_) {
      here = true;
      continue;
    }
    if (!posted) {
      posted = std::make_shared<Posted>(Posted{channel.name, std::string(epoch), publication, previous});
    }
    mesh_.loop(loop).post([hub = &mesh_.hub(loop), posted] {
      hub->deliver({posted->channel, posted->epoch, posted->publication, posted->previous});
    });
  }
  // Last, since subscribers may let go of the channel when they hear of it.
  if (here) mesh_.hub(index_).deliver({name, epoch, std::move(publication), std::move(previous)});
}

void ChannelOwner::on_missed(std::vector<std::string> channels) {
  for (std::string& channel : channels) to_check_.push_back(std::move(channel));
  read_tops();
}

void ChannelOwner::read_tops() {
  while (reading_tops_ < kChecksAtOnce && !to_check_.empty()) {
    std::string name = std::move(to_check_.front());
    to_check_.pop_front();
    auto found = channels_.find(name);
    if (found == channels_.end() || !found->second->positioned) continue;
    ++reading_tops_;
    counters_.count(Action::history_stream_top);
    broker_->history(name, {.meta_ttl_ms = found->second->meta_ttl_ms},
                     [this, name](Result<broker::HistoryResult> result) mutable {
                       on_top(std::move(name), std::move(result));
                     });
  }
}

void ChannelOwner::on_top(std::string channel, Result<broker::HistoryResult> result) {
  --reading_tops_;
  const std::int64_t due_ms = mesh_.loop(index_).now_ms() + kCheckGraceMs;
  // Without an answer it is looked at again; an empty epoch stands for that.
  checks_.push_back({due_ms, std::move(channel), result ? std::move(result->top) : broker::StreamPosition{}});
  if (!check_timer_.armed()) mesh_.loop(index_).timers().arm(check_timer_, due_ms);
  read_tops();
}

void ChannelOwner::run_checks() {
  while (!checks_.empty() && checks_.front().due_ms <= mesh_.loop(index_).now_ms()) {
    auto check = std::make_shared<const Check>(std::move(checks_.front()));
    checks_.pop_front();
    auto found = channels_.find(check->channel);
    if (found == channels_.end()) continue;
    if (check->top.epoch.empty()) {
      to_check_.push_back(check->channel);
      continue;
    }
    const auto subscribers = found->second->subscribers;  // telling them can change who they are
    for (const auto& [loop, count] : subscribers) {
      mesh_.loop(loop).post(
          [hub = &mesh_.hub(loop), check] { hub->check_place(check->channel, check->top); });
    }
  }
  if (!checks_.empty()) mesh_.loop(index_).timers().arm(check_timer_, checks_.front().due_ms);
  read_tops();
}

void ChannelOwner::on_join(std::string_view channel, broker::ClientInfoPtr info) {
  broadcast_presence(channel, PushKind::join, info);
}

void ChannelOwner::on_leave(std::string_view channel, broker::ClientInfoPtr info) {
  broadcast_presence(channel, PushKind::leave, info);
}

void ChannelOwner::broadcast_presence(std::string_view name, PushKind kind,
                                      const broker::ClientInfoPtr& info) {
  counters_.received(kind);
  auto found = channels_.find(name);
  if (found == channels_.end()) return;
  bool here = false;
  for (const auto& [loop, count] : found->second->subscribers) {
    if (loop == index_) {
      here = true;
      continue;
    }
    mesh_.loop(loop).post([hub = &mesh_.hub(loop), name = found->second->name, kind, info] {
      hub->deliver_presence(name, kind, *info);
    });
  }
  if (here) mesh_.hub(index_).deliver_presence(name, kind, *info);
}

}  // namespace whirl::hub
