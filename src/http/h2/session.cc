#include "http/h2/session.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/log.h"
#include "http/h2/fields.h"
#include "http/h2/stream.h"

namespace whirl::http::h2 {
namespace {

constexpr std::size_t kChunk = 16 * 1024;  // bytes that are given to the wire at once
constexpr std::uint64_t kNoLimit = 1'000'000;
/// A head may be larger than the limit, so that it gets an answer, but not so many times.
constexpr std::size_t kHeadsAtOnce = 4;

struct FreeOption {
  void operator()(nghttp2_option* option) const { nghttp2_option_del(option); }
};

using OptionPtr = std::unique_ptr<nghttp2_option, FreeOption>;

OptionPtr make_option() {
  nghttp2_option* option = nullptr;
  WHIRL_CHECK(nghttp2_option_new(&option) == 0);
  // What is not taken keeps the client from sending more.
  nghttp2_option_set_no_auto_window_update(option, 1);
  nghttp2_option_set_no_closed_streams(option, 1);
  // Resets are counted together with other frames that bring nothing, below.
  nghttp2_option_set_stream_reset_rate_limit(option, kNoLimit, kNoLimit);
  return OptionPtr(option);
}

Stream* stream_of(nghttp2_session* session, std::int32_t id) {
  return static_cast<Stream*>(nghttp2_session_get_stream_user_data(session, id));
}

std::vector<nghttp2_nv> views_of(const std::vector<Field>& fields) {
  std::vector<nghttp2_nv> out;
  out.reserve(fields.size());
  for (const Field& field : fields) {
    auto bytes = [](const std::string& text) {
      return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
    };
    out.push_back(
        {bytes(field.name), bytes(field.value), field.name.size(), field.value.size(), NGHTTP2_NV_FLAG_NONE});
  }
  return out;
}

bool ends_stream(const nghttp2_frame& frame) {
  return (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
}

bool is_ack(const nghttp2_frame& frame) {
  return (frame.hd.flags & NGHTTP2_FLAG_ACK) != 0;
}

/// What kind of a frame that brings nothing this is; empty for others.
std::string_view idle_kind(const nghttp2_frame& frame) {
  switch (frame.hd.type) {
    case NGHTTP2_DATA:
      return frame.hd.length == 0 && !ends_stream(frame) ? "empty data" : "";
    case NGHTTP2_RST_STREAM:
      return "resets";
    case NGHTTP2_SETTINGS:
      return is_ack(frame) ? "" : "settings";
    case NGHTTP2_PING:
      return is_ack(frame) ? "" : "pings";
    case NGHTTP2_PRIORITY:
      return "priorities";
    default:
      return "";
  }
}

}  // namespace

/// What nghttp2 calls. The user data is the session.
struct Session::Callbacks {
  static Session& of(void* self) { return *static_cast<Session*>(self); }

  static int on_begin_headers(nghttp2_session* session, const nghttp2_frame* frame, void* self) {
    of(self).head_bytes_ = 0;
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
    auto* stream = new Stream(of(self), frame->hd.stream_id);
    nghttp2_session_set_stream_user_data(session, frame->hd.stream_id, stream);
    return 0;
  }

  static int on_header(nghttp2_session* session, const nghttp2_frame* frame, const std::uint8_t* name,
                       std::size_t name_size, const std::uint8_t* value, std::size_t value_size, std::uint8_t,
                       void* self) {
    if (of(self).ended_) return 0;
    of(self).count_head_bytes(name_size + value_size);
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
    if (Stream* stream = stream_of(session, frame->hd.stream_id)) {
      stream->field({reinterpret_cast<const char*>(name), name_size},
                    {reinterpret_cast<const char*>(value), value_size});
    }
    return 0;
  }

  static int on_frame(nghttp2_session* session, const nghttp2_frame* frame, void* self) {
    Session& it = of(self);
    ++it.frames_;
    if (it.ended_) return 0;
    if (std::string_view kind = idle_kind(*frame); !kind.empty()) it.count_idle_frame(kind);
    if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
    Stream* stream = stream_of(session, frame->hd.stream_id);
    if (!stream) return 0;
    if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST) {
      stream->head_received(ends_stream(*frame));
    } else if (ends_stream(*frame)) {
      stream->end_received();
    }
    return 0;
  }

  static int on_invalid_frame(nghttp2_session*, const nghttp2_frame*, int, void* self) {
    of(self).count_idle_frame("invalid frames");
    return 0;
  }

