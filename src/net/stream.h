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

/// What every TCP socket is given: no delay, keep-alive. Accepted ones inherit it from their listener.
void set_tcp_options(const Fd& socket);

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
/// Closes the stream and destroys it, not before the end of the loop's turn.
struct DropStream {
  void operator()(Stream* stream) const;
};
using StreamPtr = std::unique_ptr<Stream, DropStream>;

/// A byte stream in both directions on one loop: a connected socket, or one stream of a session that carries
/// many over one connection (HTTP/2, HTTP/3). What is written during a turn goes out at its end. Owned
/// through StreamPtr by whoever serves it.
class Stream : public TurnEnd {
 public:
  static constexpr std::int64_t kLingerMs = 5000;

  Loop& loop() { return loop_; }
  /// Who gets the events from now on; an HTTP connection hands its stream over with this. Null drops them.
  void set_handler(StreamHandler* handler) { handler_ = handler; }

  /// Queues bytes; they are sent at the end of the turn. On a closed stream they vanish.
  void write(SharedBytes bytes);
  void write(std::string_view bytes) { write(SharedBytes::copy(bytes)); }
  void write(const std::string& bytes) { write(std::string_view(bytes)); }
  void write(const char* bytes) { write(std::string_view(bytes)); }
  /// Queued and not yet taken by the kernel (or by the session that carries the stream).
  std::size_t outbox_bytes() const { return outbox_.bytes(); }

  virtual void pause_reading() = 0;
  virtual void resume_reading() = 0;

  /// Ends the stream now; what is queued is lost. The handler is not called again.
  virtual void close() = 0;
  /// Sends what is queued, ends our side, and closes when the peer has ended too or after kLingerMs. The
  /// handler is not called again and the owner may drop the stream at once: it is kept as long as needed.
  virtual void close_after_flush() = 0;
  virtual bool closed() const = 0;

  /// "address:port" of the other side ("[address]:port" for IPv6); "@" for a unix socket.
  std::string peer_address() const { return peer_ ? *peer_ : socket_address(); }
  /// Without the port.
  std::string peer_host() const;
  /// What peer_address() says from now on: a load balancer told who is behind it.
  void set_peer(std::string address) { peer_ = std::make_unique<std::string>(std::move(address)); }
  virtual bool encrypted() const { return false; }

 protected:
  explicit Stream(Loop& loop) : loop_(loop) {}

  /// "address:port" of whoever is connected.
  virtual std::string socket_address() const = 0;

  Loop& loop_;
  StreamHandler* handler_ = nullptr;
  std::unique_ptr<std::string> peer_;  // null: who is connected
  Outbox outbox_;
  bool takes_writes_ = true;  // not closed nor closing
  bool blocked_ = false;      // nothing more can be sent at present; a turn's end need not try

 private:
  friend struct DropStream;
  /// Its owner has let go of it, closed or not.
  virtual void drop() = 0;
};

/// A connected socket (TCP or unix). Reading is edge-triggered, into the loop's buffer, one recv per event;
/// an idle stream holds no buffer. What was written during a turn leaves in one gathered write. Subclasses
/// replace the byte layer (TLS).
class SocketStream : public Stream, public IoHandler {
 public:
  /// Takes a connected non-blocking socket; events go to the handler from the next turn on.
  static StreamPtr adopt(Loop& loop, Fd socket);
  ~SocketStream() override;

  void pause_reading() override;
  void resume_reading() override;
  void close() override;
  void close_after_flush() override;
  bool closed() const override { return !socket_; }

 protected:
  SocketStream(Loop& loop, Fd socket);
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
  /// Reads once more in the next turn, however often this is called in between.
  void read_again() { read_again(gives_way_); }
  /// The next input is expected to take long: it is read among what is left over from earlier turns.
  void expect_work() { gives_way_ = true; }

 private:
  class Linger;

  void on_turn_end() final;
  void drop() override;
  std::string socket_address() const override;
  void read_again(bool later);
  void read_once(bool later);
  void ended();
  void failed();
  bool flush(bool late);

  Fd socket_;
  bool paused_ = false;
  bool unread_ = false;     // an event came while reading was paused
  bool again_ = false;      // a read in the next turn is asked for
  bool gives_way_ = false;  // its input takes long
  bool end_seen_ = false;   // the end of the stream is behind what is unread
  bool ended_ = false;      // on_end was called
  bool lingering_ = false;  // kept by a Linger
  bool dropped_ = false;    // its owner is gone
};

}  // namespace whirl::net
