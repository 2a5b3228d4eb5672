#include <utility>

#include "base/log.h"
#include "session/client.h"
#include "session/pushes.h"
#include "session/subscriptions.h"

namespace whirl::session {

bool Subscriptions::needs_ticks(const Entry& entry) const {
  return entry.emit_presence || entry.expire_at > 0 ||
         (entry.positioned && client_.settings().client.channel_position_check_delay.ns > 0);
}

bool Subscriptions::need_ticks() const {
  for (const auto& [channel, entry] : entries_) {
    if (entry.subscription && needs_ticks(entry)) return true;
  }
  return false;
}

void Subscriptions::tick() {
  const std::int64_t now_s = client_.unix_seconds();
  // Ending one subscription may end the connection and with it all others, so the names come first.
  std::vector<std::string> due;
  for (const auto& [channel, entry] : entries_) {
    if (entry.subscription && needs_ticks(entry)) due.push_back(channel);
  }
  const std::int64_t grace_s = client_.settings().client.expired_sub_close_delay.seconds();
  for (const std::string& channel : due) {
    Entry* entry = find(channel);
    if (!entry) continue;
    if (entry->emit_presence) client_.node().touch_presence(channel, entry->info);
    if (entry->expire_at > 0 && now_s > entry->expire_at + grace_s) {
      expire(channel, entry->server_side);
    } else if (entry->positioned) {
      check_position(channel, *entry, now_s);
    }
  }
}

void Subscriptions::expire(const std::string& channel, bool server_side) {
  if (server_side) return client_.close(protocol::disconnects::subscription_expired);
  unsubscribe(channel,
              [this, &channel] { push_unsubscribe(client_, channel, protocol::unsubscribes::expired); });
}

void Subscriptions::check_position(const std::string& channel, Entry& entry, std::int64_t now_s) {
  const std::int64_t delay_s = client_.settings().client.channel_position_check_delay.seconds();
  if (client_.settings().client.channel_position_check_delay.ns <= 0) return;
  broker::StreamPosition position = entry.subscription->position();
  if (position.offset != entry.checked_offset) {
    // A publication came since the last look, so the position was right then.
    entry.checked_offset = position.offset;
    entry.checked_at_s = now_s;
    return;
  }
  if (now_s - entry.checked_at_s <= delay_s) return;
  client_.node().stream_top(channel, entry.history_meta_ttl_ms,
                            [client = client_.weak(), channel, generation = entry.generation,
                             position = std::move(position)](Result<broker::StreamPosition> top) {
                              auto alive = client.lock();
                              if (!alive || alive->closed() || !top)
                                return;  // a failed look is made again at the next tick
                              alive->subscriptions().on_stream_top(channel, generation, position, *top);
                            });
}

void Subscriptions::on_stream_top(std::string_view channel, std::uint32_t generation,
                                  const broker::StreamPosition& asked_at, const broker::StreamPosition& top) {
  Entry* entry = find(channel);
  if (!entry || entry->generation != generation) return;
  const broker::StreamPosition position = entry->subscription->position();
  if (top == asked_at || top == position) {
    entry->checked_at_s = client_.unix_seconds();
  } else if (position == asked_at) {
    client_.insufficient_state(channel);
  }
  // Else publications are on their way: a later look decides.
}

void Subscriptions::refresh(Entry& entry, std::int64_t expire_at, std::string_view chan_info) {
  entry.expire_at = expire_at;
  if (entry.info || !chan_info.empty()) entry.info = client_.info(chan_info);
  client_.watch_subscriptions();
}

}  // namespace whirl::session
