#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace whirl::http::h3 {

/// A number as QUIC writes it, and the bytes that it takes.
struct Varint {
  std::uint64_t value = 0;
  std::size_t size = 0;
};
inline constexpr std::size_t kMaxVarint = 8;

/// Reads the number at the front; nothing if more bytes are needed.
std::optional<Varint> read_varint(std::string_view bytes);
/// Values are below 2^62.
void append_varint(std::string& out, std::uint64_t value);

// What streams and settings of WebTransport are known by.
inline constexpr std::uint64_t kWebTransportStream = 0x41;         ///< begins a bidirectional stream
inline constexpr std::uint64_t kSettingWebTransport = 0x2b603742;  ///< draft 02: 1
inline constexpr std::uint64_t kSettingMaxSessions = 0xc671706a;   ///< drafts 07 and later: how many

/// The first bytes of our control stream (its type, then a SETTINGS frame) with more settings in the frame.
/// Nothing if the bytes are not that.
struct Setting {
  std::uint64_t id;
  std::uint64_t value;
};
std::optional<std::string> with_settings(std::string_view control_stream,
                                         std::initializer_list<Setting> more);

/// The capsule that ends a WebTransport session.
std::string close_capsule(std::uint32_t code, std::string_view reason);

/// Reads the capsules that a client sends on the stream of its CONNECT request, of which only the end of the
/// session says something to us; others are skipped.
class CapsuleReader {
 public:
  enum class State : std::uint8_t { open, closed, malformed };
  State feed(std::string_view bytes);

  // Of the client's end, once it is closed.
  std::uint32_t code() const { return code_; }
  const std::string& reason() const { return reason_; }

  static constexpr std::size_t kMaxReason = 1024;

 private:
  State read_head();
  State read_close();

  std::string kept_;  // a head, or a capsule that is of interest, which is not complete
  std::uint64_t skip_ = 0;
  std::uint64_t body_ = 0;
  bool in_close_ = false;
  std::uint32_t code_ = 0;
  std::string reason_;
};

}  // namespace whirl::http::h3
