#include <algorithm>
#include <utility>

#include "http/h3/fields.h"
#include "http/h3/session.h"

namespace whirl::http::h3 {
namespace {

std::span<const std::string_view> gather(const SendQueue& queue, std::span<std::string_view> parts) {
  return parts.first(queue.gather(parts));
}

}  // namespace

Outgoing Session::next_outgoing() {
  if (failed_) return {};
  for (auto next : {&Session::next_of_control, &Session::next_of_http, &Session::next_of_channels}) {
    Outgoing out = (this->*next)();
    if (out.stream != Outgoing::kNone) return out;
  }
  return {};
}

Outgoing Session::next_of_control() {
  if (control_out_.unsent() == 0 || control_blocked_) return {};
  return {control_, false, gather(control_out_, parts_)};
}

Outgoing Session::next_of_http() {
  for (;;) {
    std::int64_t id = -1;
    int last = 0;
    const nghttp3_ssize count =
        nghttp3_conn_writev_stream(http_.get(), &id, &last, vectors_.data(), vectors_.size());
    if (count < 0) {
      fail(static_cast<int>(count));
      return {};
    }
    if (id < 0) return {};
    if (id == control_) {
      if (!take_control(static_cast<std::size_t>(count))) return {};
      if (Outgoing out = next_of_control(); out.stream != Outgoing::kNone) return out;
      continue;
    }
    const auto end = vectors_.begin() + count;
    std::transform(vectors_.begin(), end, parts_.begin(), [](const nghttp3_vec& part) {
      return std::string_view(reinterpret_cast<const char*>(part.base), part.len);
    });
    return {id, last != 0, {parts_.data(), static_cast<std::size_t>(count)}};
  }
}

// What nghttp3 says on the control stream goes through a queue of ours, as the settings that it begins with
// lack those of WebTransport.
bool Session::take_control(std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) {
    bytes.append(reinterpret_cast<const char*>(vectors_[i].base), vectors_[i].len);
  }
  const std::size_t size = bytes.size();
  if (!std::exchange(settings_sent_, true)) {
    auto more = with_settings(bytes, {{kSettingWebTransport, 1}, {kSettingMaxSessions, kMaxWebTransport}});
    if (more) bytes = std::move(*more);
  }
  control_out_.push(SharedBytes::copy(bytes));
  const int error = nghttp3_conn_add_write_offset(http_.get(), control_, size);
  if (error != 0 || nghttp3_conn_add_ack_offset(http_.get(), control_, size) != 0) {
    fail(error);
    return false;
  }
  return true;
}

Outgoing Session::next_of_channels() {
  for (auto& [id, channel] : channels_) {
    if (channel->blocked || channel->end_sent) continue;
    if (RequestStream* request = find(channel->request)) request->fill(channel->out);
    const bool last = channel->out.ended();
    if (channel->out.unsent() == 0 && !last) continue;
    const auto parts = gather(channel->out, parts_);
    std::size_t size = 0;
    for (std::string_view part : parts) size += part.size();
    return {id, last && size == channel->out.unsent(), parts};
  }
  return {};
}

void Session::on_sent(std::int64_t id, std::size_t bytes) {
  if (id == control_) return control_out_.sent(bytes);
  Channel* channel = find_channel(id);
  if (!channel) {
    if (int error = nghttp3_conn_add_write_offset(http_.get(), id, bytes); error != 0) fail(error);
    return;
  }
  channel->out.sent(bytes);
  if (channel->out.ended() && channel->out.unsent() == 0) channel->end_sent = true;
}

void Session::on_acked(std::int64_t id, std::uint64_t bytes) {
  if (id == control_) return control_out_.acked(bytes);
  Channel* channel = find_channel(id);
  if (!channel) {
    nghttp3_conn_add_ack_offset(http_.get(), id, bytes);
    return;
  }
  channel->out.acked(bytes);
  if (!channel->out.arrived()) return;
  if (RequestStream* request = find(channel->request)) request->channel_arrived();
}

void Session::on_blocked(std::int64_t id) {
  if (id == control_) {
    control_blocked_ = true;
  } else if (Channel* channel = find_channel(id)) {
    channel->blocked = true;
  } else {
    nghttp3_conn_block_stream(http_.get(), id);
  }
}

void Session::on_unblocked(std::int64_t id) {
  if (id == control_) {
    control_blocked_ = false;
  } else if (Channel* channel = find_channel(id)) {
    channel->blocked = false;
  } else {
    nghttp3_conn_unblock_stream(http_.get(), id);
  }
  quic_.flush_later();
}

void Session::wants_to_send(const RequestStream& request) {
  if (failed_) return;
  nghttp3_conn_resume_stream(http_.get(), request.id());
  quic_.flush_later();
}

nghttp3_ssize Session::read_body(std::int64_t id, nghttp3_vec* parts, std::size_t count,
                                 std::uint32_t* flags) {
  RequestStream* request = find(id);
  if (!request) return NGHTTP3_ERR_CALLBACK_FAILURE;
  SendQueue& out = request->out();
  if (!request->is_web_transport()) request->fill(out);
  std::array<std::string_view, kParts> ready;
  const auto gathered = gather(out, std::span(ready).first(std::min(count, kParts)));
  std::size_t size = 0;
  for (std::size_t i = 0; i < gathered.size(); ++i) {
    auto* bytes = reinterpret_cast<std::uint8_t*>(const_cast<char*>(gathered[i].data()));
    parts[i] = {bytes, gathered[i].size()};
    size += gathered[i].size();
  }
  out.sent(size);
  if (size == 0 && !out.ended()) return NGHTTP3_ERR_WOULDBLOCK;
  if (out.ended() && out.unsent() == 0) *flags |= end_of_body(*request);
  return static_cast<nghttp3_ssize>(gathered.size());
}

// Flags for the last bytes of a body.
std::uint32_t Session::end_of_body(const RequestStream& request) {
  if (request.trailers().empty()) return NGHTTP3_DATA_FLAG_EOF;
  Fields fields;
  fields.add_lines(request.trailers());
  nghttp3_conn_submit_trailers(http_.get(), request.id(), fields.data(), fields.size());
  return NGHTTP3_DATA_FLAG_EOF | NGHTTP3_DATA_FLAG_NO_END_STREAM;
}

}  // namespace whirl::http::h3
