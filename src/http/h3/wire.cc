#include "http/h3/wire.h"

#include <algorithm>

namespace whirl::http::h3 {
namespace {

constexpr std::uint64_t kControlStream = 0x00;
constexpr std::uint64_t kSettingsFrame = 0x04;
constexpr std::uint64_t kCloseSession = 0x2843;
constexpr std::size_t kCodeSize = 4;

/// Takes the number off the front.
std::optional<std::uint64_t> take_varint(std::string_view& bytes) {
  auto number = read_varint(bytes);
  if (!number) return std::nullopt;
  bytes.remove_prefix(number->size);
  return number->value;
}

}  // namespace

std::optional<Varint> read_varint(std::string_view bytes) {
  if (bytes.empty()) return std::nullopt;
  const auto first = static_cast<unsigned char>(bytes.front());
  const std::size_t size = std::size_t{1} << (first >> 6);
  if (bytes.size() < size) return std::nullopt;
  std::uint64_t value = first & 0x3f;
  for (std::size_t i = 1; i < size; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return Varint{value, size};
}

void append_varint(std::string& out, std::uint64_t value) {
  const int power = value < 0x40 ? 0 : value < 0x4000 ? 1 : value < 0x4000'0000 ? 2 : 3;
  const int size = 1 << power;
  for (int i = size - 1; i >= 0; --i) {
    auto byte = static_cast<unsigned char>(value >> (8 * i));
    if (i == size - 1) byte = static_cast<unsigned char>(byte | power << 6);
    out.push_back(static_cast<char>(byte));
  }
}

std::optional<std::string> with_settings(std::string_view control_stream,
                                         std::initializer_list<Setting> more) {
  std::string_view rest = control_stream;
  auto type = take_varint(rest);
  auto frame = take_varint(rest);
  auto size = take_varint(rest);
  if (type != kControlStream || frame != kSettingsFrame || !size || *size > rest.size()) return std::nullopt;
  std::string payload(rest.substr(0, static_cast<std::size_t>(*size)));
  for (const Setting& setting : more) {
    append_varint(payload, setting.id);
    append_varint(payload, setting.value);
  }
  std::string out;
  append_varint(out, kControlStream);
  append_varint(out, kSettingsFrame);
  append_varint(out, payload.size());
  out += payload;
  return out += rest.substr(static_cast<std::size_t>(*size));
}

std::string close_capsule(std::uint32_t code, std::string_view reason) {
  reason = reason.substr(0, CapsuleReader::kMaxReason);
  std::string out;
  append_varint(out, kCloseSession);
  append_varint(out, kCodeSize + reason.size());
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(code >> shift));
  return out += reason;
}

CapsuleReader::State CapsuleReader::feed(std::string_view bytes) {
  State state = State::open;
  while (state == State::open && !bytes.empty()) {
    if (skip_ > 0) {
      const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, bytes.size()));
      bytes.remove_prefix(step);
      skip_ -= step;
      continue;
    }
    // A byte at a time: capsules are rare, and few bytes.
    kept_.push_back(bytes.front());
    bytes.remove_prefix(1);
    state = in_close_ ? read_close() : read_head();
  }
  return state;
}

CapsuleReader::State CapsuleReader::read_head() {
  std::string_view rest = kept_;
  auto type = take_varint(rest);
  auto size = type ? take_varint(rest) : std::nullopt;
  if (!size) return State::open;
  kept_.clear();
  if (*type != kCloseSession) {
    skip_ = *size;
    return State::open;
  }
  if (*size < kCodeSize || *size > kCodeSize + kMaxReason) return State::malformed;
  body_ = *size;
  in_close_ = true;
  return State::open;
}

CapsuleReader::State CapsuleReader::read_close() {
  if (kept_.size() < body_) return State::open;
  for (std::size_t i = 0; i < kCodeSize; ++i) code_ = code_ << 8 | static_cast<unsigned char>(kept_[i]);
  reason_ = kept_.substr(kCodeSize);
  return State::closed;
}

}  // namespace whirl::http::h3
