#include "driver/nats/connection.h"

#include <chrono>

#include "base/clock.h"
#include "base/log.h"
#include "driver/nats/inbox.h"
#include "driver/nats/library.h"
#include "driver/nats/subject.h"

namespace whirl::driver::nats {
namespace {

/// With nothing to do it asks the server so often whether it is there, so that trouble and its end are known.
constexpr std::chrono::seconds kProbe{1};

/// The pause between attempts to connect which the library does not make by itself.
constexpr std::int64_t kAttemptEveryMs = 500;

/// What the library holds for a subscription, until it says that no message will come any more.
struct Address {
  std::shared_ptr<Inbox> inbox;
  std::uint64_t number;
};

void on_message(natsConnection*, natsSubscription*, natsMsg* message, void* closure) {
  const auto* address = static_cast<const Address*>(closure);
  address->inbox->put(address->number, MessagePtr(message));
}

void on_complete(void* closure) {
  delete static_cast<Address*>(closure);
}

}  // namespace

void Connection::End::operator()(natsConnection* connection) const {
  natsConnection_Destroy(connection);
}

Result<std::shared_ptr<Connection>> Connection::open(Options options) {
  if (auto good = check_urls(options); !good) return tl::unexpected(good.error());
  if (auto good = library_options(options); !good) return tl::unexpected(good.error());
  std::shared_ptr<Connection> connection(new Connection(std::move(options)));
  connection->thread_ = std::thread([at = connection.get()] { at->run(); });
  return connection;
}

Connection::Connection(Options options) : options_(std::move(options)), servers_(text_of_servers(options_)) {
  if (options_.on_change) options_.on_change(false, "not connected yet");
}

Connection::~Connection() {
  {
    std::lock_guard lock(mutex_);
    ends_ = true;
  }
  given_.notify_one();
  if (thread_.joinable()) thread_.join();
  for (auto& [key, subscribed] : subscriptions_) natsSubscription_Destroy(subscribed.handle);
}

void Connection::carry_out(Batch batch) {
  {
    std::lock_guard lock(mutex_);
    batches_.push_back(std::move(batch));
    if (batches_.size() > 1) return;
  }
  given_.notify_one();
}

void Connection::run() {
  work({});
  for (;;) {
    std::vector<Batch> batches;
    {
      std::unique_lock lock(mutex_);
      given_.wait_for(lock, kProbe, [this] { return ends_ || !batches_.empty(); });
      if (ends_) break;
      batches.swap(batches_);
    }
    work(std::move(batches));
  }
  nats_ReleaseThreadMemory();
}

void Connection::work(std::vector<Batch> batches) {
  const Result<> before = ready();
  std::vector<Outcome> outcomes;
  for (const Batch& batch : batches) {
    Outcome& outcome = outcomes.emplace_back(Outcome{batch.number, {}});
    for (const Order& order : batch.orders) {
      const bool always = std::holds_alternative<Unsubscribe>(order);
      outcome.results.push_back(
          before || always ? std::visit([&](const auto& one) { return carry_out_one(batch, one); }, order)
                           : before);
    }
  }
  const Result<> after = before ? flush() : before;
  note(after);
  for (std::size_t i = 0; i < batches.size(); ++i) {
    if (!after) put_back(batches[i], after, outcomes[i].results);
    batches[i].inbox->put(std::move(outcomes[i]));
  }
}

void Connection::note(const Result<>& state) {
  const std::string trouble = state ? "" : state.error().message;
  if (works_ == state.has_value() && trouble == trouble_) return;
  works_ = state.has_value();
  trouble_ = trouble;
  if (works_) {
    log::info("NATS works", {{"servers", servers_}});
  } else {
    log::error("NATS does not work", {{"servers", servers_}, {"error", trouble}});
  }
  if (options_.on_change) options_.on_change(works_, trouble);
}

/// After a failure nobody knows what reached the server: subscriptions are undone, the rest is told.
void Connection::put_back(const Batch& batch, const Result<>& failure, std::vector<Result<>>& results) {
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!results[i] || std::holds_alternative<Unsubscribe>(batch.orders[i])) continue;
    results[i] = failure;
    if (const auto* made = std::get_if<Subscribe>(&batch.orders[i])) {
      end_subscription({batch.inbox, made->number});
    }
  }
}

