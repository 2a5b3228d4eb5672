// folders: http
// One HTTP/2 connection, without a socket: the first byte says in what pieces the rest arrives, behind the
// preface. Between the pieces the server answers what was left open. Nothing of it may crash, loop, or keep
// more than it should.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "http/h2/session.h"
#include "http/service.h"

namespace {

using namespace whirl;
using namespace whirl::http;

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Answers at once, later, or by taking the stream and sending everything back.
class Backend final : public h2::Wire {
 public:
  Backend() {
    Router router;
    router.add(
        {"/", {}, [](Request& request, Responder out) { out.reply(200, "text/plain", request.body); }, 1000});
    router.add({"/later", {}, [this](Request&, Responder out) { waiting_.push_back(std::move(out)); }, 1000});
    router.add({"/take", {}, [this](Request&, Responder out) { take(out.upgrade()); }, 1000});
    service_ = std::make_unique<Service>(loop_, std::move(router));
    session_ = std::make_unique<h2::Session>(*service_, options_, *this);
  }

  void write(std::string_view bytes) override { written_ += bytes.size(); }
  void output_waits() override {}
  std::string peer_address() const override { return "peer"; }

  void receive(std::string_view bytes) {
    std::string copy(bytes);
    session_->receive(copy);
    turn();
  }
  void turn() {
    for (int i = 0; i < 2; ++i) {
      loop_.turn(0);
      while (session_->send(4096)) {
      }
    }
    if (session_->streams() > options_.max_streams) std::abort();
  }
  void answer_all() {
    for (Responder& responder : std::exchange(waiting_, {})) responder.empty(204);
    turn();
  }
  void pass(std::int64_t ms) {
    clock_.advance(ms);
    turn();
  }
  void end() {
    session_->shutdown();
    turn();
    session_.reset();
    takers_.clear();
    loop_.turn(0);
  }

 private:
  struct Taker final : net::StreamHandler {
    explicit Taker(net::StreamPtr taken) : stream(std::move(taken)) {
      stream->set_handler(this);
      static_cast<MessageStream&>(*stream).send_head({});
    }
    void on_data(std::span<char> bytes) override {
      stream->write(std::string_view(bytes.data(), bytes.size()));
      if (bytes.size() % 7 == 3) stream->pause_reading();
      if (bytes.size() % 7 == 4) stream->close();
    }
    void on_end() override {
      static_cast<MessageStream&>(*stream).set_trailers("Status: 0\r\n");
      stream->close_after_flush();
    }
    net::StreamPtr stream;
  };

  void take(Upgraded upgraded) {
    if (upgraded.stream) takers_.push_back(std::make_unique<Taker>(std::move(upgraded.stream)));
  }

  ManualClock clock_;
  net::Loop loop_{0, clock_};
  h2::Options options_{.max_streams = 10, .idle_frames = 100};
  std::unique_ptr<Service> service_;
  std::vector<Responder> waiting_;
  std::vector<std::unique_ptr<Taker>> takers_;
  std::unique_ptr<h2::Session> session_;
  std::size_t written_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  log::set_level(log::Level::none);
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t step = data[0] < 4 ? bytes.size() + 1 : data[0];
  Backend backend;
  backend.receive(kPreface);
  while (!bytes.empty()) {
    backend.receive(bytes.substr(0, step));
    bytes.remove_prefix(std::min(step, bytes.size()));
    if (bytes.size() % 5 == 1) backend.answer_all();
  }
  backend.answer_all();
  backend.pass(60'000);
  backend.end();
  return 0;
}
