#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/function.h"
#include "base/ids.h"
#include "net/runtime.h"

namespace whirl::transport::emulation {

/// A connection whose commands come by other requests; used on its loop.
class Receiver {
 public:
  /// `data` as it is in the emulation request: a JSON string with commands, or the Protobuf commands. False
  /// if it is not what the connection's encoding asks for.
  virtual bool on_commands(std::string_view data) = 0;

 protected:
  ~Receiver() = default;
};

/// Finds the sessions of this process by their ids, whichever loop they are on. One for all loops, made
/// before they run. Where a session is, is kept by the loop which its id hashes to; so a command takes at
/// most two steps between loops.
class Sessions {
 public:
  explicit Sessions(net::Runtime& runtime);

  /// On the receiver's loop; it is removed before it ends.
  void add(const Uuid& id, Receiver& receiver);
  void remove(const Uuid& id);

  enum class Delivery { delivered, malformed, no_session };
  /// Hands data to a session. Called on a loop, which `done` is called on, maybe at once.
  void deliver(const Uuid& id, std::string data, UniqueFunction<void(Delivery)> done);

 private:
  struct Part {
    std::unordered_map<Uuid, Receiver*, UuidHash> receivers;  // on this loop
    std::unordered_map<Uuid, int, UuidHash> loops;            // of the sessions that hash to this loop
  };

  Part& part(int loop) { return *parts_[static_cast<std::size_t>(loop)]; }
  int owner_of(const Uuid& id) const { return runtime_.owner_index(UuidHash{}(id)); }
  void on(int loop, net::Loop::Task task);
  Delivery deliver_here(const Uuid& id, std::string_view data);

  net::Runtime& runtime_;
  std::vector<std::unique_ptr<Part>> parts_;
};

}  // namespace whirl::transport::emulation
