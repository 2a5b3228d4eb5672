#pragma once
#include <nghttp3/nghttp3.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "http/h3/channel.h"
#include "http/h3/quic_streams.h"
#include "http/h3/request_stream.h"
#include "http/head_parser.h"
#include "http/rate_limit.h"
#include "http/service.h"
#include "net/loop.h"

namespace whirl::http::h3 {

inline constexpr int kVersion = 3;
inline constexpr std::uint64_t kNoError = NGHTTP3_H3_NO_ERROR;
inline constexpr std::uint64_t kSessionGone = 0x170d7b68;  ///< of streams whose WebTransport session ended

struct FreeHttp {
  void operator()(nghttp3_conn* http) const { nghttp3_conn_del(http); }
};

/// HTTP/3 on one QUIC connection: a client's requests and its WebTransport sessions. nghttp3 speaks HTTP/3;
/// it does not know WebTransport, whose streams are told from requests by their first bytes and do not reach
/// it. Owned by the connection, on its loop, and ends with it.
class Session {
 public:
  static constexpr std::size_t kParts = 8;                   ///< of what is sent at a time
  static constexpr std::int64_t kRequestTimeoutMs = 30'000;  ///< from a request's beginning to its end
  static constexpr std::int64_t kChannelTimeoutMs = 10'000;  ///< for the stream of a WebTransport session
  /// For a client to read what was sent last before its WebTransport session ends: once that has arrived, and
  /// if it does not arrive.
  static constexpr std::int64_t kReadMs = 100;
  static constexpr std::int64_t kFarewellMs = 1000;
  /// Requests that a client may cancel before they are answered, and one more each second.
  static constexpr std::int64_t kCancellations = 100;
  static constexpr std::uint64_t kMaxWebTransport = 16;  ///< sessions that clients are told they may begin

  Session(QuicStreams& quic, Service& service, const HeadLimits& limits);
  ~Session();

  // For the connection below.
  /// Opens our control streams; false if that is not possible.
  bool begin();
  void on_data(std::int64_t id, std::string_view bytes, bool last);
  void on_acked(std::int64_t id, std::uint64_t bytes);
  /// Both sides of a stream ended.
  void on_closed(std::int64_t id, std::uint64_t code);
  /// The client gave up its side.
  void on_reset(std::int64_t id);
  /// The client takes no more.
  void on_stop_sending(std::int64_t id);
  void on_more_streams(std::uint64_t most);
  /// What is to be sent next, and that so much of it was, or that it cannot be at present, until it can.
  Outgoing next_outgoing();
  void on_sent(std::int64_t id, std::size_t bytes);
  void on_blocked(std::int64_t id);
  void on_unblocked(std::int64_t id);
  /// Takes no more requests; ends the connection when it has nothing left to do.
  void shutdown();

  // For its requests.
  Service& service() { return service_; }
  const HeadLimits& limits() const { return limits_; }
  std::string peer_address() const { return quic_.peer_address(); }
  void submit(std::int64_t id, const Fields& fields);
  void consumed(std::int64_t id, std::size_t bytes) { quic_.consumed(id, bytes); }
  void stop_reading(std::int64_t id, std::uint64_t code) { quic_.stop_reading(id, code); }
  void give_up(std::int64_t id);
  void wants_to_send(const RequestStream& request);
  void resume_channel(std::int64_t id);
  /// Ends a channel behind what it has to send, and what waits on the stream.
  void end_channel(std::int64_t id, SessionStream& stream);
  bool channel_arrived(std::int64_t id) const;
  /// Has check_timeout() of requests called after that time, at the latest.
  void check_in(std::int64_t ms);

 private:
  friend struct SessionCallbacks;

  RequestStream* find(std::int64_t id);
  Channel* find_channel(std::int64_t id);
  void begin_request(std::int64_t id);
  void cancel(RequestStream& request);
  void count_cancellation();
  void on_request_data(std::int64_t id, std::string_view bytes, bool last);
  nghttp3_ssize read_body(std::int64_t id, nghttp3_vec* parts, std::size_t count, std::uint32_t* flags);
  std::uint32_t end_of_body(const RequestStream& request);
  void fail(int error);
  void fail(std::uint64_t code, std::string_view reason);
  void check_requests();
  void check_timeouts();
  void end_if_idle();
  void end_if_gone();

  // Sending.
  Outgoing next_of_control();
  Outgoing next_of_http();
  Outgoing next_of_channels();
  bool take_control(std::size_t count);

  // WebTransport.
  bool is_web_transport(std::int64_t id, std::string_view bytes, bool last);
  bool begin_channel(std::int64_t id, std::int64_t request);
  void on_channel_data(Channel& channel, std::string_view bytes, bool last);
  void deliver(Channel& channel);

  QuicStreams& quic_;
  Service& service_;
  const HeadLimits& limits_;
  std::unique_ptr<nghttp3_conn, FreeHttp> http_;
  std::int64_t control_ = -1;  // our control stream
  SendQueue control_out_;
  bool control_blocked_ = false;
  bool settings_sent_ = false;
  std::unordered_map<std::int64_t, std::unique_ptr<RequestStream>> requests_;
  std::unordered_map<std::int64_t, std::unique_ptr<Channel>> channels_;
  std::unordered_map<std::int64_t, std::string> sniffed_;  // first bytes that do not tell yet what follows
  std::unordered_set<std::int64_t> ordinary_;              // streams that are known to be for nghttp3
  std::array<nghttp3_vec, kParts> vectors_{};
  std::array<std::string_view, kParts> parts_{};
  RateLimit cancellations_{kCancellations};
  net::CallbackTimer timer_;
  net::CallbackTimer early_timer_;
  bool closing_ = false;
  bool all_sent_ = false;  // when timeouts were last checked
  bool failed_ = false;
};

}  // namespace whirl::http::h3
