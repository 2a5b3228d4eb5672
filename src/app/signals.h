#pragma once
#include "base/function.h"
#include "net/fd.h"
#include "net/loop.h"

namespace whirl::app {

/// Keeps the signals that the server reacts to from interrupting it; called before any thread is started.
void block_signals();

/// Receives SIGTERM, SIGINT and SIGHUP on one loop. Made and destroyed on it.
class Signals final : private net::IoHandler {
 public:
  using OnSignal = UniqueFunction<void(int signal)>;
  Signals(net::Loop& loop, OnSignal on_signal);
  ~Signals();

 private:
  void on_io(std::uint32_t events) override;

  net::Loop& loop_;
  net::Fd fd_;
  OnSignal on_signal_;
};

}  // namespace whirl::app
