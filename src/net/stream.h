#pragma once
#include <sys/uio.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/shared_bytes.h"
#include "net/fd.h"
#include "net/loop.h"
#include "net/outbox.h"

namespace whirl::net {

/// Gets what happens on a stream; called on the stream's loop. It may close or drop the stream from within
/// any call.
class StreamHandler {
 public:
  /// Bytes came. They are valid (and writable, to unmask in place) during the call; what is not consumed yet
  /// is the handler's to keep. No more comes after pause_reading().
  virtual void on_data(std::span<char> bytes) = 0;
  /// Nothing more will come: the peer ended its side, or the connection failed (then the stream is closed()).
  /// Called once. After an orderly end what is written still goes out, until the handler closes.
  virtual void on_end() = 0;
  /// An outbox that the socket could not take at once has become empty.
  virtual void on_drained() {}

 protected:
  ~StreamHandler() = default;
};

class Stream;
/// Closes the stream and destroys it at the end of the loop's turn.
struct DropStream {
  void operator()(Stream* stream) const;
};
using StreamPtr = std::unique_ptr<Stream, DropStream>;

/// A connected byte stream (TCP or unix socket) on one loop. Reading is edge-triggered, into the loop's
/// buffer, one recv per event; an idle stream holds no buffer. What is written during a turn goes out at its
/// end in one gathered write. Owned through StreamPtr by whoever serves the connection. Subclasses replace
/// the byte layer (TLS).
class Stream : public IoHandler, public TurnEnd {
 public:
  /// Takes a connected non-blocking socket; events go to the handler from the next turn on.
  static StreamPtr adopt(Loop& loop, Fd socket);
  virtual ~Stream();

  Loop& loop() { return loop_; }
  /// Who gets the events from now on; an HTTP connection hands its stream over with this. Null drops them.
  void set_handler(StreamHandler* handler) { handler_ = handler; }

  /// Queues bytes; they are sent at the end of the turn. On a closed stream they vanish.
  void write(SharedBytes bytes);
  void write(std::string_view bytes) { write(SharedBytes::copy(bytes)); }
  void write(const std::string& bytes) { write(std::string_view(bytes)); }
  void write(const char* bytes) { write(std::string_view(bytes)); }
  /// Queued and not yet taken by the kernel.
  std::size_t outbox_bytes() const { return outbox_ ? outbox_->bytes() : 0; }

  void pause_reading();
  void resume_reading();

  /// Ends the connection now; what is queued is lost. The handler is not called again.
  void close();
  /// Sends what is queued, ends our side, and closes when the peer has ended too or after kLingerMs. The
  /// handler is not called again and the owner may drop the stream at once: the loop keeps it as long as
  /// needed.
  void close_after_flush();
  bool closed() const { return !socket_; }
  static constexpr std::int64_t kLingerMs = 5000;

  /// "address:port" of the other side ("[address]:port" for IPv6); "@" for a unix socket.
  std::string peer_address() const;
  /// Without the port.
  std::string peer_host() const;
  /// What peer_address() says from now on: a load balancer told who is behind it.
  void set_peer(std::string address) { peer_ = std::make_unique<std::string>(std::move(address)); }
  virtual bool encrypted() const { return false; }

 protected:
  Stream(Loop& loop, Fd socket);
  void on_io(std::uint32_t events) override;
  int fd() const { return socket_.get(); }

  static constexpr ssize_t kBlocked = -1;
  static constexpr ssize_t kFailed = -2;
  /// Bytes received, 0 at the end of the stream, kBlocked or kFailed.
  virtual ssize_t receive(std::span<char> buffer);
  /// Bytes sent (at least one), kBlocked or kFailed.
  virtual ssize_t send(std::span<const iovec> parts);
  /// Ends our side of the connection.
  virtual void end_sending();

 private:
  friend struct DropStream;
  class Linger;

  void on_turn_end() final;
  void read_once(bool more_behind);
  void ended();
  void failed();
  bool flush(bool late);

  Loop& loop_;
  StreamHandler* handler_ = nullptr;
  std::unique_ptr<std::string> peer_;  // null: who is connected
  OutboxPtr outbox_;                   // null while there is nothing to send
  Fd socket_;
  bool paused_ = false;
  bool unread_ = false;     // an event came while reading was paused
  bool blocked_ = false;    // the socket takes no more until EPOLLOUT
  bool ended_ = false;      // on_end was called
  bool lingering_ = false;  // kept by a Linger
  bool dropped_ = false;    // its owner is gone
};

}  // namespace whirl::net
