#include "http/grpc/message.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace whirl::http::grpc {
namespace {

constexpr int kGzipWindow = 15 + 16;  // 16: with the header of gzip
constexpr std::size_t kPiece = 16 * 1024;

Bytef* bytes_of(std::string_view text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

}  // namespace

MessageReader::Event MessageReader::next(std::string_view& bytes) {
  const std::size_t of_head = std::min(kHeadSize - head_size_, bytes.size());
  std::memcpy(head_ + head_size_, bytes.data(), of_head);
  head_size_ += of_head;
  bytes.remove_prefix(of_head);
  if (head_size_ < kHeadSize) return Event::more;
  if (head_[0] > 1) return Event::malformed;
  compressed_ = head_[0] == 1;
  size_ = 0;
  for (std::size_t i = 1; i < kHeadSize; ++i) size_ = size_ << 8 | head_[i];
  if (size_ > most_) return Event::too_large;
  const std::size_t of_message = std::min(size_ - message_.size(), bytes.size());
  message_.append(bytes.substr(0, of_message));
  bytes.remove_prefix(of_message);
  if (message_.size() < size_) return Event::more;
  head_size_ = 0;
  return Event::message;
}

void append_message(std::string& out, std::string_view message, bool compressed) {
  out += static_cast<char>(compressed);
  for (int shift : {24, 16, 8, 0}) out += static_cast<char>(message.size() >> shift);
  out += message;
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  WHIRL_CHECK(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) ==
              Z_OK);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = bytes_of(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = bytes_of(out);
  stream.avail_out = static_cast<uInt>(out.size());
  WHIRL_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

Inflated gunzip(std::string_view bytes, std::size_t most, std::string& out) {
  z_stream stream{};
  WHIRL_CHECK(inflateInit2(&stream, kGzipWindow) == Z_OK);
  stream.next_in = bytes_of(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  char piece[kPiece];
  int result = Z_OK;
  while (result == Z_OK && stream.total_out <= most) {
    stream.next_out = reinterpret_cast<Bytef*>(piece);
    stream.avail_out = kPiece;
    result = inflate(&stream, Z_NO_FLUSH);
    out.append(piece, kPiece - stream.avail_out);
  }
  const bool fits = stream.total_out <= most;
  inflateEnd(&stream);
  if (!fits) return Inflated::too_large;
  return result == Z_STREAM_END ? Inflated::ok : Inflated::malformed;
}

}  // namespace whirl::http::grpc
