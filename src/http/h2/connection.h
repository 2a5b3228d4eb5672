#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/indexed_list.h"
#include "http/h2/session.h"
#include "net/loop.h"
#include "net/stream.h"

namespace whirl::http::h2 {

class Connections;

/// The socket of one session: gives it what comes, and takes from it as much as the socket takes. Owned by
/// its Connections, on their loop. Ends when the session is over, when the client goes, when there was no
/// stream for too long, or when the client gives no sign of life.
class Connection final : public Wire, public net::StreamHandler, private net::Timer, private net::TurnEnd {
 public:
  /// Output that may wait for the client; then nothing more is taken from the session, nor read.
  static constexpr std::size_t kMaxQueued = 256 * 1024;

  Connection(Connections& owner, net::StreamPtr stream);

  void receive(std::span<char> bytes) { on_data(bytes); }
  void shutdown() { session_.shutdown(); }

  void write(std::string_view bytes) override { stream_->write(bytes); }
  void output_waits() override;
  std::string peer_address() const override { return stream_->peer_address(); }

 private:
  friend class Connections;
  friend class IndexedList<Connection>;
  void on_data(std::span<char> bytes) override;
  void on_end() override;
  void on_drained() override;
  void on_timer() override;
  void on_turn_end() override;
  void watch_client();
  void close();
  void finish();

  Connections& owner_;
  net::StreamPtr stream_;
  bool gone_ = false;  // before the session, which asks for output while it is made
  Session session_;
  std::size_t index_ = 0;          // in the owner's list
  std::uint32_t frames_seen_ = 0;  // when the client was last looked after
  bool idle_ = true;               // no stream is open
  bool pinged_ = false;            // an answer is waited for
  bool full_ = false;              // the outbox was full before
  bool paused_ = false;
};

}  // namespace whirl::http::h2
