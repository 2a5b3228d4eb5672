#include "transport/websocket/inflater.h"

#include <zlib.h>

#include <algorithm>

#include "base/check.h"

namespace whirl::transport::websocket {
namespace {

constexpr int kRawWindowBits = -15;
constexpr std::size_t kFirstRoom = 1024;
/// The mark that senders leave out (RFC 7692, 7.2.2), and an empty last block: only a whole message leads up
/// to the stream's end.
constexpr std::string_view kEnd("\x00\x00\xff\xff\x01\x00\x00\xff\xff", 9);

}  // namespace

void Inflater::End::operator()(z_stream_s* stream) const {
  ::inflateEnd(stream);
  delete stream;
}

Inflater::Inflater() = default;
Inflater::~Inflater() = default;

Inflater::Outcome Inflater::inflate(std::string_view payload, std::size_t max_size, std::string& out) {
  if (!stream_) {
    auto made = std::make_unique<z_stream>();
    WHIRL_CHECK(::inflateInit2(made.get(), kRawWindowBits) == Z_OK);
    stream_.reset(made.release());
  }
  WHIRL_CHECK(::inflateReset(stream_.get()) == Z_OK);
  out.clear();
  // One byte more than allowed tells a message that is too big from one that just fits.
  const std::size_t room = max_size + 1;
  for (std::string_view bytes : {payload, kEnd}) {
    stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_->avail_in = static_cast<uInt>(bytes.size());
    do {
      const std::size_t used = out.size();
      if (used == room) return Outcome::too_big;
      out.resize(std::min(room, std::max({kFirstRoom, 2 * used, 4 * bytes.size()})));
      stream_->next_out = reinterpret_cast<Bytef*>(out.data() + used);
      stream_->avail_out = static_cast<uInt>(out.size() - used);
      const int result = ::inflate(stream_.get(), Z_NO_FLUSH);
      out.resize(out.size() - stream_->avail_out);
      if (result == Z_STREAM_END) return out.size() > max_size ? Outcome::too_big : Outcome::ok;
      if (result != Z_OK && result != Z_BUF_ERROR) return Outcome::malformed;
    } while (stream_->avail_out == 0);
  }
  return Outcome::malformed;
}

}  // namespace whirl::transport::websocket
