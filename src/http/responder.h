#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "net/stream.h"

namespace whirl::http {

class ServerConnection;

/// A stream that left HTTP, with the bytes that came behind the request.
struct Upgraded {
  net::StreamPtr stream;
  std::string early;
};

/// The right to answer one request, once. It may be kept and used later, on the connection's loop: if the
/// connection ended meanwhile, the answer vanishes. One that is destroyed unused answers 500.
class Responder {
 public:
  Responder(Responder&&) noexcept;
  Responder& operator=(Responder&&) noexcept;
  ~Responder();

  /// Adds a header to whatever answer is given.
  void header(std::string_view name, std::string_view value);
  /// Header lines added so far, each with its CRLF.
  const std::string& headers() const;

  void reply(int status, std::string_view content_type, std::string_view body);
  /// No body, no content type.
  void empty(int status);
  /// The status text, or `text`, and a newline, as plain text.
  void error(int status, std::string_view text = {});
  /// Makes this the last answer of the connection.
  void close_after();

  /// False once it was used, and when the connection ended.
  bool open() const;
  bool answered() const { return exchange_ == nullptr; }
  /// "address:port" of the client; empty if the connection ended.
  std::string peer_address() const;

  /// Takes the stream instead of answering; the HTTP connection ends without closing it. The new owner sets
  /// its handler and writes its own answer. Null if the connection ended.
  Upgraded upgrade();

 private:
  friend class ServerConnection;
  struct Exchange;
  explicit Responder(std::unique_ptr<Exchange> exchange);
  void finish(int status, std::string_view content_type, std::string_view body);

  std::unique_ptr<Exchange> exchange_;
};

/// One request under way. The responder owns it; the connection points to it until it is answered.
struct Responder::Exchange {
  ServerConnection* connection = nullptr;  // null once the connection ended
  std::string_view route = {};             // its path; empty where there is none
  std::string method = {};                 // kept only for those who are told of answers
  std::string headers;
  int minor_version = 1;
  bool keep_alive = true;
  bool head_only = false;
};

}  // namespace whirl::http
