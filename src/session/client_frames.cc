#include <algorithm>
#include <utility>

#include "protocol/errors.h"
#include "protocol/frame_reader.h"
#include "session/client.h"
#include "session/commands/list.h"

namespace whirl::session {

using protocol::FrameReader;
using protocol::Method;

/// Commands are answered in the order in which they came, up to client.concurrency of them at a time; nothing
/// overtakes the connect command. A client that had its share of the loop's turn waits for the next one.
bool Client::must_wait() const {
  if (state_ == State::connecting) return true;
  if (put_off_ || holds_commands_) return true;
  const auto concurrency =
      static_cast<std::uint32_t>(std::max<std::int64_t>(1, settings().client.concurrency));
  return in_flight_ >= concurrency;
}

void Client::on_frame(std::string_view frame) {
  if (!takes_commands()) return;
  const auto self = shared_from_this();
  if (frames_wait() || must_wait() || gives_way()) {
    rare().waiting_frames.emplace_back(frame);
    return pause();
  }
  read(frame);
  if (takes_commands() && must_wait()) pause();
}

void Client::pause() {
  if (!std::exchange(paused_, true)) connection_.pause_reading();
}

void Client::read(std::string_view frame) {
  FrameReader reader(variant_.encoding, frame, context_.incoming);
  for (;;) {
    context_.incoming.reset();
    protocol::Command command;
    switch (reader.next(command)) {
      case FrameReader::Next::end:
        return;
      case FrameReader::Next::bad:
        return close(protocol::disconnects::bad_request);
      case FrameReader::Next::command:
        run(command, reader.command_size());
    }
    if (!takes_commands() || reader.rest().empty()) return;
    if (must_wait() || gives_way()) {
      auto& waiting = rare().waiting_frames;
      waiting.emplace(waiting.begin(), reader.rest());
      return;
    }
  }
}

void Client::run(const protocol::Command& command, std::size_t size) {
  const Method method = protocol::method_of(command);
  if (state_ == State::fresh && method != Method::connect) return close(protocol::disconnects::bad_request);
  if (protocol::is_pong(command)) {
    traffic_.received(FrameType::client_pong, size);
    return on_pong();
  }
  if (method == Method::none || (command.id == 0 && method != Method::send)) {
    return close(protocol::disconnects::bad_request);
  }
  traffic_.received(frame_type(method), size);
  ++in_flight_;
  command_list()[static_cast<std::size_t>(method)].run(*this, command, Call(*this, method, command.id));
}

void Client::finished() {
  --in_flight_;
  go_on();
}

void Client::go_on() {
  if (!paused_ || must_wait()) return;
  // Not from here: what answered the command is still at work.
  context_.loop.defer([client = weak()] {
    if (auto alive = client.lock()) alive->read_on();
  });
}

void Client::become_unusable() {
  state_ = State::unusable;
  subscriptions_.unsubscribe_all();
  rare().held.clear();
  // The end of the connection must be seen.
  if (std::exchange(paused_, false)) connection_.resume_reading();
}

bool Client::gives_way() {
  if (!context_.share.used_up(*this)) return false;
  put_off_ = true;
  context_.share.put_off(weak());
  return true;
}

void Client::take_turn() {
  put_off_ = false;
  if (paused_) read_on();
}

void Client::read_on() {
  while (takes_commands() && frames_wait() && !must_wait() && !gives_way()) {
    auto& waiting = rare_->waiting_frames;
    const std::string frame = std::move(waiting.front());
    waiting.erase(waiting.begin());
    read(frame);
  }
  if (!takes_commands() || must_wait() || frames_wait()) return;
  if (std::exchange(paused_, false)) connection_.resume_reading();
}

void Client::on_pong() {
  if (!std::exchange(awaits_pong_, false)) return close(protocol::disconnects::bad_request);
  traffic_.pong(static_cast<double>(context_.loop.now_ms() - pinged_at_ms_) / 1000);
  schedule_.clear(Event::pong);
  schedule();
}

void Client::on_native_pong() {
  if (closed() || !native_ping_) return;
  awaits_pong_ = false;
  schedule_.clear(Event::pong);
  schedule();
}

}  // namespace whirl::session