/// The library begins to look after a connection when it has been there once, and gives it up for good when
/// the server refuses the credentials repeatedly; then it takes a new one.
Result<> Connection::ready() {
  if (!connection_ || natsConnection_IsClosed(connection_.get())) {
    if (!attempt_ && monotonic_ms() - attempt_ms_ < kAttemptEveryMs) return attempt_;
    attempt_ = connect();
    attempt_ms_ = monotonic_ms();
    if (!attempt_) return attempt_;
  }
  if (natsConnection_Status(connection_.get()) != NATS_CONN_STATUS_CONNECTED) {
    return fail("not connected to NATS at {}", servers_);
  }
  return {};
}

Result<> Connection::connect() {
  auto options = library_options(options_);
  if (!options) return tl::unexpected(options.error());
  natsConnection* made = nullptr;
  if (natsStatus s = natsConnection_Connect(&made, options->get()); s != NATS_OK) {
    return fail("cannot connect to NATS at {}: {}", servers_, reason_of(s));
  }
  connection_.reset(made);
  Result<> subscribed = subscribe_again();
  if (!subscribed) connection_.reset();
  return subscribed;
}

Result<> Connection::subscribe_again() {
  for (auto& [key, subscribed] : subscriptions_) {
    auto handle = make_subscription(key, subscribed.subject);
    if (!handle) return tl::unexpected(handle.error());
    natsSubscription_Destroy(std::exchange(subscribed.handle, *handle));
  }
  return {};
}

Result<> Connection::carry_out_one(const Batch&, const Publish& publish) {
  if (!is_subject(publish.subject)) return fail("\"{}\" cannot be a NATS subject", publish.subject);
  natsStatus s = natsConnection_Publish(connection_.get(), publish.subject.c_str(), publish.data.data(),
                                        static_cast<int>(publish.data.size()));
  if (s != NATS_OK) return fail("publishing through NATS failed: {}", reason_of(s));
  return {};
}

Result<> Connection::carry_out_one(const Batch& batch, const Subscribe& subscribe) {
  if (!is_subject(subscribe.subject)) return fail("\"{}\" cannot be a NATS subject", subscribe.subject);
  Key key{batch.inbox, subscribe.number};
  auto handle = make_subscription(key, subscribe.subject);
  if (!handle) return tl::unexpected(handle.error());
  subscriptions_.emplace(std::move(key), Subscribed{subscribe.subject, *handle});
  return {};
}

Result<> Connection::carry_out_one(const Batch& batch, const Unsubscribe& unsubscribe) {
  end_subscription({batch.inbox, unsubscribe.number});
  return {};
}

Result<> Connection::flush() {
  natsStatus s = natsConnection_FlushTimeout(connection_.get(), options_.write_timeout_ms);
  if (s != NATS_OK) return fail("NATS at {} did not confirm: {}", servers_, reason_of(s));
  return {};
}

Result<natsSubscription*> Connection::make_subscription(const Key& key, const std::string& subject) {
  auto address = std::make_unique<Address>(Address{key.first, key.second});
  natsSubscription* made = nullptr;
  natsStatus s =
      natsConnection_Subscribe(&made, connection_.get(), subject.c_str(), on_message, address.get());
  if (s != NATS_OK) return fail("subscribing at NATS failed: {}", reason_of(s));
  natsSubscription_SetOnCompleteCB(made, on_complete, address.get());
  address.release();
  return made;
}

void Connection::end_subscription(const Key& key) {
  auto at = subscriptions_.find(key);
  if (at == subscriptions_.end()) return;
  natsSubscription_Unsubscribe(at->second.handle);
  natsSubscription_Destroy(at->second.handle);
  subscriptions_.erase(at);
}

}  // namespace whirl::driver::nats
