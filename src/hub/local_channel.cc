#include "hub/local_channel.h"

namespace whirl::hub {
namespace {

constexpr std::size_t kKeptCapacity = 64;
constexpr std::size_t kAhead = 8;  // subscribers are likely out of the cache

}  // namespace

std::string_view LocalSubscription::channel() const {
  return channel_->name_;
}

broker::StreamPosition LocalSubscription::position() const {
  const auto& entry = channel_->entries_[index_];
  if (!(entry.flags & LocalChannel::kPositioned)) return {};
  return {entry.offset, channel_->epochs_[entry.epoch]};
}

Subscriber& LocalSubscription::subscriber() const {
  return *channel_->entries_[index_].subscriber;
}

bool LocalSubscription::has_presence() const {
  return channel_->entries_[index_].flags & LocalChannel::kPresence;
}

void LocalSubscription::allow_delta() {
  channel_->entries_[index_].flags |= LocalChannel::kHasBase;
}

std::unique_ptr<LocalSubscription> LocalChannel::add(Subscriber& subscriber, SubscribeRequest& request,
                                                     const broker::StreamPosition& position) {
  auto subscription = std::make_unique<LocalSubscription>(*this, entries_.size());
  Entry entry{.subscriber = &subscriber,
              .subscription = subscription.get(),
              .offset = position.offset,
              .filter = Filters::kNone,
              .epoch = 0,
              .variant = subscriber.variant(),
              .flags = 0};
  if (request.positioned) {
    entry.flags |= kPositioned;
    entry.epoch = epoch_slot(position.epoch);
  }
  if (request.delta) {
    entry.flags |= kDelta;
  } else if (request.filter) {
    entry.filter = filter_slot(std::move(request.filter));
  }
  if (request.push_join_leave) entry.flags |= kPushJoinLeave;
  if (request.presence) entry.flags |= kPresence;
  entries_.push_back(entry);
  return subscription;
}

void LocalChannel::remove(LocalSubscription& subscription) {
  Entry& entry = entries_[subscription.index_];
  if (entry.filter != Filters::kNone) filters_.release(entry.filter);
  if (entry.flags & kPositioned) epochs_.release(entry.epoch);
  entry = entries_.back();
  entry.subscription->index_ = subscription.index_;
  entries_.pop_back();
  if (entries_.capacity() > kKeptCapacity && entries_.size() < entries_.capacity() / 4)
    entries_.shrink_to_fit();
  subscription.channel_ = nullptr;
}

void LocalChannel::drop_subscriptions() {
  for (Entry& entry : entries_) delete entry.subscription;
  entries_.clear();
}

std::uint32_t LocalChannel::epoch_slot(std::string_view epoch) {
  auto at = epochs_.find([&](const std::string& other) { return other == epoch; });
  return at == Epochs::kNone ? epochs_.add(std::string(epoch)) : epochs_.share(at);
}

std::uint32_t LocalChannel::filter_slot(std::unique_ptr<protocol::CompiledFilter> filter) {
  auto at =
      filters_.find([&](const auto& other) { return other->hash() == filter->hash() && *other == *filter; });
  return at == Filters::kNone ? filters_.add(std::move(filter)) : filters_.share(at);
}

void LocalChannel::publish(const Delivery& delivery, bool too_late, Aftermath& after) {
  PublicationFrames frames(delivery);
  const bool in_stream = delivery.publication->offset > 0;
  std::uint32_t epoch = epochs_.find([&](const std::string& other) { return other == delivery.epoch; });
  verdicts_.assign(filters_.size(), -1);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    Entry& entry = entries_[i];
    if (i + kAhead < entries_.size()) __builtin_prefetch(entries_[i + kAhead].subscriber);
    if (entry.flags & kBroken) continue;
    if (in_stream && (entry.flags & kPositioned)) {
      Step step = too_late ? Step::lost : advance(entry, delivery, epoch);
      if (step == Step::known) continue;
      if (step == Step::lost) {
        entry.flags |= kBroken;
        after.insufficient.push_back(entry.subscription);
        continue;
      }
    }
    if (entry.filter != Filters::kNone && !passes(entry, *delivery.publication)) {
      ++after.filtered;
      continue;
    }
    const SharedBytes& frame = frames.get(entry.variant, form_for(entry, delivery));
    if (!frame) {
      entry.flags |= kBroken;
      after.inappropriate.push_back(entry.subscription);
      continue;
    }
    entry.subscriber->deliver(frame, PushKind::publication);
  }
}

void LocalChannel::check_place(const broker::StreamPosition& top, Aftermath& after) {
  for (Entry& entry : entries_) {
    if (!(entry.flags & kPositioned) || (entry.flags & kBroken)) continue;
    const std::string& epoch = epochs_[entry.epoch];
    const bool same_stream = epoch.empty() || epoch == top.epoch;
    if (same_stream && entry.offset >= top.offset) continue;
    entry.flags |= kBroken;
    after.insufficient.push_back(entry.subscription);
  }
}

/// `epoch` is the slot of the publication's epoch, if it has one by now.
LocalChannel::Step LocalChannel::advance(Entry& entry, const Delivery& delivery, std::uint32_t& epoch) {
  if (entry.epoch != epoch) {
    if (!epochs_[entry.epoch].empty()) return Step::lost;
    // Subscribed before the stream existed: this is how its epoch becomes known.
    epochs_.release(entry.epoch);
    entry.epoch = epoch = epoch_slot(delivery.epoch);
  }
  std::uint64_t offset = delivery.publication->offset;
  if (offset <= entry.offset) return Step::known;
  if (offset > entry.offset + 1) return Step::lost;
  entry.offset = offset;
  return Step::next;
}

bool LocalChannel::passes(const Entry& entry, const broker::Publication& publication) {
  std::int8_t& verdict = verdicts_[entry.filter];
  if (verdict < 0) verdict = filters_[entry.filter]->matches(publication.tags) ? 1 : 0;
  return verdict == 1;
}

/// Publications outside of a stream, and subscriptions that don't follow their place in it, have no certain
/// base.
PublicationFrames::Form LocalChannel::form_for(Entry& entry, const Delivery& delivery) const {
  if (!(entry.flags & kDelta)) return PublicationFrames::Form::plain;
  bool had_base = entry.flags & kHasBase;
  entry.flags |= kHasBase;
  bool follows = (entry.flags & kPositioned) && delivery.publication->offset > 0;
  return had_base && follows && delivery.previous ? PublicationFrames::Form::delta
                                                  : PublicationFrames::Form::base;
}

void LocalChannel::publish_presence(PushKind kind, const broker::ClientInfo& info, Aftermath& after) {
  PresenceFrames frames(name_, kind, info);
  for (Entry& entry : entries_) {
    if ((entry.flags & kBroken) || !(entry.flags & kPushJoinLeave)) continue;
    const SharedBytes& frame = frames.get(entry.variant);
    if (!frame) {
      entry.flags |= kBroken;
      after.inappropriate.push_back(entry.subscription);
      continue;
    }
    entry.subscriber->deliver(frame, kind);
  }
}

}  // namespace whirl::hub
