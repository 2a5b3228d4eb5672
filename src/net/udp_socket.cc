#include "net/udp_socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "base/log.h"

namespace whirl::net {
namespace {

constexpr std::size_t kBatch = 32;                             // datagrams in one system call
constexpr std::size_t kSlot = Loop::kReadBufferSize / kBatch;  // more than any QUIC packet of ours
constexpr int kBatchesPerTurn = 8;                             // then others have their turn
constexpr std::size_t kMaxQueued = 256 * 1024;                 // flushed before the turn's end
constexpr int kKernelBuffer = 2 * 1024 * 1024;                 // asked for; the kernel may give less
constexpr std::size_t kControl = CMSG_SPACE(sizeof(in6_pktinfo)) + CMSG_SPACE(sizeof(std::uint16_t));

void set_integer(int fd, int level, int option, int value) {
  ::setsockopt(fd, level, option, &value, sizeof value);
}

Fd udp_socket(const SocketAddress& address, bool share_port, bool also_ipv4) {
  Fd fd(::socket(address.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return fd;
  if (share_port) set_integer(fd.get(), SOL_SOCKET, SO_REUSEPORT, 1);
  set_integer(fd.get(), SOL_SOCKET, SO_RCVBUF, kKernelBuffer);
  set_integer(fd.get(), SOL_SOCKET, SO_SNDBUF, kKernelBuffer);
  if (address.family() == AF_INET6) {
    set_integer(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, also_ipv4 ? 0 : 1);
    set_integer(fd.get(), IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
    set_integer(fd.get(), IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE);
  } else {
    set_integer(fd.get(), IPPROTO_IP, IP_PKTINFO, 1);
  }
  // An IPv6 socket wants it too, for its IPv4 peers.
  set_integer(fd.get(), IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
  if (::bind(fd.get(), address.get(), address.size()) != 0) fd.reset();
  return fd;
}

tl::unexpected<Error> open_failure(const ListenAddress& address, int error) {
  const char* hint = error == EADDRINUSE ? "; another process serves HTTP/3 there, choose another port" : "";
  return fail("cannot listen on {} (UDP): {}{}", address.text(), ::strerror(error), hint);
}

/// The address that a datagram was sent to.
SocketAddress destination(msghdr& head, const SocketAddress& bound) {
  SocketAddress out = bound;
  for (cmsghdr* at = CMSG_FIRSTHDR(&head); at; at = CMSG_NXTHDR(&head, at)) {
    if (at->cmsg_level == IPPROTO_IP && at->cmsg_type == IP_PKTINFO && bound.family() == AF_INET) {
      in_pktinfo info;
      std::memcpy(&info, CMSG_DATA(at), sizeof info);
      reinterpret_cast<sockaddr_in*>(out.get())->sin_addr = info.ipi_addr;
    } else if (at->cmsg_level == IPPROTO_IPV6 && at->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info;
      std::memcpy(&info, CMSG_DATA(at), sizeof info);
      reinterpret_cast<sockaddr_in6*>(out.get())->sin6_addr = info.ipi6_addr;
    }
  }
  return out;
}

template <class T>
void add_control(msghdr& head, int level, int type, const T& value) {
  auto* at = reinterpret_cast<cmsghdr*>(static_cast<char*>(head.msg_control) + head.msg_controllen);
  at->cmsg_level = level;
  at->cmsg_type = type;
  at->cmsg_len = CMSG_LEN(sizeof value);
  std::memcpy(CMSG_DATA(at), &value, sizeof value);
  head.msg_controllen += CMSG_SPACE(sizeof value);
}

void add_source(msghdr& head, const SocketAddress& local) {
  if (local.family() == AF_INET) {
    in_pktinfo info{};
    info.ipi_spec_dst = reinterpret_cast<const sockaddr_in*>(local.get())->sin_addr;
    add_control(head, IPPROTO_IP, IP_PKTINFO, info);
  } else {
    in6_pktinfo info{};
    info.ipi6_addr = reinterpret_cast<const sockaddr_in6*>(local.get())->sin6_addr;
    add_control(head, IPPROTO_IPV6, IPV6_PKTINFO, info);
  }
}

}  // namespace

/// One message of a system call, with what its head points to.
struct UdpSocket::Message {
  iovec part{};
  SocketAddress address;
  alignas(cmsghdr) std::array<char, kControl> control;
};

Result<std::vector<Fd>> open_udp(const ListenAddress& address, int count) {
  SocketAddress at = every_address(address.port);
  const bool everywhere = address.host.empty();
  if (!everywhere) {
    auto resolved = resolve_local(address.host, address.port, SOCK_DGRAM);
    if (!resolved) return fail("cannot listen on {} (UDP): {}", address.text(), resolved.error().message);
    at = *resolved;
  }
  // With a shared port the kernel would let two servers of one user take turns, so it is first taken alone.
  if (Fd alone = udp_socket(at, false, everywhere); !alone) return open_failure(address, errno);
  std::vector<Fd> out;
  for (int i = 0; i < count; ++i) {
    Fd fd = udp_socket(at, true, everywhere);
    if (!fd) return open_failure(address, errno);
    if (i == 0) at.set_port(SocketAddress::local_of(fd.get()).port());
    out.push_back(std::move(fd));
  }
  return out;
}

UdpSocket::UdpSocket(Loop& loop, Fd socket, DatagramHandler& handler)
    : loop_(loop),
      socket_(std::move(socket)),
      handler_(handler),
      local_(SocketAddress::local_of(socket_.get())) {
  auto watched = loop_.watch(socket_.get(), EPOLLIN | EPOLLET, this);
  if (!watched) log::error("HTTP/3 is not served", {{"error", watched.error().message}});
}

UdpSocket::~UdpSocket() {
  close();
}

void UdpSocket::close() {
  if (!socket_) return;
  flush();
  loop_.unwatch(socket_.get(), this);
  socket_.reset();
}

void UdpSocket::on_io(std::uint32_t) {
  for (int i = 0; i < kBatchesPerTurn; ++i) {
    const std::size_t got = receive_batch();
    if (!socket_ || got < kBatch) return;
  }
  loop_.repeat_io(this, EPOLLIN);
}

std::size_t UdpSocket::receive_batch() {
  std::span<char> buffer = loop_.read_buffer();
  std::array<Message, kBatch> messages;
  std::array<mmsghdr, kBatch> heads{};
  for (std::size_t i = 0; i < kBatch; ++i) {
    messages[i].part = {buffer.data() + i * kSlot, kSlot};
    msghdr& head = heads[i].msg_hdr;
    head.msg_name = messages[i].address.get();
    head.msg_namelen = SocketAddress::kCapacity;
    head.msg_iov = &messages[i].part;
    head.msg_iovlen = 1;
    head.msg_control = messages[i].control.data();
    head.msg_controllen = messages[i].control.size();
  }
  const int got = ::recvmmsg(socket_.get(), heads.data(), kBatch, MSG_DONTWAIT, nullptr);
  if (got <= 0) return 0;
  const auto count = static_cast<std::size_t>(got);
  for (std::size_t i = 0; i < count && socket_; ++i) {
    if (heads[i].msg_hdr.msg_flags & MSG_TRUNC) continue;  // larger than what we said we take
    UdpPath path{destination(heads[i].msg_hdr, local_), messages[i].address};
    auto* bytes = reinterpret_cast<const std::uint8_t*>(buffer.data() + i * kSlot);
    handler_.on_datagram({bytes, heads[i].msg_len}, path);
  }
  return count;
}

void UdpSocket::send_datagrams(std::span<const std::uint8_t> bytes, std::size_t segment,
                               const UdpPath& path) {
  if (!socket_ || bytes.empty()) return;
  if (bytes_.size() + bytes.size() > kMaxQueued) flush();
  trains_.push_back({bytes_.size(), bytes.size(), segment, path});
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  loop_.at_end_of_turn(this);
}

void UdpSocket::flush() {
  std::span<const Train> left = trains_;
  while (!left.empty()) left = left.subspan(send_batch(left.first(std::min(left.size(), kBatch))));
  trains_.clear();
  bytes_.clear();
}

// Returns how many are done with, at least one.
std::size_t UdpSocket::send_batch(std::span<const Train> trains) {
  if (!segments_ && trains.front().size > trains.front().segment) {
    send_one_by_one(trains.front());
    return 1;
  }
  std::array<Message, kBatch> messages;
  std::array<mmsghdr, kBatch> heads{};
  std::size_t count = 0;
  for (const Train& train : trains) {
    const bool cut = train.size > train.segment;
    if (cut && !segments_) break;
    Message& message = messages[count];
    message.part = {bytes_.data() + train.offset, train.size};
    message.address = train.path.peer;
    message.control.fill(0);
    msghdr& head = heads[count++].msg_hdr;
    head.msg_name = message.address.get();
    head.msg_namelen = message.address.size();
    head.msg_iov = &message.part;
    head.msg_iovlen = 1;
    head.msg_control = message.control.data();
    if (train.path.local.family() != AF_UNSPEC) add_source(head, train.path.local);
    if (cut) add_control(head, SOL_UDP, UDP_SEGMENT, static_cast<std::uint16_t>(train.segment));
    if (head.msg_controllen == 0) head.msg_control = nullptr;
  }
  const int sent = ::sendmmsg(socket_.get(), heads.data(), static_cast<unsigned>(count), MSG_DONTWAIT);
  if (sent > 0) return static_cast<std::size_t>(sent);
  if (errno == EINTR) return send_batch(trains);
  if (trains.front().size > trains.front().segment && errno != EAGAIN && errno != EWOULDBLOCK) {
    // Not every kernel and device can cut trains of datagrams.
    segments_ = false;
    send_one_by_one(trains.front());
  } else {
    ++unsent_;
  }
  return 1;
}

void UdpSocket::send_one_by_one(const Train& train) {
  for (std::size_t at = 0; at < train.size; at += train.segment) {
    const Train one{train.offset + at, std::min(train.segment, train.size - at), train.segment, train.path};
    send_batch({&one, 1});
  }
}

}  // namespace whirl::net
