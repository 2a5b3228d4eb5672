#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "http/web_transport.h"
#include "net/stream.h"

namespace whirl::http::h3 {

class RequestStream;

/// A request's stream in the hands of who serves it: the body of an answer that goes on, or the bytes of a
/// WebTransport session. Owned through StreamPtr; the session forgets it when either of them ends.
class SessionStream final : public WebTransportStream {
 public:
  SessionStream(net::Loop& loop, RequestStream& request);
  ~SessionStream() override;

  void send_head(const ResponseHead& head) override;
  void set_trailers(std::string_view lines) override;
  void pause_reading() override { paused_ = true; }
  void resume_reading() override;
  void close() override;
  void close_after_flush() override;
  void close_session(std::uint32_t code, std::string_view reason) override;
  bool closed() const override { return request_ == nullptr; }
  bool encrypted() const override { return true; }

  // For the session.
  bool paused() const { return paused_; }
  void received(std::span<char> bytes);
  /// Nothing more comes in. `over`: nor can anything be sent.
  void ended(bool over);
  /// Takes the first of what waits to be sent; nothing if nothing does.
  SharedBytes next();

 private:
  void on_turn_end() override;
  void drop() override;
  std::string socket_address() const override;
  RequestStream* detach();

  RequestStream* request_;
  bool paused_ = false;
  bool ended_ = false;
  bool resumed_ = false;  // reading goes on when the turn ends
  bool waited_ = false;   // something was left to be sent when a turn ended
  bool drained_ = false;  // the handler is to be told that nothing is left
};

}  // namespace whirl::http::h3
