#include "net/proxy_greeting.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "net/proxy_protocol.h"

namespace whirl::net {
namespace {

constexpr std::uint32_t kHangUp = EPOLLRDHUP | EPOLLHUP | EPOLLERR;

}  // namespace

ProxyGreeting::ProxyGreeting(Loop& loop, Fd socket, Done done)
    : loop_(loop), socket_(std::move(socket)), done_(std::move(done)) {
  loop_.arm(*this, kTimeoutMs);
  if (!loop_.watch(socket_.get(), EPOLLIN | EPOLLRDHUP | EPOLLET, this)) loop_.repeat_io(this, EPOLLERR);
}

ProxyGreeting::~ProxyGreeting() {
  if (socket_) loop_.unwatch(socket_.get(), this);
}

// What is behind the header stays in the socket for whoever reads from it next.
void ProxyGreeting::on_io(std::uint32_t events) {
  if (!socket_) return;
  char bytes[kMaxProxyHeader];
  const ssize_t size = ::recv(socket_.get(), bytes, sizeof bytes, MSG_PEEK);
  if (size < 0 && errno == EAGAIN && !(events & kHangUp)) return;
  if (size <= 0) return fail("the connection ended before it");
  const ProxyHeader header = read_proxy_header({bytes, static_cast<std::size_t>(size)});
  if (header.state == ProxyHeader::State::complete) return complete(header.size, header.source);
  if (header.state == ProxyHeader::State::malformed) return fail("something else came");
  if (events & kHangUp) fail("the connection ended before it");
}

void ProxyGreeting::complete(std::size_t size, std::string source) {
  char bytes[kMaxProxyHeader];
  if (::recv(socket_.get(), bytes, size, 0) != static_cast<ssize_t>(size)) return fail("it cannot be read");
  cancel();
  loop_.unwatch(socket_.get(), this);
  done_(*this, std::move(socket_), std::move(source), "");
}

void ProxyGreeting::fail(std::string_view error) {
  cancel();
  loop_.unwatch(socket_.get(), this);
  socket_.reset();
  done_(*this, Fd(), "", error);
}

}  // namespace whirl::net
