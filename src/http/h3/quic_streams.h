#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace whirl::http::h3 {

/// What HTTP/3 asks of the QUIC connection below it.
class QuicStreams {
 public:
  virtual std::optional<std::int64_t> open_uni_stream() = 0;
  /// That many bytes of a stream were dealt with: the client may send as many more.
  virtual void consumed(std::int64_t stream, std::size_t bytes) = 0;
  /// Gives up our side of a stream, or the client's; what is under way is lost.
  virtual void reset(std::int64_t stream, std::uint64_t code) = 0;
  virtual void stop_reading(std::int64_t stream, std::uint64_t code) = 0;
  /// Whether the connection is to live on while nobody says anything.
  virtual void keep_alive(bool on) = 0;
  /// There is something to send: next_outgoing() is asked for it before the loop's turn ends.
  virtual void flush_later() = 0;
  /// Ends the connection before the turn ends, with a code of HTTP/3.
  virtual void close(std::uint64_t code, std::string_view reason) = 0;
  /// "address:port" of the client.
  virtual std::string peer_address() const = 0;

 protected:
  ~QuicStreams() = default;
};

/// Bytes of a stream that are ready to be sent; they stay where they are until they are acknowledged.
struct Outgoing {
  static constexpr std::int64_t kNone = -1;
  std::int64_t stream = kNone;
  bool last = false;  ///< the stream ends behind them
  std::span<const std::string_view> parts = {};
};

}  // namespace whirl::http::h3
