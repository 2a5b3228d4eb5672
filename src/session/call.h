#pragma once
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "protocol/commands.h"
#include "session/refusal.h"

namespace whirl::session {

class Client;

/// One command on its way to its answer; moved along with whoever works on it and answered exactly once. It
/// holds the client weakly: if the connection ended meanwhile the answer goes nowhere.
class Call {
 public:
  Call(Client& client, protocol::Method method, std::uint32_t id);
  Call(Call&&) = default;
  Call& operator=(Call&&) = default;

  /// Null if the connection ended: then there is nothing left to do.
  std::shared_ptr<Client> client() const;

  /// `reply` has the result; the id is put in. A reply that the client's encoding can't carry (`can_be_shown`
  /// of the Wire it was built with) ends the connection with 3506.
  void reply(protocol::Reply reply, bool can_be_shown = true);
  /// As reply(), but the next command waits on until done(). False if the connection ended.
  bool send(protocol::Reply reply, bool can_be_shown = true);
  /// What there was to do after send(), or instead of it, is done.
  void done();
  void refuse(const Refusal& refusal);
  void refuse(const protocol::Error& error, std::string why = {});
  void refuse(const protocol::Disconnect& disconnect, std::string why = {});
  /// Something that the server needs did not work: it is logged, and the client is told "internal server
  /// error".
  void fail(const whirl::Error& error, std::string_view what);

 private:
  void finish(Client& client);

  std::weak_ptr<Client> client_;
  std::int64_t started_us_;
  std::uint32_t id_;
  protocol::Method method_;
};

}  // namespace whirl::session
