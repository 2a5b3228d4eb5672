#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;

namespace whirl::transport::websocket {

/// Takes apart the messages that clients compress with permessage-deflate without context takeover, so one
/// serves all connections of a loop. Holds its 40 KiB from the first message on.
class Inflater {
 public:
  enum class Outcome { ok, malformed, too_big };

  Inflater();
  ~Inflater();

  /// Puts the message into `out` in place of what is there. Never makes more than `max_size` bytes, whatever
  /// the payload says.
  Outcome inflate(std::string_view payload, std::size_t max_size, std::string& out);

 private:
  struct End {
    void operator()(z_stream_s* stream) const;
  };
  std::unique_ptr<z_stream_s, End> stream_;
};

}  // namespace whirl::transport::websocket
