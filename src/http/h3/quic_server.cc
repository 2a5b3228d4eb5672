#include "http/h3/quic_server.h"

#include <ngtcp2/ngtcp2_crypto.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/ids.h"
#include "base/log.h"
#include "http/h3/quic_connection.h"

namespace whirl::http::h3 {
namespace {

constexpr std::size_t kMinInitialId = 8;  // bytes of the id that a client makes up
constexpr std::uint64_t kTokenLife = 10 * NGTCP2_SECONDS;
constexpr int kResetsPerSecond = 100;
constexpr std::size_t kPacketRoom = NGTCP2_MAX_UDP_PAYLOAD_SIZE;

ngtcp2_cid cid_of(const ConnectionId& id) {
  ngtcp2_cid out;
  ngtcp2_cid_init(&out, id.data(), id.size());
  return out;
}

bool is_long(std::span<const std::uint8_t> packet) {
  return (packet.front() & 0x80) != 0;
}

}  // namespace

QuicServer::QuicServer(net::Loop& loop, QuicPort& port, std::shared_ptr<const Credentials> credentials,
                       MakeSession make_session, QuicLimits limits)
    : loop_(loop),
      port_(port),
      credentials_(std::move(credentials)),
      make_session_(std::move(make_session)),
      limits_(limits),
      buffer_(new std::uint8_t[kBufferSize]) {
  port_.join(loop_.index(), this);
}

QuicServer::~QuicServer() {
  connections_.clear();
  port_.join(loop_.index(), nullptr);
}

void QuicServer::on_datagram(std::span<const std::uint8_t> bytes, const net::UdpPath& path) {
  dispatch(bytes, path, true);
}

void QuicServer::on_passed_on(std::span<const std::uint8_t> bytes, const net::UdpPath& path) {
  dispatch(bytes, path, false);
}

void QuicServer::dispatch(std::span<const std::uint8_t> bytes, const net::UdpPath& path, bool may_pass_on) {
  if (bytes.empty()) return;
  ngtcp2_version_cid names;
  const int error = ngtcp2_pkt_decode_version_cid(&names, bytes.data(), bytes.size(), ConnectionId::kSize);
  if (error == NGTCP2_ERR_VERSION_NEGOTIATION) return offer_versions(names, path);
  if (error != 0) return;
  const ConnectionId id(std::span(names.dcid, names.dcidlen));
  if (auto found = by_id_.find(id); found != by_id_.end()) return found->second->on_packet(bytes, path);
  if (is_long(bytes)) return begin(bytes, path);
  const std::optional<int> loop = id.loop();
  const bool elsewhere = may_pass_on && loop && *loop != loop_.index();
  if (elsewhere && port_.pass_on(*loop, bytes, path)) return;
  reset_unknown(id, bytes.size(), path);
}

void QuicServer::begin(std::span<const std::uint8_t> bytes, const net::UdpPath& path) {
  ngtcp2_pkt_hd head;
  if (closing_ || ngtcp2_accept(&head, bytes.data(), bytes.size()) != 0) return;
  if (head.dcid.datalen < kMinInitialId) return;
  if (alive_ >= limits_.connections || in_handshake_ >= limits_.handshakes) {
    return log::debug("no more QUIC connections are taken", {{"connections", alive_}});
  }
  ngtcp2_cid original;
  bool proven = false;
  if (head.tokenlen > 0 && head.token[0] == NGTCP2_CRYPTO_TOKEN_MAGIC_RETRY2) {
    const QuicPort::Secret& secret = port_.token_secret();
    proven = ngtcp2_crypto_verify_retry_token2(&original, head.token, head.tokenlen, secret.data(),
                                               secret.size(), head.version, path.peer.get(), path.peer.size(),
                                               &head.dcid, kTokenLife, now_ns()) == 0;
    if (!proven) return refuse_token(head, path);
  }
  if (!proven && in_handshake_ >= limits_.free_handshakes) return demand_proof(head, path);

  auto owned = std::make_unique<QuicConnection>(*this, credentials_);
  QuicConnection& connection = *owned;
  ++alive_;
  ++in_handshake_;
  if (!connection.begin({head, path, proven ? &original : nullptr})) return;
  connections_.add(std::move(owned));
  connection.on_packet(bytes, path);
}

void QuicServer::offer_versions(const ngtcp2_version_cid& asked, const net::UdpPath& path) {
  std::array<std::uint8_t, kPacketRoom> packet;
  const std::uint32_t versions[] = {NGTCP2_PROTO_VER_V1, NGTCP2_PROTO_VER_V2};
  std::uint8_t unused = 0;
  random_bytes(&unused, 1);
  const ngtcp2_ssize size =
      ngtcp2_pkt_write_version_negotiation(packet.data(), packet.size(), unused, asked.scid, asked.scidlen,
                                           asked.dcid, asked.dcidlen, versions, std::size(versions));
  if (size > 0) send({packet.data(), static_cast<std::size_t>(size)}, path);
}

void QuicServer::demand_proof(const ngtcp2_pkt_hd& head, const net::UdpPath& path) {
  std::array<std::uint8_t, NGTCP2_CRYPTO_MAX_RETRY_TOKENLEN2> token;
  std::array<std::uint8_t, kPacketRoom> packet;
  const ngtcp2_cid id = cid_of(ConnectionId::make(loop_.index()));
  const QuicPort::Secret& secret = port_.token_secret();
  const ngtcp2_ssize token_size =
      ngtcp2_crypto_generate_retry_token2(token.data(), secret.data(), secret.size(), head.version,
                                          path.peer.get(), path.peer.size(), &id, &head.dcid, now_ns());
  if (token_size < 0) return;
  const ngtcp2_ssize size =
      ngtcp2_crypto_write_retry(packet.data(), packet.size(), head.version, &head.scid, &id, &head.dcid,
                                token.data(), static_cast<std::size_t>(token_size));
  if (size > 0) send({packet.data(), static_cast<std::size_t>(size)}, path);
}

void QuicServer::refuse_token(const ngtcp2_pkt_hd& head, const net::UdpPath& path) {
  std::array<std::uint8_t, kPacketRoom> packet;
  const ngtcp2_ssize size = ngtcp2_crypto_write_connection_close(
      packet.data(), packet.size(), head.version, &head.scid, &head.dcid, NGTCP2_INVALID_TOKEN, nullptr, 0);
  if (size > 0) send({packet.data(), static_cast<std::size_t>(size)}, path);
}

// The client of a connection that is gone learns so at once, instead of by its timeout. The answer is smaller
// than the packet, so that two servers cannot go on answering each other.
void QuicServer::reset_unknown(const ConnectionId& id, std::size_t packet_size, const net::UdpPath& path) {
  constexpr std::size_t kLeast = NGTCP2_MIN_STATELESS_RESET_RANDLEN + NGTCP2_STATELESS_RESET_TOKENLEN;
  if (packet_size <= kLeast || id.loop() != loop_.index()) return;
  if (loop_.now_ms() - resets_at_ms_ >= 1000) {
    resets_at_ms_ = loop_.now_ms();
    resets_ = 0;
  }
  if (++resets_ > kResetsPerSecond) return;
  const ngtcp2_cid cid = cid_of(id);
  const QuicPort::Secret& secret = port_.reset_secret();
  std::array<std::uint8_t, NGTCP2_STATELESS_RESET_TOKENLEN> token;
  if (ngtcp2_crypto_generate_stateless_reset_token(token.data(), secret.data(), secret.size(), &cid) != 0)
    return;
  std::array<std::uint8_t, NGTCP2_MIN_STATELESS_RESET_RANDLEN + 16> random;
  random_bytes(random.data(), random.size());
  const std::size_t random_size = std::min(random.size(), packet_size - 1 - NGTCP2_STATELESS_RESET_TOKENLEN);
  std::array<std::uint8_t, kPacketRoom> packet;
  const ngtcp2_ssize size = ngtcp2_pkt_write_stateless_reset(packet.data(), packet.size(), token.data(),
                                                             random.data(), random_size);
  if (size > 0) send({packet.data(), static_cast<std::size_t>(size)}, path);
}

void QuicServer::send(std::span<const std::uint8_t> bytes, const net::UdpPath& path) {
  sender_->send_datagrams(bytes, bytes.size(), path);
}

void QuicServer::add_id(const ConnectionId& id, QuicConnection& connection) {
  by_id_[id] = &connection;
}

void QuicServer::remove(QuicConnection& connection) {
  std::unique_ptr<QuicConnection> removed = connections_.take(connection);
  if (removed->state_ == QuicConnection::State::alive) removed->end(QuicConnection::State::draining);
  for (const ConnectionId& id : std::exchange(removed->ids_, {})) remove_id(id);
  removed->cancel();
  loop_.destroy_later(std::move(removed));
}

void QuicServer::shutdown() {
  closing_ = true;
  connections_.for_each([](QuicConnection& connection) { connection.shutdown(); });
}

// A clock that stands still in tests does so here too; otherwise milliseconds would be too coarse to tell how
// long a packet was under way.
std::uint64_t QuicServer::now_ns() const {
  if (&loop_.clock() != &system_clock()) {
    return static_cast<std::uint64_t>(loop_.clock().monotonic_ms()) * NGTCP2_MILLISECONDS;
  }
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * NGTCP2_SECONDS + static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace whirl::http::h3
