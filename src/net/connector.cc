#include "net/connector.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <mutex>
#include <thread>
#include <utility>

#include "net/tls_stream.h"

namespace whirl::net {

/// Shared by a connector and the thread that looks up its host; whoever outlives the other sees that.
struct Connector::Lookup {
  /// Not before the thread has left the loop's post(), since the loop may go with what the callback does.
  Connector* asker() {
    std::lock_guard lock(mutex);
    return connector;
  }

  std::mutex mutex;
  Connector* connector = nullptr;  // null once given up
};

namespace {

template <class Target>
std::string look_up(const ConnectAddress& address, int flags, std::vector<Target>& out) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | flags;
  addrinfo* found = nullptr;
  int error = ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (error != 0) return ::gai_strerror(error);
  for (addrinfo* at = found; at; at = at->ai_next) {
    Target& target = out.emplace_back();
    std::memcpy(&target.address, at->ai_addr, at->ai_addrlen);
    target.size = at->ai_addrlen;
  }
  ::freeaddrinfo(found);
  return "";
}

}  // namespace

std::string ConnectAddress::text() const {
  if (!unix_path.empty()) return "unix:" + unix_path;
  return host.find(':') != std::string::npos ? fmt::format("[{}]:{}", host, port)
                                             : fmt::format("{}:{}", host, port);
}

Connector::~Connector() {
  cancel();
}

void Connector::start(ConnectAddress address, std::int64_t timeout_ms, std::shared_ptr<const TlsContext> tls,
                      Callback callback) {
  cancel();
  address_ = std::move(address);
  tls_ = std::move(tls);
  callback_ = std::move(callback);
  targets_.clear();
  next_target_ = 0;
  last_error_.clear();
  loop_.arm(*this, timeout_ms);
  resolve();
}

void Connector::cancel() {
  Timer::cancel();
  callback_ = nullptr;
  if (auto lookup = std::exchange(lookup_, nullptr)) {
    std::lock_guard lock(lookup->mutex);
    lookup->connector = nullptr;
  }
  if (socket_) loop_.unwatch(socket_.get(), this);
  socket_.reset();
}

void Connector::resolve() {
  lookup_ = std::make_shared<Lookup>();
  lookup_->connector = this;
  // Answers are posted even when they are known at once, so that the callback always comes later.
  auto answer = [lookup = lookup_](std::vector<Target> targets, std::string error) {
    std::lock_guard lock(lookup->mutex);
    if (!lookup->connector) return;
    lookup->connector->loop_.post([lookup, targets = std::move(targets), error = std::move(error)]() mutable {
      if (Connector* connector = lookup->asker()) connector->resolved(std::move(targets), std::move(error));
    });
  };
  std::vector<Target> targets;
  if (!address_.unix_path.empty()) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    if (address_.unix_path.size() >= sizeof at.sun_path) return answer({}, "the path is too long");
    address_.unix_path.copy(at.sun_path, address_.unix_path.size());
    Target& target = targets.emplace_back();
    std::memcpy(&target.address, &at, sizeof at);
    target.size = sizeof at;
    return answer(std::move(targets), "");
  }
  if (look_up(address_, AI_NUMERICHOST, targets).empty()) return answer(std::move(targets), "");
  std::thread([answer, address = address_] {
    std::vector<Target> found;
    std::string error = look_up(address, AI_ADDRCONFIG, found);
    answer(std::move(found), std::move(error));
  }).detach();
}

void Connector::resolved(std::vector<Target> targets, std::string error) {
  lookup_.reset();
  targets_ = std::move(targets);
  last_error_ = std::move(error);
  try_next();
}

void Connector::try_next() {
  while (next_target_ < targets_.size()) {
    const Target& target = targets_[next_target_++];
    socket_ = Fd(::socket(target.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (socket_ && target.address.ss_family != AF_UNIX) set_tcp_options(socket_);
    if (socket_ &&
        ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&target.address), target.size) == 0) {
      return connected();
    }
    if (socket_ && errno == EINPROGRESS) {
      if (auto watched = loop_.watch(socket_.get(), EPOLLOUT, this)) return;
    }
    last_error_ = ::strerror(errno);
  }
  finish(fail("cannot connect to {}: {}", address_.text(), last_error_));
}

void Connector::on_io(std::uint32_t) {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  loop_.unwatch(socket_.get(), this);
  if (error == 0) return connected();
  last_error_ = ::strerror(error);
  try_next();
}

void Connector::on_timer() {
  finish(fail("cannot connect to {}: no answer in time", address_.text()));
}

void Connector::connected() {
  Fd socket = std::move(socket_);
  if (tls_) return finish(TlsStream::adopt(loop_, std::move(socket), tls_->connect_session(address_.host)));
  finish(SocketStream::adopt(loop_, std::move(socket)));
}

void Connector::finish(Result<StreamPtr> result) {
  Callback callback = std::move(callback_);
  cancel();
  callback(std::move(result));
}

}  // namespace whirl::net
