#include "http/h3/quic_connection.h"

#include <gnutls/gnutls.h>

#include <algorithm>
#include <array>

#include "base/log.h"
#include "http/h3/quic_callbacks.h"
#include "http/h3/quic_server.h"

namespace whirl::http::h3 {
namespace {

constexpr std::uint64_t kStreamWindow = 128 * 1024;      // bytes that a client may send ahead, on a stream
constexpr std::uint64_t kConnectionWindow = 512 * 1024;  // and on all of them
constexpr std::uint64_t kStreams = 100;                  // that a client may have open, of requests
constexpr std::uint64_t kUniStreams = 16;                // and of control
constexpr std::uint64_t kMaxDatagram = 65535;

ngtcp2_path path_of(const net::UdpPath& path) {
  auto* local = const_cast<sockaddr*>(path.local.get());
  auto* peer = const_cast<sockaddr*>(path.peer.get());
  return {{local, path.local.size()}, {peer, path.peer.size()}, nullptr};
}

net::UdpPath path_of(const ngtcp2_path& path) {
  return {{path.local.addr, path.local.addrlen}, {path.remote.addr, path.remote.addrlen}};
}

ngtcp2_settings settings_of(const QuicLimits& limits, const QuicConnection::Beginning& beginning,
                            std::uint64_t now) {
  ngtcp2_settings out;
  ngtcp2_settings_default(&out);
  out.initial_ts = now;
  out.handshake_timeout = static_cast<std::uint64_t>(limits.handshake_timeout_ms) * NGTCP2_MILLISECONDS;
  out.token = beginning.head.token;
  out.tokenlen = beginning.head.tokenlen;
  if (beginning.original_id) out.token_type = NGTCP2_TOKEN_TYPE_RETRY;
  return out;
}

ngtcp2_transport_params params_of(const QuicLimits& limits, const QuicConnection::Beginning& beginning) {
  ngtcp2_transport_params out;
  ngtcp2_transport_params_default(&out);
  out.initial_max_stream_data_bidi_local = kStreamWindow;
  out.initial_max_stream_data_bidi_remote = kStreamWindow;
  out.initial_max_stream_data_uni = kStreamWindow;
  out.initial_max_data = kConnectionWindow;
  out.initial_max_streams_bidi = kStreams;
  out.initial_max_streams_uni = kUniStreams;
  out.max_idle_timeout = static_cast<std::uint64_t>(limits.idle_timeout_ms) * NGTCP2_MILLISECONDS;
  out.max_datagram_frame_size = kMaxDatagram;
  out.original_dcid = beginning.original_id ? *beginning.original_id : beginning.head.dcid;
  out.original_dcid_present = 1;
  if (beginning.original_id) {
    out.retry_scid = beginning.head.dcid;
    out.retry_scid_present = 1;
  }
  out.stateless_reset_token_present = 1;
  return out;
}

}  // namespace

/// Packets of one size to one place, which the kernel takes at once. Sends what it has when something else
/// comes.
class QuicConnection::Train {
 public:
  Train(QuicServer& server, std::uint8_t* at) : server_(server), begin_(at), end_(at) {}
  ~Train() { send(); }
  Train(const Train&) = delete;
  Train& operator=(const Train&) = delete;

  std::uint8_t* end() { return end_; }
  void add(std::size_t size, const ngtcp2_path_storage& path) {
    if (begin_ != end_ && (size > segment_ || !ngtcp2_path_eq(&path_.path, &path.path))) send();
    if (begin_ == end_) {
      segment_ = size;
      ngtcp2_path_storage_zero(&path_);
      ngtcp2_path_copy(&path_.path, &path.path);
    }
    end_ += size;
    if (size < segment_) send();
  }
  void send() {
    if (begin_ == end_) return;
    server_.sender_->send_datagrams({begin_, end_}, segment_, path_of(path_.path));
    begin_ = end_;
  }

