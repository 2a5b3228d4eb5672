#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/indexed_list.h"
#include "http/web_transport.h"
#include "net/stream.h"
#include "session/session.h"
#include "transport/webtransport/message_cutter.h"
#include "transport/write_progress.h"

namespace whirl::transport::webtransport {

class Endpoint;

/// One client's WebTransport session, whose first bidirectional stream carries the messages of both sides.
/// Owned by its endpoint, on the loop of the stream. The client's session of ours begins with the first bytes
/// of the client.
class Connection final : public session::Connection, public net::StreamHandler {
 public:
  Connection(Endpoint& endpoint, net::StreamPtr stream, session::ConnectionInfo info);

  /// Sends the head of the answer, which opens the session.
  void begin(std::string_view headers);
  bool closed() const { return closed_; }
  /// The server is going down.
  void shutdown();
  /// Ends without a word.
  void cut_off();
  /// The same, as the client takes nothing.
  void give_up();

  void send(const SharedBytes& frame) override;
  void send_native_ping() override {}  // sessions are not told that there were any
  std::size_t queued_bytes() const override { return stream_->outbox_bytes(); }
  void pause_reading() override;
  void resume_reading() override;
  void close(std::uint32_t code, std::string_view reason) override;

 private:
  friend class Endpoint;
  friend class IndexedList<Connection>;
  void on_data(std::span<char> bytes) override;
  void on_end() override { cut_off(); }

  http::WebTransportStream& stream();
  void finish();

  Endpoint& endpoint_;
  net::StreamPtr stream_;
  std::unique_ptr<session::ConnectionInfo> info_;  // until the session begins
  std::shared_ptr<session::Session> session_;
  MessageCutter cutter_;
  WriteProgress progress_;
  std::uint32_t index_ = 0;  // in the endpoint's list
  bool closed_ = false;
};

}  // namespace whirl::transport::webtransport
