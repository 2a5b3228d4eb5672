#include "net/stream.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

#include "net/socket_address.h"

namespace whirl::net {
namespace {

constexpr std::size_t kPartsPerSend = 64;
constexpr std::size_t kFirstRead = 16 * 1024;
constexpr std::size_t kSlowRead = 4 * 1024;
constexpr std::size_t kNoWork = 512;  // so few bytes are not timed
constexpr std::uint32_t kEnd = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
// Not ones of epoll's: read_again() asked for it, and not before the loop had time for it.
constexpr std::uint32_t kAgain = 1u << 27;
constexpr std::uint32_t kLater = 1u << 26;

}  // namespace

void set_tcp_options(const Fd& socket) {
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

/// Keeps a stream that is closing until its bytes are out and the peer has ended, or the time is over.
/// Closing with unread input would reset the connection and could destroy what the peer has not read yet, so
/// input is drained.
class SocketStream::Linger final : public StreamHandler, public Resident, private Timer {
 public:
  explicit Linger(SocketStream& stream) : stream_(stream) {}
  ~Linger() override {
    stream_.close();
    stream_.lingering_ = false;
    if (stream_.dropped_) delete &stream_;
  }

  void start() {
    stream_.loop_.arm(*this, kLingerMs);
    if (stream_.outbox_.empty()) on_drained();
  }

  void on_data(std::span<char>) override {}
  void on_end() override { finish(); }
  void on_drained() override {
    if (stream_.ended_) return finish();
    stream_.end_sending();
  }

 private:
  void on_timer() override { finish(); }
  void finish() {
    cancel();
    stream_.close();
    stream_.loop_.release_later(*this);
  }

  SocketStream& stream_;
};

void DropStream::operator()(Stream* stream) const {
  stream->drop();
}

void Stream::write(SharedBytes bytes) {
  if (!takes_writes_) return;
  outbox_.push(std::move(bytes));
  if (!blocked_) loop_.at_end_of_turn(this);
}

std::string Stream::peer_host() const {
  const std::string address = peer_address();
  if (address.starts_with('[')) return address.substr(1, address.find(']') - 1);
  return address.substr(0, address.rfind(':'));
}

StreamPtr SocketStream::adopt(Loop& loop, Fd socket) {
  return StreamPtr(new SocketStream(loop, std::move(socket)));
}

SocketStream::SocketStream(Loop& loop, Fd socket) : Stream(loop), socket_(std::move(socket)) {
  if (!loop_.watch(fd(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, this)) {
    ::shutdown(fd(), SHUT_RDWR);
    loop_.repeat_io(this, EPOLLIN);
  }
}

SocketStream::~SocketStream() {
  close();
}

void SocketStream::drop() {
  dropped_ = true;
  if (lingering_) return;
  close();
  loop_.destroy_later(std::unique_ptr<SocketStream>(this));
}

void SocketStream::pause_reading() {
  paused_ = true;
}

void SocketStream::resume_reading() {
  paused_ = false;
  if (std::exchange(unread_, false)) read_again();
}

void SocketStream::close() {
  handler_ = nullptr;
  outbox_.clear();
  takes_writes_ = false;
  if (!closed()) loop_.forget(this);
  socket_.reset();
}

void SocketStream::close_after_flush() {
  if (closed() || lingering_) return;
  lingering_ = true;
  takes_writes_ = false;
  Linger& kept = loop_.keep(std::make_unique<Linger>(*this));
  handler_ = &kept;
  resume_reading();
  kept.start();
}

void SocketStream::on_io(std::uint32_t events) {
  if (closed()) return;
  if ((events & EPOLLOUT) && blocked_) {
    blocked_ = false;
    if (!flush(true)) return;
  }
  if (!(events & (EPOLLIN | kEnd)) || ended_) return;
  if (events & kEnd) end_seen_ = true;
  if (events & kAgain) again_ = false;
  if (paused_) {
    unread_ = true;
    if (events & EPOLLERR) failed();
  } else if (gives_way_ && !(events & kLater)) {
    read_again();
  } else if (!again_) {
    read_once(events & kLater);
  }
}

void SocketStream::read_again(bool later) {
  if (std::exchange(again_, true)) return;
  if (later) {
    loop_.later_io(this, EPOLLIN | kAgain | kLater);
  } else {
    loop_.repeat_io(this, EPOLLIN | kAgain);
  }
}

// An edge-triggered event came, or the read before filled the buffer. A read that does not fill it has
// emptied the socket (a later arrival is a new event), unless the end of the stream is known to be behind the
// data. A stream reads once a turn: what arrives while another read is asked for waits for that one. Where
// there is more than a first read takes, the rest is read later, and where input took long, little at a time:
// what a turn takes does not grow with the number of those who send more than can be served.
void SocketStream::read_once(bool later) {
  std::span<char> buffer = loop_.read_buffer();
  if (gives_way_) {
    buffer = buffer.first(kSlowRead);
  } else if (!later) {
    buffer = buffer.first(kFirstRead);
  }
  ssize_t got = receive(buffer);
  if (got == kBlocked) return;
  if (got == kFailed) return failed();
  if (got == 0) return ended();
  auto size = static_cast<std::size_t>(got);
  if (size == buffer.size()) {
    read_again(true);
  } else if (end_seen_) {
    read_again();
  }
  if (!handler_) return;
  if (size <= kNoWork) {
    gives_way_ = false;
    return handler_->on_data(buffer.first(size));
  }
  const std::int64_t started_ms = loop_.clock().monotonic_ms();
  handler_->on_data(buffer.first(size));
  gives_way_ = loop_.clock().monotonic_ms() != started_ms;
}

void SocketStream::ended() {
  if (std::exchange(ended_, true)) return;
  if (handler_) handler_->on_end();
}

void SocketStream::failed() {
  StreamHandler* handler = handler_;
  bool first = !std::exchange(ended_, true);
  close();
  if (handler && (first || lingering_)) handler->on_end();
}

void SocketStream::on_turn_end() {
  if (!closed() && !blocked_) flush(false);
}

// `late`: the socket was full before. False if the stream was closed.
bool SocketStream::flush(bool late) {
  if (outbox_.empty()) return true;
  while (!outbox_.empty()) {
    iovec parts[kPartsPerSend];
    std::size_t count = outbox_.gather(parts);
    ssize_t sent = send({parts, count});
    if (sent == kFailed) {
      failed();
      return false;
    }
    if (sent == kBlocked) {
      blocked_ = true;
      return true;
    }
    outbox_.consume(static_cast<std::size_t>(sent));
  }
  if (handler_ && (late || lingering_)) handler_->on_drained();
  return !closed();
}

ssize_t SocketStream::receive(std::span<char> buffer) {
  for (;;) {
    ssize_t got = ::recv(fd(), buffer.data(), buffer.size(), 0);
    if (got >= 0) return got;
    if (errno == EAGAIN) return kBlocked;
    if (errno != EINTR) return kFailed;
  }
}

// Most turns have one frame for a connection, for which sendto costs less than a message of one part. It is
// called without the C library, which would allow for the thread's cancellation each time (1 % of a fan-out).
ssize_t SocketStream::send(std::span<const iovec> parts) {
  constexpr int kFlags = MSG_NOSIGNAL | MSG_DONTWAIT;
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts.data());
  message.msg_iovlen = parts.size();
  for (;;) {
    ssize_t sent = parts.size() == 1
                       ? ::syscall(SYS_sendto, fd(), parts[0].iov_base, parts[0].iov_len, kFlags, nullptr, 0)
                       : ::sendmsg(fd(), &message, kFlags);
    if (sent > 0) return sent;
    if (errno == EAGAIN) return kBlocked;
    if (errno != EINTR) return kFailed;
  }
}

void SocketStream::end_sending() {
  ::shutdown(fd(), SHUT_WR);
}

std::string SocketStream::socket_address() const {
  const SocketAddress peer = SocketAddress::peer_of(fd());
  if (peer.family() == AF_UNSPEC) return "";
  return peer.family() == AF_UNIX ? "@" : peer.text();
}

}  // namespace whirl::net
