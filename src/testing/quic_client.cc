#include "testing/quic_client.h"

#include <gnutls/gnutls.h>
#include <ngtcp2/ngtcp2_crypto_gnutls.h>

#include <array>

#include "base/check.h"
#include "base/ids.h"
#include "http/h3/quic_callbacks.h"
#include "testing/loopback.h"

namespace whirl::testing {
namespace {

constexpr std::uint64_t kWindow = 1024 * 1024;
constexpr std::size_t kIdSize = 8;

std::string text_of(nghttp3_rcbuf* buffer) {
  const nghttp3_vec bytes = nghttp3_rcbuf_get_buf(buffer);
  return {reinterpret_cast<char*>(bytes.base), bytes.len};
}

ngtcp2_cid random_id() {
  std::array<std::uint8_t, kIdSize> bytes;
  random_bytes(bytes.data(), bytes.size());
  ngtcp2_cid out;
  ngtcp2_cid_init(&out, bytes.data(), bytes.size());
  return out;
}

}  // namespace

struct QuicClientCallbacks {
  static QuicClient& of(void* user) { return *static_cast<QuicClient*>(user); }

  static ngtcp2_callbacks quic() {
    ngtcp2_callbacks out = http::h3::crypto_callbacks();
    out.client_initial = ngtcp2_crypto_client_initial_cb;
    out.recv_retry = ngtcp2_crypto_recv_retry_cb;
    out.get_new_connection_id = [](ngtcp2_conn*, ngtcp2_cid* id, std::uint8_t* token, std::size_t, void*) {
      *id = random_id();
      random_bytes(token, NGTCP2_STATELESS_RESET_TOKENLEN);
      return 0;
    };
    out.handshake_completed = [](ngtcp2_conn*, void* user) {
      of(user).connected_ = true;
      return 0;
    };
    out.recv_tx_key = [](ngtcp2_conn*, ngtcp2_encryption_level level, void* user) {
      if (level != NGTCP2_ENCRYPTION_LEVEL_1RTT || of(user).begin_http()) return 0;
      return static_cast<int>(NGTCP2_ERR_CALLBACK_FAILURE);
    };
    out.recv_stream_data = recv_stream_data;
    out.acked_stream_data_offset = [](ngtcp2_conn*, std::int64_t stream, std::uint64_t, std::uint64_t size,
                                      void* user, void*) {
      if (!of(user).plain_.count(stream)) nghttp3_conn_add_ack_offset(of(user).http_, stream, size);
      return 0;
    };
    out.stream_close = [](ngtcp2_conn*, std::uint32_t, std::int64_t stream, std::uint64_t code, void* user,
                          void*) {
      QuicClient& client = of(user);
      if (client.answers_.count(stream)) client.answers_[stream].ended = true;
      if (!client.plain_.count(stream)) nghttp3_conn_close_stream(client.http_, stream, code);
      return 0;
    };
    return out;
  }

  static int recv_stream_data(ngtcp2_conn* quic, std::uint32_t flags, std::int64_t stream, std::uint64_t,
                              const std::uint8_t* data, std::size_t size, void* user, void*) {
    QuicClient& client = of(user);
    const bool last = (flags & NGTCP2_STREAM_DATA_FLAG_FIN) != 0;
    ngtcp2_conn_extend_max_stream_offset(quic, stream, size);
    ngtcp2_conn_extend_max_offset(quic, size);
    if (auto plain = client.plain_.find(stream); plain != client.plain_.end()) {
      plain->second.in.append(reinterpret_cast<const char*>(data), size);
      plain->second.ended |= last;
      return 0;
    }
    if (stream == 3) client.control_.append(reinterpret_cast<const char*>(data), size);
    const nghttp3_ssize read = nghttp3_conn_read_stream(client.http_, stream, data, size, last);
    return read < 0 ? NGTCP2_ERR_CALLBACK_FAILURE : 0;
  }

