#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "net/acceptor.h"
#include "net/fd.h"
#include "net/loop.h"
#include "net/socket_address.h"

namespace whirl::net {

/// Between which addresses a datagram goes. The local one matters where a machine has several: an answer has
/// to leave from the address that was asked.
struct UdpPath {
  SocketAddress local;
  SocketAddress peer;
};

/// Gets the datagrams of a socket, on its loop.
class DatagramHandler {
 public:
  /// The bytes are valid during the call.
  virtual void on_datagram(std::span<const std::uint8_t> bytes, const UdpPath& path) = 0;

 protected:
  ~DatagramHandler() = default;
};

/// Takes datagrams that are to be sent.
class DatagramSender {
 public:
  /// Copies the bytes, which are one datagram or several of `segment` bytes each (the last may be shorter).
  virtual void send_datagrams(std::span<const std::uint8_t> bytes, std::size_t segment,
                              const UdpPath& path) = 0;

 protected:
  ~DatagramSender() = default;
};

/// Opens `count` UDP sockets on one address, one for each loop: the kernel gives all datagrams of a client's
/// address and port to the same one. Errors say the address and what to do.
Result<std::vector<Fd>> open_udp(const ListenAddress& address, int count);

/// A UDP socket on one loop. Reads and writes many datagrams with one system call; what a turn sends leaves
/// at the end of the turn. What the kernel does not take is lost, as anything may be lost on its way: the
/// protocol above notices and sends it again. Owned by whoever serves the port.
class UdpSocket final : public DatagramSender, private IoHandler, private TurnEnd {
 public:
  UdpSocket(Loop& loop, Fd socket, DatagramHandler& handler);
  ~UdpSocket() override;

  void send_datagrams(std::span<const std::uint8_t> bytes, std::size_t segment, const UdpPath& path) override;
  /// Sends what is queued and takes no more datagrams.
  void close();
  int port() const { return local_.port(); }
  /// Datagrams (or trains of them) that the kernel did not take.
  std::uint64_t unsent() const { return unsent_; }

 private:
  struct Train {
    std::size_t offset;
    std::size_t size;
    std::size_t segment;
    UdpPath path;
  };
  struct Message;

  void on_io(std::uint32_t events) override;
  void on_turn_end() override { flush(); }
  std::size_t receive_batch();
  void flush();
  std::size_t send_batch(std::span<const Train> trains);
  void send_one_by_one(const Train& train);

  Loop& loop_;
  Fd socket_;
  DatagramHandler& handler_;
  SocketAddress local_;
  std::vector<std::uint8_t> bytes_;  // of the trains that wait for the end of the turn
  std::vector<Train> trains_;
  std::uint64_t unsent_ = 0;
  bool segments_ = true;  // the kernel cuts trains itself
};

}  // namespace whirl::net
