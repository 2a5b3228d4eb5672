#include "http/body_decoder.h"

#include <algorithm>
#include <charconv>

namespace whirl::http {

BodyDecoder::BodyDecoder(const Request& request, std::uint64_t limit)
    : limit_(limit), chunked_(request.chunked) {
  if (chunked_) {
    part_ = Part::length;
    return;
  }
  missing_ = request.content_length;
  if (missing_ > limit_) state_ = State::too_large;
  if (missing_ == 0) state_ = State::done;
}

std::size_t BodyDecoder::feed(std::string_view bytes) {
  std::size_t used = 0;
  while (state_ == State::more && used < bytes.size()) {
    std::string_view rest = bytes.substr(used);
    if (part_ == Part::data) {
      auto size = static_cast<std::size_t>(std::min<std::uint64_t>(missing_, rest.size()));
      body_.append(rest.substr(0, size));
      missing_ -= size;
      used += size;
      if (missing_ == 0) data_complete();
    } else {
      used += feed_line(rest);
    }
  }
  return used;
}

void BodyDecoder::data_complete() {
  if (chunked_) {
    part_ = Part::data_end;
  } else {
    state_ = State::done;
  }
}

std::size_t BodyDecoder::feed_line(std::string_view bytes) {
  std::size_t end = bytes.find('\n');
  std::size_t size = end == std::string_view::npos ? bytes.size() : end + 1;
  if (line_.size() + size > kMaxLine) {
    state_ = State::malformed;
    return 0;
  }
  line_.append(bytes.substr(0, size));
  if (end != std::string_view::npos) line_complete();
  return size;
}

void BodyDecoder::line_complete() {
  std::string_view line = line_;
  line.remove_suffix(1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (part_ == Part::length) {
    chunk_length(line);
  } else if (part_ == Part::data_end) {
    if (line.empty()) {
      part_ = Part::length;
    } else {
      state_ = State::malformed;
    }
  } else if (line.empty()) {
    state_ = State::done;
  } else if ((trailers_ += line.size()) > kMaxTrailers) {
    state_ = State::malformed;
  }
  line_.clear();
}

void BodyDecoder::chunk_length(std::string_view line) {
  line = line.substr(0, line.find(';'));
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
  std::uint64_t size = 0;
  auto [at, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
  if (error != std::errc() || at != line.data() + line.size()) {
    state_ = State::malformed;
  } else if (size == 0) {
    part_ = Part::trailer;
  } else if (size > limit_ || body_.size() > limit_ - size) {
    state_ = State::too_large;
  } else {
    missing_ = size;
    part_ = Part::data;
  }
}

}  // namespace whirl::http
