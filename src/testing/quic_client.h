#pragma once
#include <nghttp3/nghttp3.h>
#include <ngtcp2/ngtcp2.h>
#include <ngtcp2/ngtcp2_crypto.h>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "net/udp_socket.h"

using gnutls_session_t = struct gnutls_session_int*;
using gnutls_certificate_credentials_t = struct gnutls_certificate_credentials_st*;

namespace whirl::testing {

/// An HTTP/3 client without a socket: its packets go straight into a server, which answers into take().
/// Streams of other kinds than requests are plain bytes. Believes any certificate.
class QuicClient final : public net::DatagramSender {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;
  struct Answer {
    int status = 0;
    Headers headers;
    std::string body;
    bool ended = false;
    std::string header(std::string_view name) const;
  };

  QuicClient(net::DatagramHandler& server, const Clock& clock);
  ~QuicClient();

  /// From the server, for this client.
  void send_datagrams(std::span<const std::uint8_t> bytes, std::size_t segment,
                      const net::UdpPath& path) override;
  /// Takes what has come and sends what is to be sent; true if there was something.
  bool turn();

  /// `headers` with the pseudo headers.
  std::int64_t request(const Headers& headers, std::string_view body = {}, bool last = true);
  std::int64_t get(std::string_view path);
  Answer& answer(std::int64_t stream) { return answers_[stream]; }
  /// More of a request's body.
  void send_body(std::int64_t stream, std::string_view bytes, bool last = false);

  std::int64_t open_stream();
  /// Whether the server lets it have one more.
  bool may_open_stream() const;
  void send(std::int64_t stream, std::string_view bytes, bool last = false);
  void reset(std::int64_t stream);
  void stop_reading(std::int64_t stream);
  /// Of a plain stream.
  std::string& received(std::int64_t stream) { return plain_[stream].in; }
  bool ended(std::int64_t stream) { return plain_[stream].ended; }

  /// Goes away with a word, or asks the server for nothing more.
  void close();
  bool connected() const { return connected_; }
  /// The server said that it is over, with this code.
  bool closed() const;
  std::uint64_t close_code() const;
  bool saw_retry() const;
  /// The server's first control stream, as bytes.
  const std::string& control_stream() const { return control_; }
  net::UdpPath path;  ///< where the server sees its packets come from; tests change it
  bool deaf = false;  ///< what comes is lost

 private:
  friend struct QuicClientCallbacks;
  struct Plain {
    std::string in;
    std::string out;
    std::size_t sent = 0;
    bool last = false;
    bool ended = false;
  };
  struct Body {
    std::string bytes;
    std::size_t given = 0;
    bool last = false;
  };

  std::uint64_t now() const;
  ngtcp2_path own_path();
  void set_up_tls();
  void set_up_quic();
  bool begin_http();
  bool read();
  bool write();
  bool write_one(std::int64_t stream, std::span<const ngtcp2_vec> parts, bool last);
  bool write_http();

  net::DatagramHandler& server_;
  const Clock& clock_;
  net::UdpPath own_path_;
  gnutls_certificate_credentials_t credentials_ = nullptr;
  gnutls_session_t tls_ = nullptr;
  ngtcp2_crypto_conn_ref reference_{};
  ngtcp2_conn* quic_ = nullptr;
  nghttp3_conn* http_ = nullptr;
  std::deque<std::string> inbox_;
  std::map<std::int64_t, Answer> answers_;
  std::map<std::int64_t, Plain> plain_;
  std::map<std::int64_t, std::unique_ptr<Body>> bodies_;
  std::string control_;
  bool connected_ = false;
  bool close_asked_ = false;
  bool over_ = false;
  std::uint64_t close_code_ = 0;
};

}  // namespace whirl::testing
