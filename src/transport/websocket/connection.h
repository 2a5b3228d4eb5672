#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/stream.h"
#include "session/session.h"
#include "transport/websocket/message_reader.h"

namespace whirl::transport::websocket {

class Endpoint;

/// One client's WebSocket, from the handshake to the close frame; owned by its endpoint, on the loop of its
/// stream. What remains of it after closing (flushing, the peer's close frame) is the stream's own affair.
class Connection final : public session::Connection, public net::StreamHandler {
 public:
  Connection(Endpoint& endpoint, net::StreamPtr stream, bool json, bool compression);

  void begin(std::shared_ptr<session::Session> session) { session_ = std::move(session); }
  session::Session& session() { return *session_; }
  bool closed() const { return closed_; }
  /// The client takes nothing: ends without a close frame.
  void cut_off();
  /// Writes the frame that is held back, if there is one.
  void flush();
  void on_data(std::span<char> bytes) override;

  void send(const SharedBytes& frame) override;
  void send_native_ping() override;
  std::size_t queued_bytes() const override { return stream_->outbox_bytes() + last_.size(); }
  void pause_reading() override;
  /// May deliver frames, which came before reading was paused, before it returns.
  void resume_reading() override;
  void close(std::uint32_t code, std::string_view reason) override;

 private:
  friend class Endpoint;
  void on_end() override;

  void read(std::span<char> bytes);
  void on_event(const MessageReader::Event& event);
  void on_message(std::string_view message);
  void on_compressed(std::string_view payload);
  void end_with(std::uint16_t code, std::string_view reason);
  void finish();
  bool makes_progress();
  void hold(const SharedBytes& frame);
  void write(SharedBytes frame);

  Endpoint& endpoint_;
  net::StreamPtr stream_;
  std::shared_ptr<session::Session> session_;
  MessageReader reader_;
  std::unique_ptr<std::string> held_;  // came behind a frame that paused reading
  SharedBytes last_;                   // compressed, held back until the turn ends or another frame comes
  std::uint32_t index_ = 0;            // in the endpoint's list
  // To see whether the client takes anything: bytes given to the stream, how many of them had left it when
  // that last changed, and when that was. They wrap around.
  std::uint32_t queued_ = 0;
  std::uint32_t taken_ = 0;
  std::uint32_t taken_at_ms_ = 0;
  bool json_ : 1;
  bool compression_ : 1;
  bool paused_ : 1 = false;
  bool closed_ : 1 = false;
};

}  // namespace whirl::transport::websocket
