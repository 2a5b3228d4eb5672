#pragma once
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"
#include "driver/nats/options.h"
#include "driver/nats/order.h"

using natsConnection = struct __natsConnection;
using natsSubscription = struct __natsSubscription;

namespace whirl::driver::nats {

/// The process's connection to NATS. The library's calls may wait for the network, so that they are made on a
/// thread of this object's own, which takes the orders of all loops, carries them out, and waits for the
/// server's answer once for all: what is done then has reached the server. Until the first connection it
/// tries again and again; after a loss the library connects and subscribes again by itself. Shared by the
/// clients of the loops; ends with the last of them.
class Connection {
 public:
  /// Fails if the options cannot be right, and does not wait for the server.
  static Result<std::shared_ptr<Connection>> open(Options options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // From any thread.

  /// The outcome is put in the inbox of the batch.
  void carry_out(Batch batch);
  const std::string& servers() const { return servers_; }

 private:
  struct End {
    void operator()(natsConnection* connection) const;
  };
  struct Subscribed {
    std::string subject;
    natsSubscription* handle;
  };
  using Key = std::pair<std::shared_ptr<Inbox>, std::uint64_t>;

  explicit Connection(Options options);

  // On the thread.
  void run();
  void work(std::vector<Batch> batches);
  Result<> ready();
  Result<> connect();
  Result<> subscribe_again();
  Result<> carry_out_one(const Batch& batch, const Publish& publish);
  Result<> carry_out_one(const Batch& batch, const Subscribe& subscribe);
  Result<> carry_out_one(const Batch& batch, const Unsubscribe& unsubscribe);
  Result<> flush();
  void note(const Result<>& state);
  Result<natsSubscription*> make_subscription(const Key& key, const std::string& subject);
  void end_subscription(const Key& key);
  void put_back(const Batch& batch, const Result<>& failure, std::vector<Result<>>& results);

  const Options options_;
  const std::string servers_;
  std::unique_ptr<natsConnection, End> connection_;
  std::map<Key, Subscribed> subscriptions_;
  bool works_ = false;  // as far as is known
  std::string trouble_;
  Result<> attempt_;  // the last one to connect
  std::int64_t attempt_ms_ = 0;

  std::mutex mutex_;
  std::condition_variable given_;
  std::vector<Batch> batches_;
  bool ends_ = false;
  std::thread thread_;  // the last member: everything is there when it starts
};

}  // namespace whirl::driver::nats