  static nghttp3_callbacks http() {
    nghttp3_callbacks out{};
    out.recv_header = [](nghttp3_conn*, std::int64_t stream, std::int32_t, nghttp3_rcbuf* name,
                         nghttp3_rcbuf* value, std::uint8_t, void* user, void*) {
      QuicClient::Answer& answer = of(user).answers_[stream];
      if (text_of(name) == ":status") answer.status = std::stoi(text_of(value));
      answer.headers.emplace_back(text_of(name), text_of(value));
      return 0;
    };
    out.recv_data = [](nghttp3_conn*, std::int64_t stream, const std::uint8_t* data, std::size_t size,
                       void* user, void*) {
      of(user).answers_[stream].body.append(reinterpret_cast<const char*>(data), size);
      return 0;
    };
    out.end_stream = [](nghttp3_conn*, std::int64_t stream, void* user, void*) {
      of(user).answers_[stream].ended = true;
      return 0;
    };
    return out;
  }

  static nghttp3_ssize read_body(nghttp3_conn*, std::int64_t stream, nghttp3_vec* parts, std::size_t,
                                 std::uint32_t* flags, void* user, void*) {
    QuicClient::Body& body = *of(user).bodies_[stream];
    if (body.given == body.bytes.size() && !body.last) return NGHTTP3_ERR_WOULDBLOCK;
    if (body.last) *flags |= NGHTTP3_DATA_FLAG_EOF;
    if (body.given == body.bytes.size()) return 0;
    parts[0] = {reinterpret_cast<std::uint8_t*>(body.bytes.data()) + body.given,
                body.bytes.size() - body.given};
    body.given = body.bytes.size();
    return 1;
  }
};

std::string QuicClient::Answer::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return "";
}

