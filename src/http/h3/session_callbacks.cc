#include "http/h3/session_callbacks.h"

#include "http/h3/session.h"

namespace whirl::http::h3 {
namespace {

std::string_view view_of(const nghttp3_rcbuf* buffer) {
  const nghttp3_vec bytes = nghttp3_rcbuf_get_buf(buffer);
  return {reinterpret_cast<const char*>(bytes.base), bytes.len};
}

}  // namespace

/// Hands what nghttp3 tells on to the session.
struct SessionCallbacks {
  static Session& of(void* user) { return *static_cast<Session*>(user); }

  static int begin_headers(nghttp3_conn*, std::int64_t id, void* user, void*) {
    of(user).begin_request(id);
    return 0;
  }
  static int recv_header(nghttp3_conn*, std::int64_t id, std::int32_t, nghttp3_rcbuf* name,
                         nghttp3_rcbuf* value, std::uint8_t, void* user, void*) {
    if (RequestStream* request = of(user).find(id)) request->field(view_of(name), view_of(value));
    return 0;
  }
  static int end_headers(nghttp3_conn*, std::int64_t id, int last, void* user, void*) {
    if (RequestStream* request = of(user).find(id)) request->head_complete(last != 0);
    return 0;
  }
  static int recv_data(nghttp3_conn*, std::int64_t id, const std::uint8_t* data, std::size_t size, void* user,
                       void*) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (RequestStream* request = of(user).find(id)) {
      request->body(bytes);
    } else {
      of(user).consumed(id, size);
    }
    return 0;
  }
  static int end_stream(nghttp3_conn*, std::int64_t id, void* user, void*) {
    if (RequestStream* request = of(user).find(id)) request->end();
    return 0;
  }
  static int deferred_consume(nghttp3_conn*, std::int64_t id, std::size_t size, void* user, void*) {
    of(user).quic_.consumed(id, size);
    return 0;
  }
  static int acked_stream_data(nghttp3_conn*, std::int64_t id, std::uint64_t size, void* user, void*) {
    if (RequestStream* request = of(user).find(id)) request->out().acked(size);
    return 0;
  }
  static int stop_sending(nghttp3_conn*, std::int64_t id, std::uint64_t code, void* user, void*) {
    of(user).quic_.stop_reading(id, code);
    return 0;
  }
  static int reset_stream(nghttp3_conn*, std::int64_t id, std::uint64_t code, void* user, void*) {
    of(user).quic_.reset(id, code);
    return 0;
  }
  static nghttp3_ssize read_body(nghttp3_conn*, std::int64_t id, nghttp3_vec* parts, std::size_t count,
                                 std::uint32_t* flags, void* user, void*) {
    return of(user).read_body(id, parts, count, flags);
  }
};

const nghttp3_callbacks& session_callbacks() {
  static const nghttp3_callbacks callbacks = [] {
    nghttp3_callbacks out{};
    out.begin_headers = SessionCallbacks::begin_headers;
    out.recv_header = SessionCallbacks::recv_header;
    out.end_headers = SessionCallbacks::end_headers;
    out.recv_data = SessionCallbacks::recv_data;
    out.end_stream = SessionCallbacks::end_stream;
    out.deferred_consume = SessionCallbacks::deferred_consume;
    out.acked_stream_data = SessionCallbacks::acked_stream_data;
    out.stop_sending = SessionCallbacks::stop_sending;
    out.reset_stream = SessionCallbacks::reset_stream;
    return out;
  }();
  return callbacks;
}

const nghttp3_data_reader kBodyReader{SessionCallbacks::read_body};

}  // namespace whirl::http::h3
