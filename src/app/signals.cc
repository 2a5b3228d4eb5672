#include "app/signals.h"

#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/check.h"

namespace whirl::app {
namespace {

sigset_t our_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (int signal : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&set, signal);
  return set;
}

}  // namespace

void block_signals() {
  sigset_t set = our_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

Signals::Signals(net::Loop& loop, OnSignal on_signal) : loop_(loop), on_signal_(std::move(on_signal)) {
  sigset_t set = our_signals();
  fd_ = net::Fd(::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
  WHIRL_CHECK(fd_ && loop_.watch(fd_.get(), EPOLLIN, this));
}

Signals::~Signals() {
  loop_.unwatch(fd_.get(), this);
}

void Signals::on_io(std::uint32_t) {
  signalfd_siginfo info{};
  if (::read(fd_.get(), &info, sizeof info) == sizeof info) on_signal_(static_cast<int>(info.ssi_signo));
}

}  // namespace whirl::app
