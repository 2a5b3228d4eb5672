// folders: base net http
// What a client may send on the streams of an HTTP/3 connection, requests and WebTransport, in any pieces.
// The input is a list of steps: a byte that chooses stream and action, then, for data, its length and bytes.
#include <set>

#include "http/h3/session.h"
#include "http/web_transport.h"

namespace {

using namespace whirl;

constexpr std::int64_t kStreams[] = {0, 4, 8, 12, 2, 6, 10, 14};
constexpr std::uint64_t kManyStreams = 100;

/// A connection that takes everything.
class Quic final : public http::h3::QuicStreams {
 public:
  std::optional<std::int64_t> open_uni_stream() override { return std::exchange(next_, next_ + 4); }
  void consumed(std::int64_t, std::size_t) override {}
  void reset(std::int64_t, std::uint64_t) override {}
  void stop_reading(std::int64_t stream, std::uint64_t) override { stopped.insert(stream); }
  void keep_alive(bool) override {}
  void flush_later() override {}
  void close(std::uint64_t, std::string_view) override { closed = true; }
  std::string peer_address() const override { return "192.0.2.1:1"; }

  std::set<std::int64_t> stopped;
  bool closed = false;

 private:
  std::int64_t next_ = 3;
};

/// Sends back what comes on a stream; ends it when asked.
class Echo final : public net::StreamHandler {
 public:
  explicit Echo(net::StreamPtr stream) : stream_(std::move(stream)) {
    stream_->set_handler(this);
    static_cast<http::MessageStream&>(*stream_).send_head({});
  }
  void on_data(std::span<char> bytes) override {
    const std::string_view text(bytes.data(), bytes.size());
    stream_->write(text);
    if (text.find('p') != text.npos) stream_->pause_reading();
    if (text.find('r') != text.npos) stream_->resume_reading();
    if (text.find('e') != text.npos) stream_->close_after_flush();
    if (text.find('q') != text.npos) stream_->close();
  }
  void on_end() override { stream_.reset(); }
  void resume() {
    if (stream_) stream_->resume_reading();
  }

 private:
  net::StreamPtr stream_;
};

struct Driver {
  Driver() {
    http::Router router;
    http::Route plain;
    plain.path = "/";
    plain.handler = [](http::Request& request, http::Responder responder) {
      responder.reply(200, "text/plain", request.body);
    };
    router.add(std::move(plain));
    http::Route stream;
    stream.path = "/s";
    stream.handler = [this](http::Request&, http::Responder responder) {
      net::StreamPtr taken = responder.upgrade().stream;
      if (taken) echoes.push_back(std::make_unique<Echo>(std::move(taken)));
    };
    router.add(std::move(stream));
    service = std::make_unique<http::Service>(loop, std::move(router));
    session = std::make_unique<http::h3::Session>(quic, *service, limits);
    session->begin();
    session->on_more_streams(kManyStreams);
  }
  ~Driver() { session.reset(); }

  /// Sends what there is, in pieces of up to `most` bytes.
  void drain(std::size_t most) {
    for (int i = 0; i < 100 && !quic.closed; ++i) {
      const http::h3::Outgoing out = session->next_outgoing();
      if (out.stream == http::h3::Outgoing::kNone) return;
      std::size_t size = 0;
      for (std::string_view part : out.parts) size += part.size();
      const std::size_t sent = std::min(size, most);
      session->on_sent(out.stream, sent);
      if (sent > 0) session->on_acked(out.stream, sent);
      if (size == 0) session->on_blocked(out.stream);
    }
  }

  ManualClock clock;
  net::Loop loop{0, clock};
  http::HeadLimits limits;
  Quic quic;
  std::vector<std::unique_ptr<Echo>> echoes;
  std::unique_ptr<http::Service> service;
  std::unique_ptr<http::h3::Session> session;
  std::set<std::int64_t> ended;   // no more data comes
  std::set<std::int64_t> closed;  // nothing at all
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Driver driver;
  std::string_view input(reinterpret_cast<const char*>(data), size);
  while (!input.empty() && !driver.quic.closed) {
    const auto step = static_cast<unsigned char>(input.front());
    input.remove_prefix(1);
    const std::int64_t stream = kStreams[step & 7];
    const bool last = (step & 8) != 0;
    const unsigned action = step >> 4;
    if (action == 15) {
      driver.clock.advance(1000);
    } else if (action == 14) {
      for (auto& echo : driver.echoes) echo->resume();
    } else if (driver.closed.count(stream)) {
      continue;
    } else if (action == 13) {
      if (driver.ended.insert(stream).second) driver.session->on_reset(stream);
    } else if (action == 12) {
      if (stream % 4 == 0) driver.session->on_stop_sending(stream);
    } else if (action == 11) {
      driver.closed.insert(stream);
      driver.session->on_closed(stream, http::h3::kNoError);
    } else if (!driver.ended.count(stream) && !driver.quic.stopped.count(stream) && !input.empty()) {
      std::size_t length = static_cast<unsigned char>(input.front());
      input.remove_prefix(1);
      length = std::min(length, input.size());
      if (last) driver.ended.insert(stream);
      driver.session->on_data(stream, input.substr(0, length), last);
      input.remove_prefix(length);
    }
    driver.drain(1 + step);
    driver.loop.turn(0);
  }
  return 0;
}
