#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "http/response.h"
#include "net/stream.h"

namespace whirl::http {

struct Exchange;

/// A stream of a session that multiplexes (HTTP/2, HTTP/3) in the hands of who answers its request: what is
/// written becomes the body, and what the client sends behind what was handed over is read from it. If it
/// fails after its orderly end, on_end() is called once more.
class MessageStream : public net::Stream {
 public:
  /// Once, before anything is written. Length, version and keep-alive of the head mean nothing here.
  virtual void send_head(const ResponseHead& head) = 0;
  /// Header lines, each with its CRLF, that follow the body once the stream is closed after its flush.
  virtual void set_trailers(std::string_view lines) = 0;

 protected:
  using net::Stream::Stream;
};

/// A stream whose answer is the handler's to write.
struct Upgraded {
  net::StreamPtr stream;
  std::string early = {};    ///< bytes that came behind the request
  bool multiplexed = false;  ///< the stream is a MessageStream
};

/// Sends the head of an answer whose body is then written to the stream: as text on a connection of HTTP/1.
void send_head(net::Stream& stream, bool multiplexed, const ResponseHead& head);

/// What carries the answer to one request: a connection of HTTP/1, or a stream of a session that multiplexes.
/// Whatever of it ends first, exchange or carrier, makes the other forget it.
class Carrier {
 public:
  /// Ends the exchange with a complete answer. Views are borrowed for the call.
  virtual void answer(Exchange& exchange, int status, std::string_view content_type,
                      std::string_view body) = 0;
  /// Ends the exchange with an answer that its taker writes. No stream if the client is gone.
  virtual Upgraded release() = 0;
  virtual std::string peer_address() const = 0;

 protected:
  ~Carrier() = default;
};

/// One request under way. The responder owns it; the carrier points to it until it is answered.
struct Exchange {
  Carrier* carrier = nullptr;   // null once that ended
  std::string_view route = {};  // its path; empty where there is none
  std::string method = {};      // kept only for those who are told of answers
  std::string headers = {};     // lines of the answer
  int minor_version = 1;        // HTTP/1 only, as is the next
  bool keep_alive = true;
  bool head_only = false;
};

}  // namespace whirl::http
