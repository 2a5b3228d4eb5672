#include "http/h3/session.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/log.h"
#include "http/h3/fields.h"
#include "http/h3/session_callbacks.h"

namespace whirl::http::h3 {
namespace {

constexpr std::int64_t kCheckEveryMs = 1000;

bool is_bidirectional(std::int64_t id) {
  return (id & 3) == 0;
}

}  // namespace

Session::Session(QuicStreams& quic, Service& service, const HeadLimits& limits)
    : quic_(quic),
      service_(service),
      limits_(limits),
      timer_([this] { check_timeouts(); }),
      early_timer_([this] { check_requests(); }) {}

Session::~Session() = default;

bool Session::begin() {
  nghttp3_settings settings;
  nghttp3_settings_default(&settings);
  settings.max_field_section_size = limits_.bytes;
  settings.enable_connect_protocol = 1;
  settings.h3_datagram = 1;
  nghttp3_conn* made = nullptr;
  if (nghttp3_conn_server_new(&made, &session_callbacks(), &settings, nullptr, this) != 0) return false;
  http_.reset(made);
  const auto control = quic_.open_uni_stream();
  const auto encoder = quic_.open_uni_stream();
  const auto decoder = quic_.open_uni_stream();
  if (!control || !encoder || !decoder) return false;
  control_ = *control;
  return nghttp3_conn_bind_control_stream(made, control_) == 0 &&
         nghttp3_conn_bind_qpack_streams(made, *encoder, *decoder) == 0;
}

RequestStream* Session::find(std::int64_t id) {
  auto found = requests_.find(id);
  return found == requests_.end() ? nullptr : found->second.get();
}

void Session::on_more_streams(std::uint64_t most) {
  nghttp3_conn_set_max_client_streams_bidi(http_.get(), most);
}

void Session::on_data(std::int64_t id, std::string_view bytes, bool last) {
  if (failed_) return;
  if (Channel* channel = find_channel(id)) return on_channel_data(*channel, bytes, last);
  if (!is_bidirectional(id) || ordinary_.count(id)) return on_request_data(id, bytes, last);
  std::string first = std::exchange(sniffed_[id], {});
  first += bytes;
  if (is_web_transport(id, first, last)) return;
  sniffed_.erase(id);
  ordinary_.insert(id);
  on_request_data(id, first, last);
}

void Session::on_request_data(std::int64_t id, std::string_view bytes, bool last) {
  auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const nghttp3_ssize used = nghttp3_conn_read_stream(http_.get(), id, data, bytes.size(), last);
  if (used < 0) return fail(static_cast<int>(used));
  if (used > 0) quic_.consumed(id, static_cast<std::size_t>(used));
  quic_.flush_later();
}

void Session::fail(int error) {
  fail(nghttp3_err_infer_quic_app_error_code(error), nghttp3_strerror(error));
}

void Session::fail(std::uint64_t code, std::string_view reason) {
  if (std::exchange(failed_, true)) return;
  log::debug("HTTP/3 session failed", {{"addr", peer_address()}, {"error", reason}});
  quic_.close(code, reason);
}

void Session::begin_request(std::int64_t id) {
  net::Loop& loop = service_.loop();
  if (requests_.empty()) quic_.keep_alive(true);
  requests_[id] = std::make_unique<RequestStream>(*this, id, loop.now_ms());
  if (!timer_.armed()) loop.arm(timer_, kCheckEveryMs);
}

void Session::submit(std::int64_t id, const Fields& fields) {
  if (failed_) return;
  const int error = nghttp3_conn_submit_response(http_.get(), id, fields.data(), fields.size(), &kBodyReader);
  if (error != 0) return fail(error);
  quic_.flush_later();
}

void Session::give_up(std::int64_t id) {
  const bool channel = find_channel(id) != nullptr;
  const std::uint64_t code = channel ? kSessionGone : NGHTTP3_H3_REQUEST_CANCELLED;
  if (!channel && !failed_) nghttp3_conn_shutdown_stream_write(http_.get(), id);
  quic_.reset(id, code);
  quic_.stop_reading(id, code);
}

void Session::on_reset(std::int64_t id) {
  if (failed_) return;
  sniffed_.erase(id);
  if (Channel* channel = find_channel(id)) return on_channel_data(*channel, {}, true);
  nghttp3_conn_shutdown_stream_read(http_.get(), id);
  RequestStream* request = find(id);
  // Clients do so when they are told that the rest of the request is not read; they still want the answer.
  if (request && !request->answered()) cancel(*request);
}

void Session::cancel(RequestStream& request) {
  if (!request.answered()) count_cancellation();
  request.client_left();
  request.abandon();
}

// What a request began goes on for a while when it is cancelled, so that the limit of requests under way does
// not hold a client back that cancels them all at once.
void Session::count_cancellation() {
  if (cancellations_.allow(service_.loop().now_ms())) return;
  fail(NGHTTP3_H3_EXCESSIVE_LOAD, "too many requests were cancelled");
}

void Session::on_stop_sending(std::int64_t id) {
  if (failed_) return;
  if (!is_bidirectional(id)) return fail(NGHTTP3_H3_CLOSED_CRITICAL_STREAM, "a control stream was stopped");
  if (Channel* channel = find_channel(id)) {
    channel->end_sent = true;
    RequestStream* request = find(channel->request);
    if (!request || !request->stream()) return;
    request->client_left();
    request->abandon();
    return;
  }
  nghttp3_conn_shutdown_stream_write(http_.get(), id);
  if (RequestStream* request = find(id)) cancel(*request);
}

void Session::on_closed(std::int64_t id, std::uint64_t code) {
  if (failed_) return;
  sniffed_.erase(id);
  if (Channel* channel = find_channel(id)) {
    RequestStream* request = find(channel->request);
    if (request && request->channel == id) request->channel_closed();
    channels_.erase(id);
  } else {
    const int error = nghttp3_conn_close_stream(http_.get(), id, code);
    if (error != 0 && error != NGHTTP3_ERR_STREAM_NOT_FOUND) return fail(error);
    RequestStream* request = find(id);
    if (request && !request->answered()) count_cancellation();
    if (request && request->channel >= 0) give_up(request->channel);
    if (requests_.erase(id) > 0 && requests_.empty()) quic_.keep_alive(false);
    ordinary_.erase(id);
  }
  end_if_idle();
}

void Session::shutdown() {
  if (failed_ || std::exchange(closing_, true)) return;
  if (int error = nghttp3_conn_shutdown(http_.get()); error != 0) return fail(error);
  quic_.flush_later();
  end_if_idle();
}

void Session::end_if_idle() {
  if (closing_ && requests_.empty()) quic_.close(kNoError, "the server is going down");
}

void Session::check_in(std::int64_t ms) {
  if (!early_timer_.armed()) service_.loop().arm(early_timer_, ms);
}

void Session::check_requests() {
  const std::int64_t now_ms = service_.loop().now_ms();
  std::vector<std::int64_t> ids;
  for (auto& [id, request] : requests_) ids.push_back(id);
  for (std::int64_t id : ids) {
    if (RequestStream* request = find(id)) request->check_timeout(now_ms);
  }
}

void Session::check_timeouts() {
  check_requests();
  if (closing_) end_if_gone();
  if (!requests_.empty()) service_.loop().arm(timer_, kCheckEveryMs);
}

// A client that has vanished would hold the end of the server up until it is idle for long enough.
void Session::end_if_gone() {
  const bool before = all_sent_;
  all_sent_ = std::ranges::all_of(requests_, [](const auto& entry) { return entry.second->all_sent(); });
  if (before && all_sent_) quic_.close(kNoError, "the server is going down");
}

}  // namespace whirl::http::h3
