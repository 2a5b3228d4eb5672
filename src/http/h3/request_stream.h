#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "http/exchange.h"
#include "http/h3/send_queue.h"
#include "http/h3/session_stream.h"
#include "http/h3/wire.h"
#include "http/streamed_request.h"

namespace whirl::http::h3 {

class Fields;
class Session;

/// One request of a session and its answer; owned by the session until its stream is closed. The answer is
/// given as a whole, or whoever serves the request takes a SessionStream and writes it there.
class RequestStream final : public Carrier {
 public:
  RequestStream(Session& session, std::int64_t id, std::int64_t begun_ms);
  ~RequestStream();

  std::int64_t id() const { return id_; }
  SessionStream* stream() const { return stream_; }
  SendQueue& out() { return out_; }
  bool is_web_transport() const { return web_transport_; }
  bool answered() const { return state_ == State::answered; }
  /// Nothing is left to be sent, though it may not have arrived yet.
  bool all_sent() const { return answered() && farewell_.empty() && (abandoned_ || out_.unsent() == 0); }

  // What comes.
  void field(std::string_view name, std::string_view value) { request_.field(name, value); }
  void head_complete(bool ended);
  void body(std::string_view bytes);
  void end();
  /// The client is gone, or wants no answer any more: nothing more is said to either side.
  void client_left();
  void resume_reading();

  // What goes.
  void answer(Exchange& exchange, int status, std::string_view content_type, std::string_view body) override;
  Upgraded release() override;
  std::string peer_address() const override;
  void send_head(const ResponseHead& head);
  void set_trailers(std::string_view lines) { trailers_ = lines; }
  const std::string& trailers() const { return trailers_; }
  /// Its SessionStream lets go: ends behind what is queued there.
  void finish();
  void abandon();
  void wants_to_send();
  /// Moves what can be sent soon from the SessionStream to a queue.
  void fill(SendQueue& queue);

  /// Of a WebTransport session: the stream that its client opened.
  std::int64_t channel = -1;
  /// Ends the WebTransport session; what is queued was taken already.
  void end_web_transport(std::uint32_t code, std::string_view reason);
  /// The client has all that was sent on the channel.
  void channel_arrived();
  /// Both sides of the channel ended.
  void channel_closed();
  /// Now and then: ends what takes too long.
  void check_timeout(std::int64_t now_ms);

 private:
  enum class State : std::uint8_t {
    incoming,  ///< its head or body comes
    serving,   ///< it was handed over
    stream,    ///< whoever serves it has its stream
    answered,  ///< all is said that is to be said, but maybe not sent
  };

  void submit(const Fields& fields);
  void deliver();
  void let_go();
  void say_farewell();

  Session& session_;
  const std::int64_t id_;
  const std::int64_t begun_ms_;
  StreamedRequest request_;
  Exchange* exchange_ = nullptr;  // the responder's, until it is answered
  SessionStream* stream_ = nullptr;
  SendQueue out_;
  std::string trailers_;
  std::string held_;  // came while the stream's reading was paused
  CapsuleReader capsules_;
  std::string farewell_;  // the capsule that ends the session, until it is sent
  std::int64_t farewell_at_ms_ = 0;
  State state_ = State::incoming;
  bool web_transport_ = false;
  bool head_sent_ = false;
  bool abandoned_ = false;
  bool client_done_ = false;
};

}  // namespace whirl::http::h3
