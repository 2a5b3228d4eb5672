#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "http/request.h"

namespace whirl::http {

/// Collects the body of one request, of known length or chunked, from pieces of the connection's bytes. Chunk
/// extensions and trailers are skipped; both have a bound.
class BodyDecoder {
 public:
  enum class State { more, done, too_large, malformed };
  static constexpr std::size_t kMaxLine = 4096;       ///< of a chunk's head or a trailer
  static constexpr std::size_t kMaxTrailers = 16384;  ///< all trailer lines together

  /// A body of more than `limit` bytes is too large.
  BodyDecoder(const Request& request, std::uint64_t limit);

  /// Takes the bytes that belong to the body and returns how many; those after it are left alone.
  std::size_t feed(std::string_view bytes);
  State state() const { return state_; }
  std::string& body() { return body_; }

 private:
  enum class Part { length, data, data_end, trailer };

  std::size_t feed_line(std::string_view bytes);
  void line_complete();
  void chunk_length(std::string_view line);
  void data_complete();

  std::string body_;
  std::string line_;  // an incomplete line
  std::uint64_t limit_;
  std::uint64_t missing_ = 0;  // bytes of the body or of the chunk
  std::size_t trailers_ = 0;
  Part part_ = Part::data;
  State state_ = State::more;
  bool chunked_;
};

}  // namespace whirl::http
