#include "net/acceptor.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <memory>

#include "base/check.h"
#include "base/log.h"
#include "net/socket_address.h"
#include "net/tls_stream.h"

namespace whirl::net {
namespace {

constexpr int kBacklog = 4096;
constexpr std::int64_t kWarnEveryMs = 5000;

tl::unexpected<Error> listen_failure(const ListenAddress& address, int error) {
  const char* hint = "";
  if (error == EADDRINUSE) hint = "; another process listens there, choose another port or stop it";
  if (error == EACCES) hint = "; use a port above 1023 or grant CAP_NET_BIND_SERVICE";
  if (error == EADDRNOTAVAIL) hint = "; this machine has no such address";
  return fail("cannot listen on {}: {}{}", address.text(), ::strerror(error), hint);
}

Fd tcp_socket(const SocketAddress& address, bool share_port, bool also_ipv4) {
  Fd fd(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return fd;
  int on = 1;
  int off = 0;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  set_tcp_options(fd);
  if (share_port) ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (also_ipv4) ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (::bind(fd.get(), address.get(), address.size()) != 0) fd.reset();
  return fd;
}

Result<std::vector<Fd>> open_tcp(const ListenAddress& address, int count) {
  SocketAddress at = every_address(address.port);
  const bool everywhere = address.host.empty();
  if (!everywhere) {
    auto resolved = resolve_local(address.host, address.port, SOCK_STREAM);
    if (!resolved) return fail("cannot listen on {}: {}", address.text(), resolved.error().message);
    at = *resolved;
  }
  const bool also_ipv4 = everywhere && at.family() == AF_INET6;
  // With a shared port the kernel would let two servers of one user listen side by side, so the port is first
  // taken alone. The sockets below share it among themselves.
  if (Fd alone = tcp_socket(at, false, also_ipv4); !alone) return listen_failure(address, errno);
  std::vector<Fd> out;
  for (int i = 0; i < count; ++i) {
    Fd fd = tcp_socket(at, true, also_ipv4);
    if (!fd || ::listen(fd.get(), kBacklog) != 0) return listen_failure(address, errno);
    if (i == 0) at.set_port(local_port(fd));
    out.push_back(std::move(fd));
  }
  return out;
}

/// True if nobody listens on the socket file, so that it may be removed.
bool is_stale(const sockaddr_un& at) {
  struct stat info {};
  if (::stat(at.sun_path, &info) != 0 || !S_ISSOCK(info.st_mode)) return false;
  Fd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 &&
         errno == ECONNREFUSED;
}

Result<std::vector<Fd>> open_unix(const ListenAddress& address, int count) {
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  if (address.unix_path.size() >= sizeof at.sun_path) {
    return fail("cannot listen on {}: a unix socket's path has at most {} bytes", address.text(),
                sizeof at.sun_path - 1);
  }
  std::memcpy(at.sun_path, address.unix_path.data(), address.unix_path.size());
  if (is_stale(at)) ::unlink(at.sun_path);
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd || ::bind(fd.get(), reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 ||
      ::chmod(at.sun_path, address.unix_mode) != 0 || ::listen(fd.get(), kBacklog) != 0) {
    return listen_failure(address, errno);
  }
  std::vector<Fd> out;
  for (int i = 1; i < count; ++i) out.emplace_back(::dup(fd.get()));
  out.push_back(std::move(fd));
  return out;
}

}  // namespace

std::string ListenAddress::text() const {
  if (!unix_path.empty()) return "unix:" + unix_path;
  bool bare_six = host.find(':') != std::string::npos && host.front() != '[';
  return bare_six ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

Result<std::vector<Fd>> open_listeners(const ListenAddress& address, int count) {
  return address.unix_path.empty() ? open_tcp(address, count) : open_unix(address, count);
}

int local_port(const Fd& listener) {
  return SocketAddress::local_of(listener.get()).port();
}

Acceptor::Acceptor(Loop& loop, Fd listener, OnAccept on_accept, std::shared_ptr<const TlsContext> tls)
    : loop_(loop), listener_(std::move(listener)), on_accept_(std::move(on_accept)), tls_(std::move(tls)) {
  watch();
}

Acceptor::~Acceptor() {
  close();
}

void Acceptor::watch() {
  auto watched = loop_.watch(listener_.get(), EPOLLIN | EPOLLEXCLUSIVE, this);
  if (!watched) pause(errno);
}

void Acceptor::close() {
  cancel();
  if (listener_) loop_.unwatch(listener_.get(), this);
  listener_.reset();
  greetings_.clear();
}

void Acceptor::on_io(std::uint32_t) {
  for (int i = 0; i < kBatch && listener_; ++i) {
    Fd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket && proxied_) {
      await_header(std::move(socket));
    } else if (socket) {
      welcome(std::move(socket), "");
    } else if (errno == EAGAIN) {
      return;
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      return pause(errno);
    }
    // Any other error belongs to the one connection, which is gone already.
  }
}

// `source`: who the client is, if that is not who connected.
void Acceptor::welcome(Fd socket, std::string source) {
  StreamPtr stream = tls_ ? TlsStream::adopt(loop_, std::move(socket), tls_->accept_session())
                          : SocketStream::adopt(loop_, std::move(socket));
  if (!source.empty()) stream->set_peer(std::move(source));
  on_accept_(std::move(stream));
}

void Acceptor::await_header(Fd socket) {
  auto done = [this](ProxyGreeting& greeting, Fd greeted, std::string source, std::string_view error) {
    const auto at = std::ranges::find(greetings_, &greeting, &std::unique_ptr<ProxyGreeting>::get);
    loop_.destroy_later(std::move(*at));
    greetings_.erase(at);
    if (!error.empty()) log::debug("connection without a PROXY header", {{"error", error}});
    if (greeted && listener_) welcome(std::move(greeted), std::move(source));
  };
  greetings_.push_back(std::make_unique<ProxyGreeting>(loop_, std::move(socket), std::move(done)));
}

void Acceptor::pause(int error) {
  if (last_warning_ms_ == 0 || loop_.now_ms() - last_warning_ms_ >= kWarnEveryMs) {
    last_warning_ms_ = loop_.now_ms();
    log::warn("cannot accept connections, trying again; raise the limit of open files if this lasts",
              {{"error", ::strerror(error)}});
  }
  loop_.unwatch(listener_.get(), this);
  loop_.arm(*this, kPauseMs);
}

void Acceptor::on_timer() {
  watch();
}

}  // namespace whirl::net
