#include "http/h3/quic_callbacks.h"

#include <ngtcp2/ngtcp2_crypto.h>

#include "base/ids.h"
#include "http/h3/quic_connection.h"
#include "http/h3/quic_server.h"

namespace whirl::http::h3 {

/// Hands what ngtcp2 tells on to the connection and its session.
struct QuicCallbacks {
  static QuicConnection& of(void* user) { return *static_cast<QuicConnection*>(user); }

  static int handshake_completed(ngtcp2_conn*, void* user) {
    of(user).handshake_completed();
    return 0;
  }

  // From now on we can send; the client's requests come when it has finished its handshake too.
  static int recv_tx_key(ngtcp2_conn*, ngtcp2_encryption_level level, void* user) {
    if (level != NGTCP2_ENCRYPTION_LEVEL_1RTT || of(user).begin_session()) return 0;
    return NGTCP2_ERR_CALLBACK_FAILURE;
  }

  static int recv_stream_data(ngtcp2_conn*, std::uint32_t flags, std::int64_t stream, std::uint64_t,
                              const std::uint8_t* data, std::size_t size, void* user, void*) {
    Session* session = of(user).session_.get();
    const bool last = (flags & NGTCP2_STREAM_DATA_FLAG_FIN) != 0;
    if (session) session->on_data(stream, {reinterpret_cast<const char*>(data), size}, last);
    return 0;
  }

  static int acked_stream_data(ngtcp2_conn*, std::int64_t stream, std::uint64_t, std::uint64_t size,
                               void* user, void*) {
    if (Session* session = of(user).session_.get()) session->on_acked(stream, size);
    return 0;
  }

  static int stream_close(ngtcp2_conn* quic, std::uint32_t flags, std::int64_t stream, std::uint64_t code,
                          void* user, void*) {
    const bool has_code = (flags & NGTCP2_STREAM_CLOSE_FLAG_APP_ERROR_CODE_SET) != 0;
    if (Session* session = of(user).session_.get()) session->on_closed(stream, has_code ? code : kNoError);
    if (ngtcp2_conn_is_local_stream(quic, stream)) return 0;
    if (ngtcp2_is_bidi_stream(stream)) {
      ngtcp2_conn_extend_max_streams_bidi(quic, 1);
    } else {
      ngtcp2_conn_extend_max_streams_uni(quic, 1);
    }
    return 0;
  }

  static int stream_reset(ngtcp2_conn*, std::int64_t stream, std::uint64_t, std::uint64_t, void* user,
                          void*) {
    if (Session* session = of(user).session_.get()) session->on_reset(stream);
    return 0;
  }

  static int extend_max_stream_data(ngtcp2_conn*, std::int64_t stream, std::uint64_t, void* user, void*) {
    if (Session* session = of(user).session_.get()) session->on_unblocked(stream);
    return 0;
  }

  static int extend_max_streams(ngtcp2_conn*, std::uint64_t most, void* user) {
    if (Session* session = of(user).session_.get()) session->on_more_streams(most);
    return 0;
  }

  static int new_connection_id(ngtcp2_conn*, ngtcp2_cid* id, std::uint8_t* token, std::size_t, void* user) {
    return of(user).make_id(*id, token) ? 0 : NGTCP2_ERR_CALLBACK_FAILURE;
  }

  static int remove_connection_id(ngtcp2_conn*, const ngtcp2_cid* id, void* user) {
    of(user).remove_id(*id);
    return 0;
  }

  // Unreliable datagrams have no place in our protocol; clients must be able to send them all the same.
  static int recv_datagram(ngtcp2_conn*, std::uint32_t, const std::uint8_t*, std::size_t, void*) { return 0; }
};

ngtcp2_callbacks crypto_callbacks() {
  ngtcp2_callbacks out{};
  out.recv_crypto_data = ngtcp2_crypto_recv_crypto_data_cb;
  out.encrypt = ngtcp2_crypto_encrypt_cb;
  out.decrypt = ngtcp2_crypto_decrypt_cb;
  out.hp_mask = ngtcp2_crypto_hp_mask_cb;
  out.update_key = ngtcp2_crypto_update_key_cb;
  out.delete_crypto_aead_ctx = ngtcp2_crypto_delete_crypto_aead_ctx_cb;
  out.delete_crypto_cipher_ctx = ngtcp2_crypto_delete_crypto_cipher_ctx_cb;
  out.get_path_challenge_data = ngtcp2_crypto_get_path_challenge_data_cb;
  out.version_negotiation = ngtcp2_crypto_version_negotiation_cb;
  out.rand = [](std::uint8_t* bytes, std::size_t size, const ngtcp2_rand_ctx*) { random_bytes(bytes, size); };
  return out;
}

const ngtcp2_callbacks& quic_callbacks() {
  static const ngtcp2_callbacks callbacks = [] {
    ngtcp2_callbacks out = crypto_callbacks();
    out.recv_client_initial = ngtcp2_crypto_recv_client_initial_cb;
    out.handshake_completed = QuicCallbacks::handshake_completed;
    out.recv_tx_key = QuicCallbacks::recv_tx_key;
    out.recv_stream_data = QuicCallbacks::recv_stream_data;
    out.acked_stream_data_offset = QuicCallbacks::acked_stream_data;
    out.stream_close = QuicCallbacks::stream_close;
    out.stream_reset = QuicCallbacks::stream_reset;
    out.extend_max_stream_data = QuicCallbacks::extend_max_stream_data;
    out.extend_max_remote_streams_bidi = QuicCallbacks::extend_max_streams;
    out.get_new_connection_id = QuicCallbacks::new_connection_id;
    out.remove_connection_id = QuicCallbacks::remove_connection_id;
    out.recv_datagram = QuicCallbacks::recv_datagram;
    return out;
  }();
  return callbacks;
}

}  // namespace whirl::http::h3
