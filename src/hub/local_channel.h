#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hub/local_hub.h"
#include "hub/push_frames.h"
#include "hub/slot_table.h"

namespace whirl::hub {

class LocalChannel;

/// A subscription as the session holds it: where its entry is. Emptied when it ends, destroyed at the end of
/// the turn.
class LocalSubscription final : public Subscription {
 public:
  LocalSubscription(LocalChannel& channel, std::size_t index) : channel_(&channel), index_(index) {}

  std::string_view channel() const override;
  broker::StreamPosition position() const override;
  void allow_delta() override;

  bool ended() const { return !channel_; }
  Subscriber& subscriber() const;
  bool has_presence() const;

 private:
  friend class LocalChannel;
  LocalChannel* channel_;
  std::size_t index_;
};

/// What a fan-out could not settle while it ran over the entries: told to the subscribers afterwards.
struct Aftermath {
  std::vector<LocalSubscription*> insufficient;
  std::vector<LocalSubscription*> inappropriate;
  std::size_t filtered = 0;  ///< deliveries that filters held back
};

/// The subscribers of a channel on one loop, in one piece of memory that a fan-out runs over. Owned by the
/// loop's hub.
class LocalChannel {
 public:
  explicit LocalChannel(std::string name) : name_(std::move(name)) {}

  const std::string& name() const { return name_; }
  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }

  /// The request's filter is taken over.
  std::unique_ptr<LocalSubscription> add(Subscriber& subscriber, SubscribeRequest& request,
                                         const broker::StreamPosition& position);
  void remove(LocalSubscription& subscription);
  /// Destroys the subscriptions that nobody ended, when the hub itself ends.
  void drop_subscriptions();

  /// Delivers to whom it is for. `too_late`: positioned subscribers must not trust their place any more.
  void publish(const Delivery& delivery, bool too_late, Aftermath& after);
  void publish_presence(PushKind kind, const broker::ClientInfo& info, Aftermath& after);
  /// Finds the positioned subscribers who have not got as far as `top`.
  void check_place(const broker::StreamPosition& top, Aftermath& after);

 private:
  friend class LocalSubscription;

  enum Flag : std::uint8_t {
    kPositioned = 1,
    kDelta = 2,
    kHasBase = 4,
    kPushJoinLeave = 8,
    kPresence = 16,
    kBroken = 32,  // told to end: gets nothing more
  };
  struct Entry {
    Subscriber* subscriber;
    LocalSubscription* subscription;
    std::uint64_t offset;
    std::uint32_t filter;  // in filters_
    std::uint32_t epoch;   // in epochs_
    protocol::Variant variant;
    std::uint8_t flags;
  };
  using Filters = SlotTable<std::unique_ptr<protocol::CompiledFilter>>;
  using Epochs = SlotTable<std::string>;

  /// What a publication is to a subscriber's place in the stream: the next one, one it has, or proof that it
  /// missed some.
  enum class Step : std::uint8_t { next, known, lost };

  Step advance(Entry& entry, const Delivery& delivery, std::uint32_t& epoch);
  bool passes(const Entry& entry, const broker::Publication& publication);
  PublicationFrames::Form form_for(Entry& entry, const Delivery& delivery) const;
  std::uint32_t epoch_slot(std::string_view epoch);
  std::uint32_t filter_slot(std::unique_ptr<protocol::CompiledFilter> filter);

  std::string name_;
  std::vector<Entry> entries_;
  Filters filters_;
  Epochs epochs_;  // of the positioned entries; more than one only while some are out of date
  std::vector<std::int8_t> verdicts_;  // of each filter on the publication under way; -1: not asked yet
};

}  // namespace whirl::hub
