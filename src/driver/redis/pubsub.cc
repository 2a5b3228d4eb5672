#include "driver/redis/pubsub.h"

#include "driver/redis/errors.h"

namespace whirl::driver::redis {

PubSub::PubSub(Client& client, Sink& sink, std::string_view slot_key)
    : client_(client),
      loop_(client.loop()),
      sink_(sink),
      sharded_(!slot_key.empty()),
      link_(client.loop(), client.subscriber_finder(slot_key), client.link_options(), *this) {}

PubSub::~PubSub() = default;

void PubSub::subscribe(std::string_view channel, Done done) {
  auto [at, is_new] = entries_.try_emplace(std::string(channel));
  Entry& entry = at->second;
  if (!is_new && entry.state == State::joined) return done({});
  if (entry.done && entry.state != State::leaving) {
    // Asking again does not put the deadline off.
    entry.done = [first = std::move(entry.done), second = std::move(done)](Result<> result) mutable {
      first(result);
      second(std::move(result));
    };
    return;
  }
  entry.done = std::move(done);
  watch(at->first, entry);
  if (!is_new && entry.state != State::leaving) return;
  entry.state = State::queued;
  queue_.push_back(at->first);
  if (link_.link()) loop_.at_end_of_turn(this);
}

void PubSub::unsubscribe(std::string_view channel, Done done) {
  auto at = entries_.find(channel);
  if (at == entries_.end()) return done({});
  Entry& entry = at->second;
  if (entry.restoring) restored_one();
  entry.restoring = false;
  if (!link_.link() || entry.state == State::queued) {
    entry.done = std::move(done);
    return end(at, {});
  }
  if (entry.state == State::asked) --in_flight_;
  entry.state = State::leaving;
  entry.done = std::move(done);
  watch(at->first, entry);
  leaving_.push_back(at->first);
  loop_.at_end_of_turn(this);
}

void PubSub::watch(std::string_view channel, Entry& entry) {
  entry.deadline_ms = loop_.now_ms() + client_.options().io_timeout_ms;
  deadlines_.push_back({entry.deadline_ms, std::string(channel)});
  if (!armed()) arm_timer();
}

void PubSub::arm_timer() {
  std::int64_t next = deadlines_.empty() ? 0 : deadlines_.front().at_ms;
  const bool restores = restoring_ > 0 && link_.link();
  if (restores && (next == 0 || restored_by_ms_ < next)) next = restored_by_ms_;
  if (next != 0) loop_.timers().arm(*this, next);
}

void PubSub::end(Entries::iterator at, Result<> result) {
  Done done = std::move(at->second.done);
  entries_.erase(at);
  if (done) done(std::move(result));
}

void PubSub::on_timer() {
  bool silent = link_.link() && restoring_ > 0 && restored_by_ms_ <= loop_.now_ms();
  while (!deadlines_.empty() && deadlines_.front().at_ms <= loop_.now_ms()) {
    Deadline deadline = std::move(deadlines_.front());
    deadlines_.pop_front();
    auto at = entries_.find(deadline.channel);
    if (at == entries_.end() || !at->second.done || at->second.deadline_ms != deadline.at_ms) continue;
    if (at->second.state == State::asked) --in_flight_;
    silent = silent || at->second.state != State::queued;
    if (at->second.restoring) --restoring_;
    end(at, fail("Redis {}: the subscription was not confirmed in time", client_.name()));
  }
  if (silent) link_.renew("no answer in time (io_timeout)");
  arm_timer();
}

void PubSub::on_turn_end() {
  if (!link_.link()) return;
  std::vector<std::string> batch;
  for (std::string& channel : std::exchange(leaving_, {})) {
    batch.push_back(std::move(channel));
    if (batch.size() == kBatch) send_batch("UNSUBSCRIBE", batch);
  }
  if (!batch.empty()) send_batch("UNSUBSCRIBE", batch);
  while (!queue_.empty() && in_flight_ < kMaxInFlight) {
    std::string channel = std::move(queue_.front());
    queue_.pop_front();
    auto at = entries_.find(channel);
    if (at == entries_.end() || at->second.state != State::queued) continue;
    at->second.state = State::asked;
    ++in_flight_;
    batch.push_back(std::move(channel));
    if (batch.size() == kBatch) send_batch("SUBSCRIBE", batch);
  }
  if (!batch.empty()) send_batch("SUBSCRIBE", batch);
}

void PubSub::send_batch(std::string_view command, std::vector<std::string>& channels) {
  const std::string name = (sharded_ ? "S" : "") + std::string(command);
  std::vector<std::string_view> words{name};
  words.insert(words.end(), channels.begin(), channels.end());
  link_.link()->send_unanswered(command_bytes(words));
  channels.clear();
}

void PubSub::on_link_up() {
  in_flight_ = 0;
  restoring_ = 0;
  leaving_.clear();
  queue_.clear();
  for (auto& [channel, entry] : entries_) {
    entry.restoring = true;
    ++restoring_;
    entry.state = State::queued;
    queue_.push_back(channel);
  }
  loop_.at_end_of_turn(this);
  if (restoring_ == 0) return sink_.on_subscriptions_restored();
  expect_restoration();
}

/// A server that confirms nothing for io_timeout is of no use.
void PubSub::expect_restoration() {
  restored_by_ms_ = loop_.now_ms() + client_.options().io_timeout_ms;
  arm_timer();
}

void PubSub::on_link_push(const Value& value) {
  if (value.is_error()) {
    if (!slot_moved(value.text)) refused(value.text);
    return;
  }
  if (!value.is_list() || value.items.size() < 2) return;
  std::string_view kind = value.items[0].text;
  if (sharded_ && kind.starts_with('s')) kind.remove_prefix(1);
  if (kind == "message" && value.items.size() == 3) {
    sink_.on_message(value.items[1].text, value.items[2].text);
  } else if (kind == "subscribe") {
    confirmed(value.items[1].text);
  } else if (kind == "unsubscribe") {
    left(value.items[1].text);
  }
}

void PubSub::confirmed(std::string_view channel) {
  auto at = entries_.find(channel);
  if (at == entries_.end() || at->second.state != State::asked) return;
  Entry& entry = at->second;
  entry.state = State::joined;
  --in_flight_;
  if (!queue_.empty()) loop_.at_end_of_turn(this);
  const bool was_restoring = std::exchange(entry.restoring, false);
  if (entry.done) std::exchange(entry.done, nullptr)({});
  if (!was_restoring) return;
  restored_one();
  if (restoring_ > 0) restored_by_ms_ = loop_.now_ms() + client_.options().io_timeout_ms;
}

void PubSub::restored_one() {
  if (--restoring_ == 0 && link_.link()) sink_.on_subscriptions_restored();
}

void PubSub::left(std::string_view channel) {
  auto at = entries_.find(channel);
  if (at == entries_.end()) return;
  if (at->second.state == State::leaving) return end(at, {});
  // Nobody asked for it: the slot has gone to another server.
  if (sharded_ && at->second.state == State::joined) renew("the Cluster moves the slot of the subscriptions");
}

/// What was asked for is asked for again where the slot is now.
bool PubSub::slot_moved(std::string_view error) {
  if (!sharded_ || !error.starts_with("MOVED")) return false;
  renew("another server of the Cluster serves the slot of the subscriptions");
  return true;
}

/// The error does not tell which channels it is about, so it is about all that were asked for. Those that
/// were there before the connection was are not given up: another connection is to take them.
void PubSub::refused(std::string_view error) {
  log_server_error(client_.name(), error);
  std::vector<std::string> channels;
  for (const auto& [channel, entry] : entries_) {
    if (entry.state == State::asked && !entry.restoring) channels.push_back(channel);
  }
  for (const std::string& channel : channels) {
    auto at = entries_.find(channel);
    if (at == entries_.end() || at->second.state != State::asked) continue;
    --in_flight_;
    end(at, fail("Redis {}: {}", client_.name(), explained(error)));
  }
  if (restoring_ > 0) link_.give_up(explained(error));
}

void PubSub::on_link_down(Requests, std::string_view why) {
  in_flight_ = 0;
  std::vector<std::string> gone;
  for (auto& [channel, entry] : entries_) {
    if (entry.state == State::leaving) gone.push_back(channel);
  }
  sink_.on_subscriptions_lost(why);
  for (const std::string& channel : gone) {
    if (auto at = entries_.find(channel); at != entries_.end()) end(at, {});
  }
}

void PubSub::on_no_link(std::string_view why) {
  sink_.on_subscriptions_lost(why);
}

}  // namespace whirl::driver::redis
