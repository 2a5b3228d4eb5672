#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/indexed_list.h"
#include "http/exchange.h"
#include "net/stream.h"
#include "session/session.h"
#include "transport/emulation/sessions.h"
#include "transport/write_progress.h"

namespace whirl::transport::streaming {

class Endpoint;

/// One client's streaming response, whose body is the messages to the client: HTTP streaming and server-sent
/// events, in both directions (commands come through the emulation endpoint) and in one. Each message is a
/// chunk of the body in HTTP/1.1; in other versions the body just goes on until the end. Owned by its
/// endpoint, on the loop of its stream; what remains of it after closing is the stream's own affair.
class Connection final : public session::Connection, public net::StreamHandler, public emulation::Receiver {
 public:
  /// Commands that wait for a reply, in bytes; a client that sends more by emulation is cut off.
  static constexpr std::size_t kMaxWaiting = 1024 * 1024;

  /// What the head of the response is made of.
  struct Head {
    std::string headers;    ///< lines, each with its CRLF
    int minor_version = 1;  ///< of HTTP/1
  };

  Connection(Endpoint& endpoint, http::Upgraded upgraded, Head head, bool json);

  void begin(std::shared_ptr<session::Session> session);
  /// Sends the head of a response that goes on; no-op if that was done before.
  void begin_response();
  session::Session& session() { return *session_; }
  void shutdown() { session_->shutdown(); }
  bool closed() const { return closed_; }
  /// Ends without a word.
  void cut_off();
  /// The same, as the client takes nothing.
  void give_up();

  bool on_commands(std::string_view data) override;

  void send(const SharedBytes& frame) override;
  void send_native_ping() override {}  // sessions are not told that there were any
  std::size_t queued_bytes() const override { return stream_->outbox_bytes(); }
  /// Nobody reads from the stream; sessions keep commands themselves, as far as they are let.
  void pause_reading() override { paused_ = true; }
  void resume_reading() override;
  void close(std::uint32_t code, std::string_view reason) override;

 private:
  friend class Endpoint;
  friend class IndexedList<Connection>;
  void on_data(std::span<char>) override {}  // no request comes behind this one
  void on_end() override { cut_off(); }

  void answer_failed_connect(std::uint32_t code);
  void write(SharedBytes bytes);
  void finish();

  Endpoint& endpoint_;
  net::StreamPtr stream_;
  std::shared_ptr<session::Session> session_;
  std::unique_ptr<Head> head_;  // until it is sent
  Uuid id_;                     // by which commands find the session
  std::size_t waiting_ = 0;     // bytes of commands that came while reading is paused
  WriteProgress progress_;
  std::uint32_t index_ = 0;  // in the endpoint's list
  bool json_ : 1;
  bool multiplexed_ : 1;  // the stream is one of HTTP/2 or HTTP/3
  bool chunked_ : 1;
  bool emulated_ : 1 = false;
  bool paused_ : 1 = false;
  bool closed_ : 1 = false;
};

}  // namespace whirl::transport::streaming