QuicClient::QuicClient(net::DatagramHandler& server, const Clock& clock) : server_(server), clock_(clock) {
  path = own_path_ = {loopback(443), loopback(10'000)};
  set_up_tls();
  set_up_quic();
}

QuicClient::~QuicClient() {
  nghttp3_conn_del(http_);
  ngtcp2_conn_del(quic_);
  gnutls_deinit(tls_);
  gnutls_certificate_free_credentials(credentials_);
}

ngtcp2_path QuicClient::own_path() {
  return {{own_path_.peer.get(), own_path_.peer.size()},
          {own_path_.local.get(), own_path_.local.size()},
          nullptr};
}

std::uint64_t QuicClient::now() const {
  return static_cast<std::uint64_t>(clock_.monotonic_ms()) * NGTCP2_MILLISECONDS;
}

void QuicClient::set_up_tls() {
  gnutls_certificate_allocate_credentials(&credentials_);
  gnutls_init(&tls_, GNUTLS_CLIENT);
  gnutls_priority_set_direct(tls_, "NORMAL:-VERS-ALL:+VERS-TLS1.3:%DISABLE_TLS13_COMPAT_MODE", nullptr);
  WHIRL_CHECK(ngtcp2_crypto_gnutls_configure_client_session(tls_) == 0);
  gnutls_credentials_set(tls_, GNUTLS_CRD_CERTIFICATE, credentials_);
  gnutls_server_name_set(tls_, GNUTLS_NAME_DNS, "localhost", 9);
  const gnutls_datum_t protocol{reinterpret_cast<unsigned char*>(const_cast<char*>("h3")), 2};
  gnutls_alpn_set_protocols(tls_, &protocol, 1, GNUTLS_ALPN_MANDATORY);
  reference_.user_data = this;
  reference_.get_conn = [](ngtcp2_crypto_conn_ref* reference) {
    return static_cast<QuicClient*>(reference->user_data)->quic_;
  };
  gnutls_session_set_ptr(tls_, &reference_);
}

void QuicClient::set_up_quic() {
  ngtcp2_settings settings;
  ngtcp2_settings_default(&settings);
  settings.initial_ts = now();
  ngtcp2_transport_params params;
  ngtcp2_transport_params_default(&params);
  params.initial_max_stream_data_bidi_local = kWindow;
  params.initial_max_stream_data_bidi_remote = kWindow;
  params.initial_max_stream_data_uni = kWindow;
  params.initial_max_data = kWindow;
  params.initial_max_streams_bidi = 16;
  params.initial_max_streams_uni = 16;
  params.max_datagram_frame_size = 65535;
  const ngtcp2_callbacks callbacks = QuicClientCallbacks::quic();
  const ngtcp2_cid server_id = random_id();
  const ngtcp2_cid own_id = random_id();
  const ngtcp2_path at = own_path();
  const int error = ngtcp2_conn_client_new(&quic_, &server_id, &own_id, &at, NGTCP2_PROTO_VER_V1, &callbacks,
                                           &settings, &params, nullptr, this);
  WHIRL_CHECK(error == 0);
  ngtcp2_conn_set_tls_native_handle(quic_, tls_);
}

bool QuicClient::begin_http() {
  nghttp3_settings settings;
  nghttp3_settings_default(&settings);
  settings.h3_datagram = 1;
  const nghttp3_callbacks callbacks = QuicClientCallbacks::http();
  if (nghttp3_conn_client_new(&http_, &callbacks, &settings, nullptr, this) != 0) return false;
  std::int64_t streams[3] = {};
  for (std::int64_t& stream : streams) {
    if (ngtcp2_conn_open_uni_stream(quic_, &stream, nullptr) != 0) return false;
  }
  return nghttp3_conn_bind_control_stream(http_, streams[0]) == 0 &&
         nghttp3_conn_bind_qpack_streams(http_, streams[1], streams[2]) == 0;
}

void QuicClient::send_datagrams(std::span<const std::uint8_t> bytes, std::size_t segment,
                                const net::UdpPath&) {
  for (; !deaf && !bytes.empty(); bytes = bytes.subspan(std::min(segment, bytes.size()))) {
    const auto one = bytes.first(std::min(segment, bytes.size()));
    inbox_.emplace_back(reinterpret_cast<const char*>(one.data()), one.size());
  }
}

bool QuicClient::turn() {
  if (over_) return false;
  const bool got = read();
  if (!over_ && ngtcp2_conn_get_expiry(quic_) <= now()) {
    over_ = ngtcp2_conn_handle_expiry(quic_, now()) != 0;
  }
  return (!over_ && write()) || got;
}

bool QuicClient::read() {
  const bool any = !inbox_.empty();
  for (; !inbox_.empty() && !over_; inbox_.pop_front()) {
    const ngtcp2_path at = own_path();
    const ngtcp2_pkt_info info{};
    auto* bytes = reinterpret_cast<const std::uint8_t*>(inbox_.front().data());
    const int error = ngtcp2_conn_read_pkt(quic_, &at, &info, bytes, inbox_.front().size(), now());
    if (error != 0) over_ = true;
    if (error == NGTCP2_ERR_DRAINING) close_code_ = ngtcp2_conn_get_ccerr(quic_)->error_code;
  }
  return any;
}

bool QuicClient::write() {
  bool any = false;
  if (close_asked_) {
    std::array<std::uint8_t, 1500> packet;
    ngtcp2_ccerr error;
    ngtcp2_ccerr_default(&error);
    ngtcp2_ccerr_set_application_error(&error, NGHTTP3_H3_NO_ERROR, nullptr, 0);
    ngtcp2_pkt_info info{};
    const ngtcp2_ssize size = ngtcp2_conn_write_connection_close(quic_, nullptr, &info, packet.data(),
                                                                 packet.size(), &error, now());
    if (size > 0) server_.on_datagram({packet.data(), static_cast<std::size_t>(size)}, path);
    over_ = true;
    return true;
  }
  for (auto& [stream, plain] : plain_) {
    while (plain.sent < plain.out.size() || plain.last) {
      const ngtcp2_vec part{reinterpret_cast<std::uint8_t*>(plain.out.data()) + plain.sent,
                            plain.out.size() - plain.sent};
      const std::size_t before = plain.sent;
      if (!write_one(stream, {&part, 1}, plain.last)) break;
      any = true;
      if (plain.sent == before) break;
    }
  }
  while (http_ && write_http()) any = true;
  while (write_one(-1, {}, false)) any = true;
  ngtcp2_conn_update_pkt_tx_time(quic_, now());
  return any;
}

bool QuicClient::write_http() {
  std::int64_t stream = -1;
  int last = 0;
  nghttp3_vec parts[8];
  const nghttp3_ssize count = nghttp3_conn_writev_stream(http_, &stream, &last, parts, 8);
  WHIRL_CHECK(count >= 0);
  if (stream < 0) return false;
  std::vector<ngtcp2_vec> same;
  for (nghttp3_ssize i = 0; i < count; ++i) same.push_back({parts[i].base, parts[i].len});
  return write_one(stream, same, last != 0);
}

// One packet; false if nothing could be written.
bool QuicClient::write_one(std::int64_t stream, std::span<const ngtcp2_vec> parts, bool last) {
  std::array<std::uint8_t, 1500> packet;
  ngtcp2_path_storage storage;
  ngtcp2_path_storage_zero(&storage);
  ngtcp2_pkt_info info{};
  ngtcp2_ssize taken = -1;
  const ngtcp2_ssize size =
      ngtcp2_conn_writev_stream(quic_, &storage.path, &info, packet.data(), packet.size(), &taken,
                                last ? NGTCP2_WRITE_STREAM_FLAG_FIN : NGTCP2_WRITE_STREAM_FLAG_NONE, stream,
                                parts.data(), parts.size(), now());
  if (taken >= 0) {
    if (auto plain = plain_.find(stream); plain != plain_.end()) {
      plain->second.sent += static_cast<std::size_t>(taken);
      if (plain->second.sent == plain->second.out.size()) plain->second.last = false;
    } else {
      nghttp3_conn_add_write_offset(http_, stream, static_cast<std::size_t>(taken));
    }
  }
  if (size == NGTCP2_ERR_STREAM_DATA_BLOCKED || size == NGTCP2_ERR_STREAM_SHUT_WR ||
      size == NGTCP2_ERR_STREAM_NOT_FOUND) {
    if (plain_.count(stream)) return false;
    nghttp3_conn_block_stream(http_, stream);
    return true;
  }
  if (size <= 0) return false;
  server_.on_datagram({packet.data(), static_cast<std::size_t>(size)}, path);
  return true;
}

std::int64_t QuicClient::request(const Headers& headers, std::string_view body, bool last) {
  std::int64_t stream = -1;
  WHIRL_CHECK(ngtcp2_conn_open_bidi_stream(quic_, &stream, nullptr) == 0);
  std::vector<nghttp3_nv> fields;
  for (const auto& [name, value] : headers) {
    fields.push_back({reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data())),
                      reinterpret_cast<std::uint8_t*>(const_cast<char*>(value.data())), name.size(),
                      value.size(), NGHTTP3_NV_FLAG_NONE});
  }
  bodies_[stream] = std::make_unique<Body>();
  bodies_[stream]->bytes = body;
  bodies_[stream]->last = last;
  const nghttp3_data_reader reader{QuicClientCallbacks::read_body};
  const bool has_body = !body.empty() || !last;
  const int error = nghttp3_conn_submit_request(http_, stream, fields.data(), fields.size(),
                                                has_body ? &reader : nullptr, nullptr);
  WHIRL_CHECK(error == 0);
  return stream;
}

