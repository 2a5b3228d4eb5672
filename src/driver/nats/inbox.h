#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "driver/nats/order.h"

using natsMsg = struct __natsMsg;

namespace whirl::net {
class Loop;
}

namespace whirl::driver::nats {

struct MessageEnd {
  void operator()(natsMsg* message) const;
};
using MessagePtr = std::unique_ptr<natsMsg, MessageEnd>;

/// What has come for a loop's client and was not looked at yet. Filled by the library's threads and by the
/// connection's, emptied on the loop; shared by all of them. It is where the threads meet: nobody waits
/// here, and what does not fit is dropped and counted.
class Inbox : public std::enable_shared_from_this<Inbox> {
 public:
  static constexpr std::size_t kMaxMessages = 65'536;
  static constexpr std::size_t kMaxBytes = 64 * 1024 * 1024;

  /// Who empties it; called on the loop.
  class Reader {
   public:
    virtual void read_inbox() = 0;

   protected:
    ~Reader() = default;
  };

  struct Message {
    std::uint64_t subscription;
    MessagePtr message;
  };
  struct Content {
    std::vector<Outcome> outcomes;
    std::vector<Message> messages;
    std::uint64_t dropped = 0;
  };

  Inbox(net::Loop& loop, Reader& reader) : loop_(&loop), reader_(&reader) {}

  // From any thread.
  void put(std::uint64_t subscription, MessagePtr message);
  void put(Outcome outcome);

  // On the loop.
  Content take();
  /// The reader ends: what comes from now on is dropped.
  void close();

 private:
  void wake();

  std::mutex mutex_;
  net::Loop* loop_;  // null when closed
  Reader* reader_;
  bool woken_ = false;
  std::size_t bytes_ = 0;
  Content content_;
};

}  // namespace whirl::driver::nats
