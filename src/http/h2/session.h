#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/h2/options.h"
#include "http/service.h"

struct nghttp2_session;

namespace whirl::http::h2 {

class Stream;
struct Field;

/// What carries a session's bytes.
class Wire {
 public:
  virtual void write(std::string_view bytes) = 0;
  /// There is something to send: send() is to be called when the turn ends.
  virtual void output_waits() = 0;
  virtual std::string peer_address() const = 0;

 protected:
  ~Wire() = default;
};

/// The server's side of one HTTP/2 connection, without its socket: takes bytes, hands requests to a service,
/// and gives bytes when it is asked for them. Its streams answer by themselves. Owned by its connection, on
/// the service's loop. Whatever the client does wrong ends this session only, with a GOAWAY that says why.
class Session {
 public:
  Session(Service& service, const Options& options, Wire& wire);
  ~Session();

  /// Bytes from the client, the connection preface first. They may be changed.
  void receive(std::span<char> bytes);
  /// Writes frames to the wire until about `most` bytes are written or nothing is left. False if the latter.
  bool send(std::size_t most);
  /// Tells the client to open no more streams; those that are open go on.
  void shutdown();
  /// Tells the client that the session is over; `reason` is a constant, for the log.
  void terminate(std::uint32_t code, std::string_view reason);
  void ping();
  /// Nothing more will be received or sent.
  bool over() const;
  std::size_t streams() const { return streams_.size(); }
  /// The number of frames that came so far; wraps around.
  std::uint32_t frames() const { return frames_; }

 private:
  friend class Stream;
  struct Callbacks;
  struct FreeSession {
    void operator()(nghttp2_session* session) const;
  };

  // For streams.
  void submit_head(Stream& stream, const std::vector<Field>& fields, bool with_body);
  void resume(Stream& stream);
  void reset(Stream& stream, std::uint32_t code);
  /// Lets the client send as many more bytes on the connection, and on the stream if there is one.
  void consumed(Stream* stream, std::size_t bytes);
  /// On the stream alone.
  void consume_stream(Stream& stream, std::size_t bytes);
  void remove(Stream& stream);

  void count_idle_frame(std::string_view kind);
  void count_head_bytes(std::size_t bytes);
  void tell_of_end(std::uint32_t code);
  void write(std::string_view bytes);
  void flush();

  Service& service_;
  const Options& options_;
  Wire& wire_;
  std::unique_ptr<nghttp2_session, FreeSession> session_;
  std::vector<Stream*> streams_;  // open ones; they are owned by themselves
  std::string out_;
  double idle_frames_left_;
  std::int64_t idle_frames_at_ms_;
  std::string_view reason_;
  std::size_t head_bytes_ = 0;  // of the head that is coming
  std::size_t written_ = 0;     // in the send() under way
  std::uint32_t frames_ = 0;
  bool ended_ = false;  // by a violation, or from our side
};

}  // namespace whirl::http::h2
