#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>

#include "base/indexed_list.h"
#include "http/h3/connection_id.h"
#include "http/h3/credentials.h"
#include "http/h3/quic_port.h"
#include "http/h3/session.h"
#include "net/loop.h"
#include "net/udp_socket.h"

struct ngtcp2_pkt_hd;
struct ngtcp2_version_cid;

namespace whirl::http::h3 {

class QuicConnection;

struct QuicLimits {
  std::size_t connections = 100'000;  ///< of one loop; packets of more are dropped
  /// So many connections may be in their handshake before a client has to prove its address first, which
  /// costs it a round trip (a Retry packet), …
  std::size_t free_handshakes = 256;
  /// … and so many at all; packets of more are dropped.
  std::size_t handshakes = 4096;
  std::int64_t idle_timeout_ms = 30'000;
  /// A connection with requests under way asks the client for a sign of life after so much silence.
  std::int64_t keep_alive_ms = 26'000;
  std::int64_t handshake_timeout_ms = 10'000;
};

/// The QUIC connections of one port on one loop: gives each packet to the connection that it names, makes new
/// ones for new clients, and asks them to prove their address when many come at once. Owned by the app beside
/// the loop; connections that are left at its end vanish without a word.
class QuicServer final : public net::DatagramHandler {
 public:
  using MakeSession = std::function<std::unique_ptr<Session>(QuicStreams&)>;

  QuicServer(net::Loop& loop, QuicPort& port, std::shared_ptr<const Credentials> credentials,
             MakeSession make_session, QuicLimits limits = {});
  ~QuicServer();

  /// Where packets are sent; before the first one comes.
  void send_through(net::DatagramSender& sender) { sender_ = &sender; }
  /// For connections that begin from now on.
  void use(std::shared_ptr<const Credentials> credentials) { credentials_ = std::move(credentials); }
  void on_datagram(std::span<const std::uint8_t> bytes, const net::UdpPath& path) override;
  /// Likewise, from the server of another loop.
  void on_passed_on(std::span<const std::uint8_t> bytes, const net::UdpPath& path);

  /// Takes no more connections; those that are there end when they have nothing left to do.
  void shutdown();
  /// Those that are not over yet.
  std::size_t connections() const { return alive_; }

 private:
  friend class QuicConnection;

  void dispatch(std::span<const std::uint8_t> bytes, const net::UdpPath& path, bool may_pass_on);
  void begin(std::span<const std::uint8_t> bytes, const net::UdpPath& path);
  void offer_versions(const ngtcp2_version_cid& asked, const net::UdpPath& path);
  void demand_proof(const ngtcp2_pkt_hd& head, const net::UdpPath& path);
  void refuse_token(const ngtcp2_pkt_hd& head, const net::UdpPath& path);
  void reset_unknown(const ConnectionId& id, std::size_t packet_size, const net::UdpPath& path);
  void send(std::span<const std::uint8_t> bytes, const net::UdpPath& path);

  // For connections.
  void add_id(const ConnectionId& id, QuicConnection& connection);
  void remove_id(const ConnectionId& id) { by_id_.erase(id); }
  void handshake_ended() { --in_handshake_; }
  void life_ended() { --alive_; }
  void remove(QuicConnection& connection);
  std::uint64_t now_ns() const;

  /// Room for the packets that a connection sends at a time.
  static constexpr std::size_t kBufferSize = 64 * 1024;

  net::Loop& loop_;
  QuicPort& port_;
  std::shared_ptr<const Credentials> credentials_;
  MakeSession make_session_;
  QuicLimits limits_;
  net::DatagramSender* sender_ = nullptr;
  std::unordered_map<ConnectionId, QuicConnection*, ConnectionIdHash> by_id_;
  IndexedList<QuicConnection> connections_;
  std::size_t alive_ = 0;
  std::size_t in_handshake_ = 0;
  bool closing_ = false;
  std::int64_t resets_at_ms_ = 0;  // when resets_ was last begun
  int resets_ = 0;
  std::unique_ptr<std::uint8_t[]> buffer_;
};

}  // namespace whirl::http::h3
