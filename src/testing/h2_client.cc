#include "testing/h2_client.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace whirl::testing {
namespace {

std::vector<nghttp2_nv> views_of(const H2Client::Fields& fields) {
  std::vector<nghttp2_nv> out;
  auto bytes = [](const std::string& text) {
    return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
  };
  for (const auto& [name, value] : fields) {
    out.push_back({bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
  }
  return out;
}

}  // namespace

struct H2Client::Callbacks {
  static H2Client& of(void* self) { return *static_cast<H2Client*>(self); }

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                       std::size_t name_size, const std::uint8_t* value, std::size_t value_size, std::uint8_t,
                       void* self) {
    std::string key(reinterpret_cast<const char*>(name), name_size);
    of(self).answers_[frame->hd.stream_id].fields[key] =
        std::string(reinterpret_cast<const char*>(value), value_size);
    return 0;
  }

  static int on_data(nghttp2_session* session, std::uint8_t, std::int32_t id, const std::uint8_t* data,
                     std::size_t size, void* self) {
    of(self).answers_[id].body.append(reinterpret_cast<const char*>(data), size);
    if (of(self).takes_) nghttp2_session_consume(session, id, size);
    return 0;
  }

  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* self) {
    H2Client& it = of(self);
    const bool can_end = frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS;
    if (can_end && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM)) it.answers_[frame->hd.stream_id].ended = true;
    if (frame->hd.type == NGHTTP2_GOAWAY) it.goaway_ = frame->goaway.error_code;
    if (frame->hd.type == NGHTTP2_PING && (frame->hd.flags & NGHTTP2_FLAG_ACK)) ++it.pongs_;
    return 0;
  }

  static int on_close(nghttp2_session*, std::int32_t id, std::uint32_t code, void* self) {
    of(self).answers_[id].closed = true;
    of(self).answers_[id].code = code;
    return 0;
  }

  static ssize_t read_upload(nghttp2_session*, std::int32_t id, std::uint8_t* out, std::size_t most,
                             std::uint32_t* flags, nghttp2_data_source*, void* self) {
    Upload& upload = of(self).uploads_[id];
    if (upload.bytes.empty() && !upload.last) return NGHTTP2_ERR_DEFERRED;
    const std::size_t size = std::min(most, upload.bytes.size());
    std::memcpy(out, upload.bytes.data(), size);
    upload.bytes.erase(0, size);
    if (upload.bytes.empty() && upload.last) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(size);
  }

  static nghttp2_session_callbacks* make() {
    nghttp2_session_callbacks* out = nullptr;
    WHIRL_CHECK(nghttp2_session_callbacks_new(&out) == 0);
    nghttp2_session_callbacks_set_on_header_callback(out, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(out, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(out, on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(out, on_close);
    return out;
  }
};

void H2Client::FreeSession::operator()(nghttp2_session* session) const {
  nghttp2_session_del(session);
}

H2Client::H2Client(Peer peer, std::uint32_t window) : peer_(std::move(peer)) {
  nghttp2_session_callbacks* callbacks = Callbacks::make();
  nghttp2_option* option = nullptr;
  WHIRL_CHECK(nghttp2_option_new(&option) == 0);
  nghttp2_option_set_no_auto_window_update(option, 1);
  nghttp2_session* session = nullptr;
  WHIRL_CHECK(nghttp2_session_client_new2(&session, callbacks, this, option) == 0);
  session_.reset(session);
  nghttp2_option_del(option);
  nghttp2_session_callbacks_del(callbacks);
  const nghttp2_settings_entry entries[] = {{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, window}};
  nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, entries, 1);
}

H2Client::~H2Client() = default;

std::int32_t H2Client::request(std::string_view method, std::string_view path, Fields more, End end) {
  Fields fields = {{":method", std::string(method)},
                   {":scheme", "http"},
                   {":path", std::string(path)},
                   {":authority", "localhost"}};
  // Pseudo fields come first.
  std::stable_partition(more.begin(), more.end(), [](auto& field) { return field.first.starts_with(':'); });
  fields.insert(fields.end(), more.begin(), more.end());
  std::vector<nghttp2_nv> views = views_of(fields);
  nghttp2_data_provider upload{{.ptr = nullptr}, Callbacks::read_upload};
  const std::int32_t id = nghttp2_submit_request(session_.get(), nullptr, views.data(), views.size(),
                                                 end == End::later ? &upload : nullptr, nullptr);
  WHIRL_CHECK(id > 0);
  return id;
}

void H2Client::data(std::int32_t id, std::string_view bytes, End end) {
  uploads_[id].bytes += bytes;
  uploads_[id].last = end == End::now;
  nghttp2_session_resume_data(session_.get(), id);
}

void H2Client::reset(std::int32_t id) {
  nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
}

void H2Client::ping() {
  nghttp2_submit_ping(session_.get(), NGHTTP2_FLAG_NONE, nullptr);
}

void H2Client::settings() {
  nghttp2_submit_settings(session_.get(), NGHTTP2_FLAG_NONE, nullptr, 0);
}

bool H2Client::has_setting(int id, std::uint32_t value) const {
  return nghttp2_session_get_remote_settings(session_.get(), static_cast<nghttp2_settings_id>(id)) == value;
}

void H2Client::exchange() {
  const std::uint8_t* data = nullptr;
  while (ssize_t size = nghttp2_session_mem_send(session_.get(), &data)) {
    WHIRL_CHECK(size > 0);
    out_.append(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
  }
  if (!out_.empty()) out_.erase(0, peer_.send_some(out_));
  const std::string in = peer_.receive();
  nghttp2_session_mem_recv(session_.get(), reinterpret_cast<const std::uint8_t*>(in.data()), in.size());
}

}  // namespace whirl::testing
