#pragma once
#include <ngtcp2/ngtcp2.h>
#include <ngtcp2/ngtcp2_crypto.h>

#include <memory>
#include <string>
#include <vector>

#include "base/indexed_list.h"
#include "http/h3/connection_id.h"
#include "http/h3/credentials.h"
#include "http/h3/quic_streams.h"
#include "http/h3/session.h"
#include "net/loop.h"
#include "net/udp_socket.h"

namespace whirl::http::h3 {

class QuicServer;

struct FreeQuic {
  void operator()(ngtcp2_conn* connection) const { ngtcp2_conn_del(connection); }
};

/// One client's QUIC connection with the HTTP/3 session in it; owned by its server, on the server's loop.
/// Ends by an error or the idle timeout, or when either side closes it; then it stays for a moment, without
/// its session, to answer packets that are still under way.
class QuicConnection final : public QuicStreams, private net::Timer, private net::TurnEnd {
 public:
  /// How it begins: the client's first packet, and what its token proved.
  struct Beginning {
    const ngtcp2_pkt_hd& head;
    const net::UdpPath& path;
    const ngtcp2_cid* original_id = nullptr;  ///< of the client's very first packet, if a Retry came between
  };

  QuicConnection(QuicServer& server, std::shared_ptr<const Credentials> credentials);
  ~QuicConnection() override;
  /// False if there is no memory for it; then it can only be destroyed.
  bool begin(const Beginning& beginning);

  void on_packet(std::span<const std::uint8_t> bytes, const net::UdpPath& path);
  void shutdown();

  std::optional<std::int64_t> open_uni_stream() override;
  void consumed(std::int64_t stream, std::size_t bytes) override;
  void reset(std::int64_t stream, std::uint64_t code) override;
  void stop_reading(std::int64_t stream, std::uint64_t code) override;
  void keep_alive(bool on) override;
  void flush_later() override;
  void close(std::uint64_t code, std::string_view reason) override;
  std::string peer_address() const override;

 private:
  friend class QuicServer;
  friend class IndexedList<QuicConnection>;
  friend struct QuicCallbacks;
  enum class State : std::uint8_t { alive, closing, draining };
  class Train;

  /// A new id of ours, and the token that a stateless reset of it is known by.
  bool make_id(ngtcp2_cid& id, std::uint8_t* token);
  void add_id(const ngtcp2_cid& id);
  void remove_id(const ngtcp2_cid& id);
  bool begin_session();
  void handshake_completed();
  void on_timer() override;
  void on_turn_end() override;
  void flush();
  /// Bytes of the next packet; 0: nothing is to be sent, or may be sent now; negative: it failed.
  ngtcp2_ssize write_packet(std::uint8_t* out, std::size_t size, ngtcp2_path_storage& path,
                            std::uint64_t now);
  void arm_timer();
  void failed(int error);
  void close_with(const ngtcp2_ccerr& error);
  void end(State state);

  QuicServer& server_;
  std::shared_ptr<const Credentials> credentials_;
  TlsSession tls_;
  ngtcp2_crypto_conn_ref reference_{};
  std::unique_ptr<ngtcp2_conn, FreeQuic> quic_;
  std::unique_ptr<Session> session_;
  std::vector<ConnectionId> ids_;
  std::string farewell_;  // the packet that said that it is over
  ngtcp2_ccerr close_error_{};
  std::string close_reason_;
  std::uint32_t packets_after_end_ = 0;
  std::size_t index_ = 0;  // in the server's list
  State state_ = State::alive;
  bool in_handshake_ = true;
  bool close_asked_ = false;
};

}  // namespace whirl::http::h3