  static int on_data(nghttp2_session* session, std::uint8_t, std::int32_t id, const std::uint8_t* data,
                     std::size_t size, void* self) {
    Stream* stream = stream_of(session, id);
    // These are the bytes that receive() was given, which may be changed.
    auto* bytes = reinterpret_cast<char*>(const_cast<std::uint8_t*>(data));
    if (stream) {
      stream->data_received({bytes, size});
    } else {
      of(self).consumed(nullptr, size);
    }
    return 0;
  }

  static int on_stream_close(nghttp2_session* session, std::int32_t id, std::uint32_t, void*) {
    if (Stream* stream = stream_of(session, id)) stream->closed_by_session();
    return 0;
  }

  static int on_frame_sent(nghttp2_session* session, const nghttp2_frame* frame, void* self) {
    if (frame->hd.type == NGHTTP2_GOAWAY && frame->goaway.error_code != NGHTTP2_NO_ERROR) {
      of(self).tell_of_end(frame->goaway.error_code);
    }
    const bool can_end = frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS;
    if (!can_end || !ends_stream(*frame)) return 0;
    if (Stream* stream = stream_of(session, frame->hd.stream_id)) stream->end_sent();
    return 0;
  }

  static ssize_t read_data(nghttp2_session* session, std::int32_t id, std::uint8_t*, std::size_t most,
                           std::uint32_t* flags, nghttp2_data_source* source, void*) {
    auto& stream = *static_cast<Stream*>(source->ptr);
    bool last = false;
    const std::ptrdiff_t size = stream.next_piece(most, last);
    if (size < 0) return NGHTTP2_ERR_DEFERRED;
    *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
    if (!last) return size;
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (!stream.trailers().empty()) {
      *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      submit_trailers(session, id, stream.trailers());
    }
    return size;
  }

  static int send_data(nghttp2_session*, nghttp2_frame* frame, const std::uint8_t* head, std::size_t size,
                       nghttp2_data_source* source, void* self) {
    constexpr std::size_t kFrameHead = 9;
    Session& session = of(self);
    WHIRL_CHECK(frame->data.padlen == 0);
    session.out_.append(reinterpret_cast<const char*>(head), kFrameHead);
    static_cast<Stream*>(source->ptr)->take_piece(size, session.out_);
    session.written_ += kFrameHead + size;
    session.idle_frames_left_ =
        std::min(session.idle_frames_left_ + 1, static_cast<double>(session.options_.idle_frames));
    if (session.out_.size() >= kChunk) session.flush();
    return 0;
  }

  static void submit_trailers(nghttp2_session* session, std::int32_t id, std::string_view lines);

  static nghttp2_session_callbacks* make() {
    nghttp2_session_callbacks* out = nullptr;
    WHIRL_CHECK(nghttp2_session_callbacks_new(&out) == 0);
    nghttp2_session_callbacks_set_on_begin_headers_callback(out, on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(out, on_header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(out, on_frame);
    nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(out, on_invalid_frame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(out, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(out, on_stream_close);
    nghttp2_session_callbacks_set_on_frame_send_callback(out, on_frame_sent);
    nghttp2_session_callbacks_set_send_data_callback(out, send_data);
    return out;
  }
};

void Session::Callbacks::submit_trailers(nghttp2_session* session, std::int32_t id, std::string_view lines) {
  std::vector<Field> fields;
  append_fields(fields, lines);
  std::vector<nghttp2_nv> views = views_of(fields);
  nghttp2_submit_trailer(session, id, views.data(), views.size());
}

void Session::FreeSession::operator()(nghttp2_session* session) const {
  nghttp2_session_del(session);
}

Session::Session(Service& service, const Options& options, Wire& wire)
    : service_(service),
      options_(options),
      wire_(wire),
      idle_frames_left_(options.idle_frames),
      idle_frames_at_ms_(service.loop().now_ms()) {
  static nghttp2_session_callbacks* const callbacks = Callbacks::make();
  static const OptionPtr option = make_option();
  nghttp2_session* session = nullptr;
  WHIRL_CHECK(nghttp2_session_server_new2(&session, callbacks, this, option.get()) == 0);
  session_.reset(session);
  const nghttp2_settings_entry settings[] = {
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, options.max_streams},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, options.stream_window},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<std::uint32_t>(options.head.bytes)},
      {NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL, 1},
  };
  nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings, std::size(settings));
  nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0,
                                        static_cast<std::int32_t>(options.connection_window));
  wire_.output_waits();
}

