#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/indexed_list.h"
#include "net/stream.h"
#include "session/session.h"

namespace whirl::transport::grpc {

class Endpoint;

/// One client's stream of pushes over gRPC, from its connect request to its status. Owned by its endpoint, on
/// the loop of its stream; what remains of it after closing is the stream's own affair.
class Connection final : public session::Connection, public net::StreamHandler {
 public:
  Connection(Endpoint& endpoint, net::StreamPtr stream);

  void begin(std::shared_ptr<session::Session> session) { session_ = std::move(session); }
  session::Session& session() { return *session_; }
  void shutdown() { session_->shutdown(); }
  bool closed() const { return closed_; }

  void send(const SharedBytes& frame) override;
  void send_native_ping() override {}  // sessions are not told that there were any
  std::size_t queued_bytes() const override { return stream_->outbox_bytes(); }
  void pause_reading() override {}  // a client has said everything when this begins
  void resume_reading() override {}
  void close(std::uint32_t code, std::string_view reason) override;

 private:
  friend class IndexedList<Connection>;
  void on_data(std::span<char>) override {}
  void on_end() override;
  void finish();

  Endpoint& endpoint_;
  net::StreamPtr stream_;
  std::shared_ptr<session::Session> session_;
  std::uint32_t index_ = 0;  // in the endpoint's list
  bool closed_ = false;
};

}  // namespace whirl::transport::grpc
