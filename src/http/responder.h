#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "http/exchange.h"

namespace whirl::http {

/// The right to answer one request, once. It may be kept and used later, on the connection's loop: if the
/// connection ended meanwhile, the answer vanishes. One that is destroyed unused answers 500.
class Responder {
 public:
  explicit Responder(std::unique_ptr<Exchange> exchange);
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

  /// Takes the stream instead of answering; a connection of HTTP/1 ends without closing it. The new owner
  /// sets its handler and writes its own answer. Null if the connection ended.
  Upgraded upgrade();

 private:
  friend class Service;
  void finish(int status, std::string_view content_type, std::string_view body);

  std::unique_ptr<Exchange> exchange_;
};

}  // namespace whirl::http
