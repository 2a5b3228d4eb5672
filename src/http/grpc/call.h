#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/function.h"
#include "base/indexed_list.h"
#include "http/exchange.h"
#include "http/grpc/message.h"
#include "http/grpc/status.h"
#include "http/request.h"
#include "http/responder.h"
#include "http/router.h"
#include "net/loop.h"

namespace whirl::http::grpc {

class Calls;
class Call;
using CallPtr = std::shared_ptr<Call>;
/// Gets a message of the client.
using OnMessage = UniqueFunction<void(const CallPtr&, std::string_view message)>;

/// One call of a client, from its head to its status, on the loop of its stream. Owned by its Calls as long
/// as it is open, and by whoever still has to answer it. Ends with finish(), when the client cancels it, or
/// at its deadline; what is said after that vanishes.
class Call final : public std::enable_shared_from_this<Call>, private net::StreamHandler, private net::Timer {
 public:
  Call(Calls& calls, net::StreamPtr stream, OnMessage on_message, bool many);

  void send(std::string_view message);
  void finish(const Status& status = {});
  void reply(std::string_view message) {
    send(message);
    finish();
  }
  /// The stream, for one who goes on to write messages to it and ends it with close_with(). Null if the call
  /// has ended.
  net::StreamPtr take();

 private:
  friend class Calls;
  friend class IndexedList<Call, CallPtr>;
  void on_data(std::span<char> bytes) override;
  void on_end() override;
  void on_timer() override;
  void on_message(std::string_view message);
  void send_head();
  void remove();

  Calls* calls_;  // null once it has ended
  net::StreamPtr stream_;
  MessageReader reader_;
  OnMessage on_message_;
  std::uint32_t index_ = 0;  // in the list of calls
  const bool many_;          // the client may send more than one message
  bool asked_ = false;       // a message came
  bool gzips_ = false;       // what the client sends is compressed, and so is what it gets
  bool head_sent_ = false;
};

/// The calls of one server on one loop. Owned by whoever serves them; outlives the HTTP server by which they
/// come. Calls that are left at its end are reset.
class Calls {
 public:
  static constexpr std::size_t kDefaultMaxMessage = 4 * 1024 * 1024;  ///< that of gRPC

  /// `max_message`: bytes; 0 means the default.
  Calls(net::Loop& loop, std::int64_t max_message);
  ~Calls();

  /// Takes a request with a call: of one message, or of many.
  void begin(const Request& request, Responder responder, OnMessage on_message, bool many = false);
  /// Ends a call before anything of it is read.
  void refuse(const Request& request, Responder responder, const Status& status);
  /// Answers calls of methods that no other route has.
  void mount_unknown(Router& router);
  std::size_t size() const { return calls_.size(); }

 private:
  friend class Call;
  bool is_call(const Request& request, Responder& responder) const;

  net::Loop& loop_;
  const std::size_t max_message_;
  IndexedList<Call, CallPtr> calls_;
};

/// Sends the head of an answer, which must be the first that goes to the stream.
void open_answer(net::Stream& stream, bool gzips = false);
/// Ends a call with its status.
void close_with(net::Stream& stream, const Status& status);

}  // namespace whirl::http::grpc
