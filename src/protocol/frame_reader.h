#pragma once
#include <cstddef>
#include <string_view>

#include "codec/arena.h"
#include "protocol/messages.h"
#include "protocol/variant.h"

namespace whirl::protocol {

/// Cuts a message that a client sent into its commands. JSON: one command per line, of which only the first
/// object counts; the last line may end with a newline or not. Protobuf: commands with their length before
/// them as a varint. Commands are views into the frame and the arena, good until either goes.
class FrameReader {
 public:
  enum class Next {
    command,  // `out` is the next one
    end,      // all were read
    bad,  // malformed from here on: the connection ends with "bad request"; a frame with no command is bad
  };

  FrameReader(Encoding encoding, std::string_view frame, codec::Arena& arena)
      : encoding_(encoding), rest_(frame), arena_(arena) {}

  Next next(Command& out);

  /// Bytes of the command that next() gave last, with what delimits it.
  std::size_t command_size() const { return command_size_; }

  /// What was not read yet. If it is not empty, another FrameReader can go on with it.
  std::string_view rest() const { return rest_; }

 private:
  bool cut(std::string_view& body);

  Encoding encoding_;
  bool started_ = false;
  std::string_view rest_;
  std::size_t command_size_ = 0;
  codec::Arena& arena_;
};

}  // namespace whirl::protocol
