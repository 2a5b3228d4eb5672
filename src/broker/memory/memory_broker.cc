#include "broker/memory/memory_broker.h"

#include <algorithm>

namespace whirl::broker {
namespace {

constexpr std::int64_t kDefaultResultTtlMs = 5 * 60 * 1000;

}  // namespace

MemoryBroker::MemoryBroker(net::Loop& loop, const MemoryOptions& options)
    : loop_(loop), default_meta_ttl_ms_(options.history_meta_ttl_ms), results_(loop) {}

void MemoryBroker::subscribe(std::string_view, Done<> done) {
  done({});
}
void MemoryBroker::unsubscribe(std::string_view, Done<> done) {
  done({});
}

void MemoryBroker::publish(std::string_view channel, SharedBytes data, PublishOptions options,
                           Done<PublishResult> done) {
  if (!options.idempotency_key.empty()) {
    if (auto before = results_.find(channel, options.idempotency_key)) {
      return done(PublishResult{.position = std::move(*before), .suppressed = true});
    }
  }
  auto publication = std::make_shared<Publication>();
  publication->data = std::move(data);
  publication->info = std::move(options.info);
  publication->tags = std::move(options.tags);
  publication->time_ms = loop_.clock().unix_ms();
  publication->version = options.version;

  StreamPosition position;
  PublicationPtr previous;
  if (options.history_size > 0 && options.history_ttl_ms > 0) {
    Stored& stored = find_or_make(channel);
    keep_meta(stored, options.history_meta_ttl_ms);
    stored.clear_at_ms = loop_.now_ms() + options.history_ttl_ms;
    watch(stored);
    Stream& stream = stored.stream;
    if (stream.is_old(options.version, options.version_epoch)) {
      return done(
          PublishResult{.position = stream.position(), .suppressed_by_version = true, .suppressed = true});
    }
    if (options.use_delta) previous = stream.newest();
    publication->offset = stream.top() + 1;
    stream.add(publication, static_cast<std::size_t>(options.history_size), options.version,
               std::move(options.version_epoch));
    position = stream.position();
  }
  if (!options.idempotency_key.empty()) {
    std::int64_t ttl = options.idempotent_result_ttl_ms;
    results_.save(channel, options.idempotency_key, position, ttl > 0 ? ttl : kDefaultResultTtlMs);
  }
  sink_->on_publication(channel, std::move(publication), position.epoch, options.use_delta,
                        std::move(previous));
  done(PublishResult{.position = std::move(position)});
}

void MemoryBroker::publish_join(std::string_view channel, ClientInfoPtr info, Done<> done) {
  sink_->on_join(channel, std::move(info));
  done({});
}

void MemoryBroker::publish_leave(std::string_view channel, ClientInfoPtr info, Done<> done) {
  sink_->on_leave(channel, std::move(info));
  done({});
}

void MemoryBroker::history(std::string_view channel, HistoryQuery query, Done<HistoryResult> done) {
  Stored& stored = find_or_make(channel);
  keep_meta(stored, query.meta_ttl_ms);
  watch(stored);
  done(HistoryResult{.publications = stored.stream.read(query), .top = stored.stream.position()});
}

void MemoryBroker::remove_history(std::string_view channel, Done<> done) {
  if (Stored* stored = find(channel)) stored->stream.clear();
  done({});
}

MemoryBroker::Stored* MemoryBroker::find(std::string_view channel) {
  auto at = streams_.find(channel);
  if (at == streams_.end()) return nullptr;
  Stored& stored = *at->second;
  // The timer may be some milliseconds late; nobody must see that.
  if (std::min(stored.clear_at_ms, stored.remove_at_ms) > loop_.now_ms()) return &stored;
  return expire(stored) ? nullptr : &stored;
}

MemoryBroker::Stored& MemoryBroker::find_or_make(std::string_view channel) {
  if (Stored* stored = find(channel)) return *stored;
  auto stored = std::make_unique<Stored>(*this, channel);
  std::string_view name = stored->name;
  return *streams_.emplace(name, std::move(stored)).first->second;
}

void MemoryBroker::keep_meta(Stored& stored, std::int64_t ttl_ms) {
  if (ttl_ms == 0) ttl_ms = default_meta_ttl_ms_;
  if (ttl_ms > 0) stored.remove_at_ms = loop_.now_ms() + ttl_ms;
}

void MemoryBroker::watch(Stored& stored) {
  std::int64_t next = std::min(stored.clear_at_ms, stored.remove_at_ms);
  if (next == net::TimerWheel::kNever) return;
  if (!stored.armed() || next < stored.deadline_ms()) loop_.timers().arm(stored, next);
}

/// Does what is due and arms for the rest; true if the stream is gone.
bool MemoryBroker::expire(Stored& stored) {
  std::int64_t now = loop_.now_ms();
  if (stored.remove_at_ms <= now) {
    streams_.erase(stored.name);
    return true;
  }
  if (stored.clear_at_ms <= now) {
    stored.stream.clear();
    stored.clear_at_ms = net::TimerWheel::kNever;
  }
  watch(stored);
  return false;
}

std::unique_ptr<Broker> make_memory_broker(net::Loop& loop, const MemoryOptions& options) {
  return std::make_unique<MemoryBroker>(loop, options);
}

}  // namespace whirl::broker