Session::~Session() {
  while (!streams_.empty()) streams_.back()->closed_by_session();
}

void Session::receive(std::span<char> bytes) {
  if (ended_) return;
  const ssize_t used = nghttp2_session_mem_recv(
      session_.get(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  if (used == NGHTTP2_ERR_BAD_CLIENT_MAGIC) {
    terminate(NGHTTP2_PROTOCOL_ERROR, "no HTTP/2 preface");
  } else if (used < 0) {
    terminate(NGHTTP2_ENHANCE_YOUR_CALM, nghttp2_strerror(static_cast<int>(used)));
  }
  wire_.output_waits();
}

bool Session::send(std::size_t most) {
  written_ = 0;
  while (written_ < most) {
    const std::uint8_t* data = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_.get(), &data);
    if (size <= 0) {
      flush();
      return false;
    }
    write({reinterpret_cast<const char*>(data), static_cast<std::size_t>(size)});
  }
  flush();
  return true;
}

void Session::write(std::string_view bytes) {
  out_ += bytes;
  written_ += bytes.size();
  if (out_.size() >= kChunk) flush();
}

void Session::flush() {
  if (!out_.empty()) wire_.write(out_);
  out_.clear();
}

void Session::shutdown() {
  nghttp2_submit_goaway(session_.get(), NGHTTP2_FLAG_NONE,
                        nghttp2_session_get_last_proc_stream_id(session_.get()), NGHTTP2_NO_ERROR, nullptr,
                        0);
  wire_.output_waits();
}

void Session::terminate(std::uint32_t code, std::string_view reason) {
  if (std::exchange(ended_, true)) return;
  reason_ = reason;
  nghttp2_session_terminate_session(session_.get(), code);
  wire_.output_waits();
}

void Session::ping() {
  nghttp2_submit_ping(session_.get(), NGHTTP2_FLAG_NONE, nullptr);
  wire_.output_waits();
}

bool Session::over() const {
  return nghttp2_session_want_read(session_.get()) == 0 && nghttp2_session_want_write(session_.get()) == 0;
}

void Session::count_idle_frame(std::string_view kind) {
  const std::int64_t now = service_.loop().now_ms();
  const double earned =
      static_cast<double>((now - idle_frames_at_ms_) * options_.idle_frames_per_second) / 1000;
  idle_frames_at_ms_ = now;
  idle_frames_left_ = std::min(idle_frames_left_ + earned, static_cast<double>(options_.idle_frames)) - 1;
  if (idle_frames_left_ < 0) terminate(NGHTTP2_ENHANCE_YOUR_CALM, kind);
}

void Session::count_head_bytes(std::size_t bytes) {
  head_bytes_ += bytes;
  if (head_bytes_ > kHeadsAtOnce * options_.head.bytes) terminate(NGHTTP2_ENHANCE_YOUR_CALM, "headers");
}

void Session::remove(Stream& stream) {
  const std::uint32_t index = stream.index_;
  streams_[index] = streams_.back();
  streams_[index]->index_ = index;
  streams_.pop_back();
}

void Session::tell_of_end(std::uint32_t code) {
  const std::string_view name = nghttp2_http2_strerror(code);
  log::info("http2 connection ended by what its client did",
            {{"code", name}, {"reason", reason_.empty() ? name : reason_}, {"addr", wire_.peer_address()}});
}

void Session::submit_head(Stream& stream, const std::vector<Field>& fields, bool with_body) {
  std::vector<nghttp2_nv> views = views_of(fields);
  nghttp2_data_provider body{{.ptr = &stream}, Callbacks::read_data};
  nghttp2_submit_response(session_.get(), stream.id_, views.data(), views.size(),
                          with_body ? &body : nullptr);
  wire_.output_waits();
}

void Session::resume(Stream& stream) {
  nghttp2_session_resume_data(session_.get(), stream.id_);
  wire_.output_waits();
}

void Session::reset(Stream& stream, std::uint32_t code) {
  nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream.id_, code);
  wire_.output_waits();
}

void Session::consumed(Stream* stream, std::size_t bytes) {
  nghttp2_session_consume_connection(session_.get(), bytes);
  if (stream) return consume_stream(*stream, bytes);
  wire_.output_waits();
}

void Session::consume_stream(Stream& stream, std::size_t bytes) {
  nghttp2_session_consume_stream(session_.get(), stream.id_, bytes);
  wire_.output_waits();
}

}  // namespace whirl::http::h2
