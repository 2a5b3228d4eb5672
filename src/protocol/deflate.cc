#include "protocol/deflate.h"

#include <zlib.h>

#include <algorithm>

#include "base/check.h"

namespace whirl::protocol {
namespace {

constexpr int kRawWindowBits = -15;  // 32 KiB, without the header and checksum of zlib
constexpr int kMemoryLevel = 8;
constexpr std::size_t kFlushMark = 4;  // 00 00 ff ff, which the receiver puts back
constexpr std::size_t kMinRoom = 64;

/// zlib's compressor, made when it is first used.
class Compressor {
 public:
  ~Compressor() {
    if (level_ != 0) ::deflateEnd(&stream_);
  }

  void begin(int level) {
    if (level_ == level) {
      WHIRL_CHECK(::deflateReset(&stream_) == Z_OK);
      return;
    }
    if (level_ != 0) ::deflateEnd(&stream_);
    stream_ = {};
    WHIRL_CHECK(::deflateInit2(&stream_, level, Z_DEFLATED, kRawWindowBits, kMemoryLevel,
                               Z_DEFAULT_STRATEGY) == Z_OK);
    level_ = level;
  }

  void append(std::string& out, std::string_view bytes, int flush) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      const std::size_t used = out.size();
      out.resize(used + std::max<std::size_t>(kMinRoom, ::deflateBound(&stream_, stream_.avail_in)));
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + used);
      stream_.avail_out = static_cast<uInt>(out.size() - used);
      WHIRL_CHECK(::deflate(&stream_, flush) != Z_STREAM_ERROR);
      out.resize(out.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }

 private:
  z_stream stream_{};
  int level_ = 0;  // 0: not made yet
};

}  // namespace

void append_deflated(std::string& out, std::span<const std::string_view> parts, int level) {
  WHIRL_CHECK(level >= kMinDeflateLevel && level <= kMaxDeflateLevel);
  thread_local Compressor compressor;
  compressor.begin(level);
  for (std::string_view part : parts) compressor.append(out, part, Z_NO_FLUSH);
  compressor.append(out, {}, Z_SYNC_FLUSH);
  out.resize(out.size() - kFlushMark);
}

}  // namespace whirl::protocol
