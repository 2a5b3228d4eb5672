#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "http/exchange.h"
#include "http/h2/session.h"
#include "http/streamed_request.h"

namespace whirl::http::h2 {

/// One stream of a session: its request, then its answer, which is either given as a whole or written by
/// whoever took the stream. Owned by itself: lives as long as the session has it open or somebody holds it,
/// then destroys itself at the end of the turn.
class Stream final : public MessageStream, public Carrier, private net::Timer {
 public:
  Stream(Session& session, std::int32_t id);
  ~Stream() override;

  // From the session.
  void field(std::string_view name, std::string_view value) { request_->field(name, value); }
  void head_received(bool ended);
  void data_received(std::span<char> bytes);
  void end_received();
  /// The stream is closed for the session, or the whole session ended.
  void closed_by_session();
  /// How many of the bytes that wait, at most `most`, go in the next frame; `last`: and nothing after them.
  /// -1: none yet.
  std::ptrdiff_t next_piece(std::size_t most, bool& last);
  void take_piece(std::size_t size, std::string& out);
  void end_sent();
  const std::string& trailers() const { return trailers_; }

  // Carrier.
  void answer(Exchange& exchange, int status, std::string_view content_type, std::string_view body) override;
  Upgraded release() override;

  // MessageStream.
  void send_head(const ResponseHead& head) override;
  void set_trailers(std::string_view lines) override { trailers_ = lines; }
  void pause_reading() override { paused_ = true; }
  void resume_reading() override;
  void close() override;
  void close_after_flush() override;
  bool closed() const override { return closed_; }
  std::string peer_address() const override { return net::Stream::peer_address(); }

 private:
  friend class Session;

  void on_turn_end() override;
  void on_timer() override;
  void drop() override;
  std::string socket_address() const override;
  void submit_head(const ResponseHead& head, bool with_body);
  void reset(std::uint32_t code);
  void forget_request();
  void end_reading();
  void destroy_if_unused();

  Session* session_;  // null once it does not know the stream any more
  const std::int32_t id_;
  std::uint32_t index_ = 0;  // in the session's list
  std::unique_ptr<StreamedRequest> request_;
  Exchange* exchange_ = nullptr;
  std::string trailers_;
  std::string held_;    // came while reading is paused
  bool taken_ = false;  // somebody holds it
  bool paused_ = false;
  bool deferred_ = false;  // the session waits until there is more to send
  bool ending_ = false;    // what waits is the last
  bool lingers_ = false;   // and then the client has some time to end its side
  bool end_is_sent_ = false;
  bool head_sent_ = false;
  bool end_received_ = false;
  bool end_told_ = false;  // to the handler
  bool closed_ = false;
};

}  // namespace whirl::http::h2