std::int64_t QuicClient::get(std::string_view target) {
  return request({{":method", "GET"},
                  {":scheme", "https"},
                  {":authority", "localhost"},
                  {":path", std::string(target)}});
}

// Bytes that were given before must stay where they are, so the body has to be new.
void QuicClient::send_body(std::int64_t stream, std::string_view bytes, bool last) {
  Body& body = *bodies_[stream];
  WHIRL_CHECK(body.given == body.bytes.size() && body.bytes.capacity() >= body.bytes.size() + bytes.size());
  body.bytes += bytes;
  body.last = last;
  nghttp3_conn_resume_stream(http_, stream);
}

std::int64_t QuicClient::open_stream() {
  std::int64_t stream = -1;
  WHIRL_CHECK(ngtcp2_conn_open_bidi_stream(quic_, &stream, nullptr) == 0);
  plain_[stream].out.reserve(kWindow);
  return stream;
}

bool QuicClient::may_open_stream() const {
  return ngtcp2_conn_get_streams_bidi_left(quic_) > 0;
}

void QuicClient::send(std::int64_t stream, std::string_view bytes, bool last) {
  Plain& plain = plain_[stream];
  WHIRL_CHECK(plain.out.capacity() >= plain.out.size() + bytes.size());
  plain.out += bytes;
  plain.last = last;
}

void QuicClient::reset(std::int64_t stream) {
  ngtcp2_conn_shutdown_stream(quic_, 0, stream, NGHTTP3_H3_REQUEST_CANCELLED);
}

void QuicClient::stop_reading(std::int64_t stream) {
  ngtcp2_conn_shutdown_stream_read(quic_, 0, stream, NGHTTP3_H3_NO_ERROR);
}

void QuicClient::close() {
  close_asked_ = true;
}

bool QuicClient::closed() const {
  return over_;
}

std::uint64_t QuicClient::close_code() const {
  return close_code_;
}

bool QuicClient::saw_retry() const {
  return ngtcp2_conn_after_retry(quic_) != 0;
}

}  // namespace whirl::testing
