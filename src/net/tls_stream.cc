#include "net/tls_stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"

namespace whirl::net {
namespace {

constexpr std::size_t kRecord = 16 * 1024;  // the most that one TLS record holds

}  // namespace

StreamPtr TlsStream::adopt(Loop& loop, Fd socket, SslPtr session) {
  return StreamPtr(new TlsStream(loop, std::move(socket), std::move(session)));
}

TlsStream::TlsStream(Loop& loop, Fd socket, SslPtr session)
    : SocketStream(loop, std::move(socket)), session_(std::move(session)) {
  WHIRL_CHECK(SSL_set_fd(session_.get(), fd()) == 1);
  // A client greets first, and its reads do so.
  expect_work();  // the handshake
  if (!SSL_is_server(session_.get())) loop.repeat_io(this, EPOLLIN);
}

// During a handshake a read can wait until the socket takes output, and a write until input comes.
void TlsStream::on_io(std::uint32_t events) {
  if ((events & EPOLLOUT) && std::exchange(read_waits_for_output_, false)) events |= EPOLLIN;
  bool resume_write = (events & EPOLLIN) && std::exchange(write_waits_for_input_, false);
  SocketStream::on_io(events);
  if (resume_write && !closed()) SocketStream::on_io(EPOLLOUT);
}

ssize_t TlsStream::outcome(int result, bool reading) {
  switch (SSL_get_error(session_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      write_waits_for_input_ |= !reading;
      return kBlocked;
    case SSL_ERROR_WANT_WRITE:
      read_waits_for_output_ |= reading;
      return kBlocked;
    case SSL_ERROR_ZERO_RETURN:
      return reading ? 0 : kFailed;
    default:
      ERR_clear_error();
      return kFailed;
  }
}

// Reads record after record, because only a read that would block says that the socket is empty.
ssize_t TlsStream::receive(std::span<char> buffer) {
  std::size_t total = 0;
  while (total < buffer.size()) {
    int got = SSL_read(session_.get(), buffer.data() + total, static_cast<int>(buffer.size() - total));
    if (got > 0) {
      total += static_cast<std::size_t>(got);
      continue;
    }
    ssize_t result = outcome(got, true);
    if (total == 0) return result;
    // The end or the failure is behind the data; it is seen again by another read.
    if (result != kBlocked) read_again();
    break;
  }
  return static_cast<ssize_t>(total);
}

// Small parts are joined, so that a record and a system call carry many of them.
ssize_t TlsStream::send(std::span<const iovec> parts) {
  char record[kRecord];
  const char* data = static_cast<const char*>(parts.front().iov_base);
  std::size_t size = parts.front().iov_len;
  if (size < kRecord && parts.size() > 1) {
    size = 0;
    for (const iovec& part : parts) {
      std::size_t take = std::min(part.iov_len, kRecord - size);
      std::memcpy(record + size, part.iov_base, take);
      size += take;
      if (size == kRecord) break;
    }
    data = record;
  }
  int sent = SSL_write(session_.get(), data, static_cast<int>(std::min(size, kRecord)));
  return sent > 0 ? sent : outcome(sent, false);
}

void TlsStream::end_sending() {
  if (SSL_is_init_finished(session_.get())) SSL_shutdown(session_.get());
  ERR_clear_error();
  SocketStream::end_sending();
}

}  // namespace whirl::net