 private:
  QuicServer& server_;
  std::uint8_t* begin_;
  std::uint8_t* end_;
  std::size_t segment_ = 0;
  ngtcp2_path_storage path_{};
};

QuicConnection::QuicConnection(QuicServer& server, std::shared_ptr<const Credentials> credentials)
    : server_(server), credentials_(std::move(credentials)) {
  ngtcp2_ccerr_default(&close_error_);
}

QuicConnection::~QuicConnection() {
  if (in_handshake_) server_.handshake_ended();
  if (state_ == State::alive) server_.life_ended();
  session_.reset();
  for (const ConnectionId& id : ids_) server_.remove_id(id);
}

bool QuicConnection::begin(const Beginning& beginning) {
  ngtcp2_settings settings = settings_of(server_.limits_, beginning, server_.now_ns());
  ngtcp2_transport_params params = params_of(server_.limits_, beginning);
  ngtcp2_cid own_id;
  if (!make_id(own_id, params.stateless_reset_token)) return false;
  const ngtcp2_path path = path_of(beginning.path);
  ngtcp2_conn* made = nullptr;
  const int error =
      ngtcp2_conn_server_new(&made, &beginning.head.scid, &own_id, &path, beginning.head.version,
                             &quic_callbacks(), &settings, &params, nullptr, this);
  if (error != 0) return false;
  quic_.reset(made);
  tls_ = credentials_->accept_session();
  if (!tls_) return false;
  reference_.user_data = this;
  reference_.get_conn = [](ngtcp2_crypto_conn_ref* reference) {
    return static_cast<QuicConnection*>(reference->user_data)->quic_.get();
  };
  gnutls_session_set_ptr(tls_.get(), &reference_);
  ngtcp2_conn_set_tls_native_handle(made, tls_.get());
  add_id(beginning.head.dcid);
  return true;
}

bool QuicConnection::make_id(ngtcp2_cid& id, std::uint8_t* token) {
  const ConnectionId made = ConnectionId::make(server_.loop_.index());
  ngtcp2_cid_init(&id, made.data(), made.size());
  const QuicPort::Secret& secret = server_.port_.reset_secret();
  if (ngtcp2_crypto_generate_stateless_reset_token(token, secret.data(), secret.size(), &id) != 0) {
    return false;
  }
  add_id(id);
  return true;
}

void QuicConnection::add_id(const ngtcp2_cid& id) {
  ids_.emplace_back(std::span(id.data, id.datalen));
  server_.add_id(ids_.back(), *this);
}

void QuicConnection::remove_id(const ngtcp2_cid& id) {
  const ConnectionId removed(std::span(id.data, id.datalen));
  std::erase(ids_, removed);
  server_.remove_id(removed);
}

bool QuicConnection::begin_session() {
  session_ = server_.make_session_(*this);
  const bool begun = session_->begin();
  if (begun) session_->on_more_streams(kStreams);
  if (begun && server_.closing_) session_->shutdown();
  return begun;
}

void QuicConnection::handshake_completed() {
  in_handshake_ = false;
  server_.handshake_ended();
}

void QuicConnection::on_packet(std::span<const std::uint8_t> bytes, const net::UdpPath& path) {
  if (state_ == State::draining) return;
  if (state_ == State::closing) {
    // The farewell may have been lost; the rarer it is repeated, the longer this goes on.
    ++packets_after_end_;
    const bool power_of_two = (packets_after_end_ & (packets_after_end_ - 1)) == 0;
    if (!power_of_two) return;
    return server_.send({reinterpret_cast<const std::uint8_t*>(farewell_.data()), farewell_.size()}, path);
  }
  const ngtcp2_path at = path_of(path);
  const ngtcp2_pkt_info info{};
  const int error =
      ngtcp2_conn_read_pkt(quic_.get(), &at, &info, bytes.data(), bytes.size(), server_.now_ns());
  if (error != 0) return failed(error);
  flush_later();
}

void QuicConnection::failed(int error) {
  if (state_ != State::alive) return;
  if (error == NGTCP2_ERR_DRAINING) return end(State::draining);
  const bool silent = error == NGTCP2_ERR_DROP_CONN || error == NGTCP2_ERR_IDLE_CLOSE ||
                      error == NGTCP2_ERR_HANDSHAKE_TIMEOUT || error == NGTCP2_ERR_RETRY;
  if (silent) return server_.remove(*this);
  log::debug("QUIC connection failed", {{"addr", peer_address()}, {"error", ngtcp2_strerror(error)}});
  ngtcp2_ccerr reason;
  ngtcp2_ccerr_default(&reason);
  if (error == NGTCP2_ERR_CRYPTO) {
    ngtcp2_ccerr_set_tls_alert(&reason, ngtcp2_conn_get_tls_alert(quic_.get()), nullptr, 0);
  } else {
    ngtcp2_ccerr_set_liberr(&reason, error, nullptr, 0);
  }
  close_with(close_asked_ ? close_error_ : reason);
}

void QuicConnection::close(std::uint64_t code, std::string_view reason) {
  if (state_ != State::alive || close_asked_) return;
  close_asked_ = true;
  close_reason_ = reason;
  auto* text = reinterpret_cast<const std::uint8_t*>(close_reason_.data());
  ngtcp2_ccerr_set_application_error(&close_error_, code, text, close_reason_.size());
  flush_later();
}

void QuicConnection::close_with(const ngtcp2_ccerr& error) {
  ngtcp2_path_storage path;
  ngtcp2_path_storage_zero(&path);
  ngtcp2_pkt_info info;
  std::array<std::uint8_t, NGTCP2_MAX_UDP_PAYLOAD_SIZE> packet;
  const ngtcp2_ssize size = ngtcp2_conn_write_connection_close(quic_.get(), &path.path, &info, packet.data(),
                                                               packet.size(), &error, server_.now_ns());
  if (size <= 0) return server_.remove(*this);
  farewell_.assign(reinterpret_cast<char*>(packet.data()), static_cast<std::size_t>(size));
  server_.send({packet.data(), static_cast<std::size_t>(size)}, path_of(path.path));
  end(State::closing);
}

// Packets of the client can be under way for a while, as if nothing had happened.
void QuicConnection::end(State state) {
  if (in_handshake_) handshake_completed();
  server_.life_ended();
  state_ = state;
  session_.reset();
  const std::uint64_t wait_ms = 3 * ngtcp2_conn_get_pto(quic_.get()) / NGTCP2_MILLISECONDS;
  server_.loop_.arm(*this, static_cast<std::int64_t>(wait_ms) + 1);
}

void QuicConnection::shutdown() {
  if (session_) session_->shutdown();
  if (state_ == State::alive && in_handshake_) close(kNoError, "the server is going down");
}

void QuicConnection::on_timer() {
  if (state_ != State::alive) return server_.remove(*this);
  const int error = ngtcp2_conn_handle_expiry(quic_.get(), server_.now_ns());
  if (error != 0) return failed(error);
  flush_later();
}

void QuicConnection::flush_later() {
  if (state_ == State::alive) server_.loop_.at_end_of_turn(this);
}

void QuicConnection::on_turn_end() {
  if (state_ != State::alive) return;
  flush();
  // Whatever the session still had to say went out before.
  if (state_ == State::alive && close_asked_) close_with(close_error_);
  if (state_ == State::alive) arm_timer();
}

void QuicConnection::flush() {
  const std::uint64_t now = server_.now_ns();
  const std::size_t most = std::min(ngtcp2_conn_get_send_quantum(quic_.get()), QuicServer::kBufferSize);
  const std::size_t packet = ngtcp2_conn_get_max_tx_udp_payload_size(quic_.get());
  std::uint8_t* begin = server_.buffer_.get();
  ngtcp2_ssize size = 0;
  {
    Train train(server_, begin);
    while (static_cast<std::size_t>(train.end() - begin) + packet <= std::max(most, packet)) {
      ngtcp2_path_storage path;
      ngtcp2_path_storage_zero(&path);
      size = write_packet(train.end(), packet, path, now);
      if (size <= 0) break;
      train.add(static_cast<std::size_t>(size), path);
    }
  }
  if (size < 0) return failed(static_cast<int>(size));
  ngtcp2_conn_update_pkt_tx_time(quic_.get(), now);
}

ngtcp2_ssize QuicConnection::write_packet(std::uint8_t* out, std::size_t size, ngtcp2_path_storage& path,
                                          std::uint64_t now) {
  ngtcp2_pkt_info info{};
  for (;;) {
    Outgoing next;
    if (session_) next = session_->next_outgoing();
    std::array<ngtcp2_vec, Session::kParts> parts;
    std::transform(next.parts.begin(), next.parts.end(), parts.begin(), [](std::string_view part) {
      auto* bytes = reinterpret_cast<std::uint8_t*>(const_cast<char*>(part.data()));
      return ngtcp2_vec{bytes, part.size()};
    });
    std::uint32_t flags = NGTCP2_WRITE_STREAM_FLAG_MORE;
    if (next.last) flags |= NGTCP2_WRITE_STREAM_FLAG_FIN;
    ngtcp2_ssize taken = -1;
    const ngtcp2_ssize written =
        ngtcp2_conn_writev_stream(quic_.get(), &path.path, &info, out, size, &taken, flags, next.stream,
                                  parts.data(), next.parts.size(), now);
    if (taken >= 0 && session_) session_->on_sent(next.stream, static_cast<std::size_t>(taken));
    if (written == NGTCP2_ERR_WRITE_MORE) continue;
    if (written == NGTCP2_ERR_STREAM_DATA_BLOCKED) {
      session_->on_blocked(next.stream);
    } else if (written == NGTCP2_ERR_STREAM_SHUT_WR || written == NGTCP2_ERR_STREAM_NOT_FOUND) {
      session_->on_stop_sending(next.stream);
    } else {
      return written;
    }
  }
}

void QuicConnection::arm_timer() {
  const std::uint64_t due = ngtcp2_conn_get_expiry(quic_.get());
  if (due == UINT64_MAX) return cancel();
  const std::uint64_t now = server_.now_ns();
  const std::uint64_t wait = due <= now ? 0 : (due - now + NGTCP2_MILLISECONDS - 1) / NGTCP2_MILLISECONDS;
  server_.loop_.arm(*this, static_cast<std::int64_t>(wait));
}

std::optional<std::int64_t> QuicConnection::open_uni_stream() {
  std::int64_t stream = -1;
  if (ngtcp2_conn_open_uni_stream(quic_.get(), &stream, nullptr) != 0) return std::nullopt;
  return stream;
}

void QuicConnection::consumed(std::int64_t stream, std::size_t bytes) {
  ngtcp2_conn_extend_max_stream_offset(quic_.get(), stream, bytes);
  ngtcp2_conn_extend_max_offset(quic_.get(), bytes);
  flush_later();
}

void QuicConnection::reset(std::int64_t stream, std::uint64_t code) {
  ngtcp2_conn_shutdown_stream_write(quic_.get(), 0, stream, code);
  flush_later();
}

void QuicConnection::stop_reading(std::int64_t stream, std::uint64_t code) {
  ngtcp2_conn_shutdown_stream_read(quic_.get(), 0, stream, code);
  flush_later();
}

void QuicConnection::keep_alive(bool on) {
  const auto ms = static_cast<std::uint64_t>(server_.limits_.keep_alive_ms);
  ngtcp2_conn_set_keep_alive_timeout(quic_.get(), on ? ms * NGTCP2_MILLISECONDS : UINT64_MAX);
  flush_later();
}

std::string QuicConnection::peer_address() const {
  return path_of(*ngtcp2_conn_get_path(quic_.get())).peer.text();
}

}  // namespace whirl::http::h3
