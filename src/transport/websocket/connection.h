#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/indexed_list.h"
#include "net/stream.h"
#include "session/session.h"
#include "transport/websocket/message_reader.h"
#include "transport/write_progress.h"

namespace whirl::transport::websocket {

class Endpoint;

/// One client's WebSocket, from the handshake to the close frame; owned by its endpoint, on the loop of its
/// stream. What remains of it after closing (flushing, the peer's close frame) is the stream's own affair.
class Connection final : public session::Connection, public net::StreamHandler {
 public:
  Connection(Endpoint& endpoint, net::StreamPtr stream, bool json, bool compression);

  void begin(std::shared_ptr<session::Session> session) { session_ = std::move(session); }
  session::Session& session() { return *session_; }
  void shutdown() { session_->shutdown(); }
  bool closed() const { return closed_; }
  /// The client takes nothing: ends without a close frame.
  void give_up();
  /// Ends without a close frame.
  void cut_off();
  /// Writes the frame that is held back, if there is one.
  void flush();
  void on_data(std::span<char> bytes) override;
  /// What a unidirectional client asks for; whatever it says later is ignored.
  void on_request(std::string_view request);

  void send(const SharedBytes& frame) override;
  void send_native_ping() override;
  std::size_t queued_bytes() const override { return stream_->outbox_bytes() + last_.size(); }
  void pause_reading() override;
  /// May deliver frames, which came before reading was paused, before it returns.
  void resume_reading() override;
  void close(std::uint32_t code, std::string_view reason) override;

 private:
  friend class Endpoint;
  friend class IndexedList<Connection>;
  void on_end() override;

  void read(std::span<char> bytes);
  void on_event(const MessageReader::Event& event);
  void pong(std::string_view payload);
  void on_message(std::string_view message);
  void on_compressed(std::string_view payload);
  void end_with(std::uint16_t code, std::string_view reason);
  void finish();
  bool may_join(const SharedBytes& frame) const;
  void hold(const SharedBytes& frame);
  void write(SharedBytes frame);

  Endpoint& endpoint_;
  net::StreamPtr stream_;
  std::shared_ptr<session::Session> session_;
  MessageReader reader_;
  std::unique_ptr<std::string> held_;  // came behind a frame that paused reading
  SharedBytes last_;                   // held back until the turn ends or another frame comes
  WriteProgress progress_;
  std::uint32_t index_ = 0;  // in the endpoint's list
  bool json_ : 1;
  bool compression_ : 1;
  bool requested_ : 1 = false;  // a unidirectional client's request came
  bool paused_ : 1 = false;
  bool closed_ : 1 = false;
};

}  // namespace whirl::transport::websocket
