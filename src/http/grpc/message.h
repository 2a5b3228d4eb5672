#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace whirl::http::grpc {

/// Puts the messages of a call together from the pieces of a body: each has five bytes before it, a flag for
/// compression and the length. Keeps no buffer between messages.
class MessageReader {
 public:
  enum class Event { more, message, too_large, malformed };
  static constexpr std::size_t kHeadSize = 5;

  /// `most`: bytes of a message, as it comes.
  explicit MessageReader(std::size_t most) : most_(most) {}

  /// Takes bytes off the front up to the end of a message. What is not more or a message is the end.
  Event next(std::string_view& bytes);
  /// The message that next() told of, to be taken out.
  std::string take() { return std::exchange(message_, {}); }
  bool compressed() const { return compressed_; }
  /// Some, but not all of a message came.
  bool inside() const { return head_size_ > 0; }

 private:
  const std::size_t most_;
  unsigned char head_[kHeadSize] = {};
  std::size_t head_size_ = 0;
  std::size_t size_ = 0;
  std::string message_;
  bool compressed_ = false;
};

/// Appends the message with its head.
void append_message(std::string& out, std::string_view message, bool compressed = false);

std::string gzip(std::string_view bytes);
enum class Inflated { ok, malformed, too_large };
/// Appends what is compressed to `out`, if that is at most `most` bytes.
Inflated gunzip(std::string_view bytes, std::size_t most, std::string& out);

}  // namespace whirl::http::grpc
