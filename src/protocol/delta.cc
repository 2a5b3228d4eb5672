#include "protocol/delta.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "base/json_text.h"

namespace whirl::protocol {
namespace {

constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";
constexpr std::size_t kBlock = 16;           // the source is indexed in blocks of this many bytes
constexpr std::size_t kMaxCandidates = 250;  // blocks of one hash that are tried for one place of the target
constexpr std::int32_t kNone = -1;

void append_number(std::string& out, std::uint32_t value) {
  char digits[6];
  char* at = digits + sizeof digits;
  do {
    *--at = kDigits[value & 63];
    value >>= 6;
  } while (value > 0);
  out.append(at, digits + sizeof digits);
}

std::size_t number_size(std::size_t value) {
  std::size_t size = 1;
  while (value >>= 6) ++size;
  return size;
}

/// The sum of the text as big-endian words, the last one filled up with zeros.
std::uint32_t checksum(std::string_view text) {
  std::uint32_t sum = 0;
  std::size_t i = 0;
  auto byte = [&](std::size_t at) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at]));
  };
  for (; i + 4 <= text.size(); i += 4)
    sum += byte(i) << 24 | byte(i + 1) << 16 | byte(i + 2) << 8 | byte(i + 3);
  for (std::uint32_t shift = 24; i < text.size(); ++i, shift -= 8) sum += byte(i) << shift;
  return sum;
}

bool is_utf8_tail(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

/// The hash of a window of kBlock bytes that moves over a text one byte at a time.
class RollingHash {
 public:
  explicit RollingHash(const char* window) {
    for (std::size_t i = 0; i < kBlock; ++i) {
      auto c = byte(window[i]);
      a_ = static_cast<std::uint16_t>(a_ + c);
      b_ = static_cast<std::uint16_t>(b_ + (kBlock - i) * c);
    }
  }

  void roll(char out, char in) {
    a_ = static_cast<std::uint16_t>(a_ - byte(out) + byte(in));
    b_ = static_cast<std::uint16_t>(b_ - kBlock * byte(out) + a_);
  }

  std::uint32_t value() const { return std::uint32_t{a_} | std::uint32_t{b_} << 16; }

 private:
  static std::uint16_t byte(char c) { return static_cast<unsigned char>(c); }

  std::uint16_t a_ = 0;
  std::uint16_t b_ = 0;
};

/// The blocks of a source by their hash: `first` has the last block of each slot, `next` leads to the ones
/// before it.
struct BlockIndex {
  std::vector<std::int32_t> first;
  std::vector<std::int32_t> next;

  void build(std::string_view source) {
    std::size_t blocks = source.size() / kBlock;
    first.assign(blocks, kNone);
    next.assign(blocks, kNone);
    for (std::size_t at = 0; at + kBlock < source.size(); at += kBlock) {
      std::int32_t& slot = first[RollingHash(source.data() + at).value() % blocks];
      next[at / kBlock] = slot;
      slot = static_cast<std::int32_t>(at / kBlock);
    }
  }

  std::int32_t find(std::uint32_t hash) const { return first[hash % first.size()]; }
};

struct Copy {
  std::size_t from = 0;    // in the source
  std::size_t to = 0;      // in the target
  std::size_t length = 0;  // 0: there is none
};

/// One delta in the making: insertions and copies are appended as the target is walked.
class DeltaWriter {
 public:
  DeltaWriter(std::string& out, std::string_view source, std::string_view target, DeltaText text)
      : out_(out), source_(source), target_(target), text_(text) {}

  void write(const BlockIndex& index) {
    head();
    while (done_ + kBlock < target_.size()) {
      Copy copy = next_copy(index);
      if (copy.length == 0) break;
      insert(copy.to);
      append_number(out_, static_cast<std::uint32_t>(copy.length));
      out_ += '@';
      append_number(out_, static_cast<std::uint32_t>(copy.from));
      out_ += ',';
      done_ += copy.length;
    }
    tail();
  }

  /// For a source that is too short to copy from.
  void write_insertion() {
    head();
    tail();
  }

 private:
  void head() {
    append_number(out_, static_cast<std::uint32_t>(target_.size()));
    out_ += '\n';
  }

  void insert(std::size_t until) {
    if (until == done_) return;
    append_number(out_, static_cast<std::uint32_t>(until - done_));
    out_ += ':';
    out_.append(target_.substr(done_, until - done_));
    done_ = until;
  }

  void tail() {
    insert(target_.size());
    append_number(out_, checksum(target_));
    out_ += ';';
  }

  /// The best copy for the first place of the rest of the target that any copy is worth its bytes for.
  Copy next_copy(const BlockIndex& index) const {
    RollingHash hash(target_.data() + done_);
    for (std::size_t at = done_;; ++at) {
      Copy best;
      std::int32_t block = index.find(hash.value());
      for (std::size_t tried = 1; block != kNone && tried < kMaxCandidates; ++tried) {
        Copy copy = grown(static_cast<std::size_t>(block) * kBlock, at);
        if (copy.length > best.length && pays(copy)) best = copy;
        block = index.next[static_cast<std::size_t>(block)];
      }
      if (best.length > 0 || at + kBlock >= target_.size()) return best;
      hash.roll(target_[at], target_[at + kBlock]);
    }
  }

  bool pays(const Copy& copy) const {
    std::size_t cost = number_size(copy.to - done_) + number_size(copy.length) + number_size(copy.from) + 3;
    return copy.length >= cost;
  }

  /// The longest stretch around these places that is the same in both texts.
  Copy grown(std::size_t from, std::size_t to) const {
    std::size_t ahead = 0;
    std::size_t limit = std::min(source_.size() - from, target_.size() - to);
    while (ahead < limit && source_[from + ahead] == target_[to + ahead]) ++ahead;
    std::size_t back = 0;
    limit = std::min(from, to - done_);
    while (back < limit && source_[from - back - 1] == target_[to - back - 1]) ++back;
    Copy copy{from - back, to - back, ahead + back};
    return text_ == DeltaText::utf8 ? at_characters(copy) : copy;
  }

  /// The copy without the parts of characters at its ends. Both texts are the same inside it, so the target
  /// tells.
  Copy at_characters(Copy copy) const {
    while (copy.length > 0 && is_utf8_tail(target_[copy.to])) {
      ++copy.from;
      ++copy.to;
      --copy.length;
    }
    auto cuts = [&] {
      return copy.to + copy.length < target_.size() && is_utf8_tail(target_[copy.to + copy.length]);
    };
    while (copy.length > 0 && cuts()) --copy.length;
    return copy;
  }

  std::string& out_;
  std::string_view source_;
  std::string_view target_;
  DeltaText text_;
  std::size_t done_ = 0;  // this much of the target is in the delta
};

constexpr std::array<std::int8_t, 256> kDigitValues = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    values[static_cast<unsigned char>(kDigits[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}();

/// Takes a number, which may have no digits, off the front; false above 32 bits.
bool take_number(std::string_view& in, std::uint64_t& out) {
  for (out = 0; !in.empty(); in.remove_prefix(1)) {
    std::int8_t digit = kDigitValues[static_cast<unsigned char>(in[0])];
    if (digit < 0) break;
    out = out << 6 | static_cast<std::uint64_t>(digit);
    if (out > UINT32_MAX) return false;
  }
  return true;
}

bool take_char(std::string_view& in, char& out) {
  if (in.empty()) return false;
  out = in[0];
  in.remove_prefix(1);
  return true;
}

}  // namespace

void append_fossil_delta(std::string& out, std::string_view source, std::string_view target, DeltaText text) {
  DeltaWriter writer(out, source, target, text);
  if (source.size() <= kBlock) return writer.write_insertion();
  thread_local BlockIndex index;
  index.build(source);
  writer.write(index);
}

Result<std::string> apply_fossil_delta(std::string_view source, std::string_view delta,
                                       std::size_t max_size) {
  std::uint64_t size, count, offset;
  char c;
  if (!take_number(delta, size) || !take_char(delta, c) || c != '\n')
    return fail("delta: no size at its start");
  if (size > max_size) return fail("delta: the result would have {} bytes, {} are allowed", size, max_size);
  std::string out;
  while (take_number(delta, count) && take_char(delta, c)) {
    if (c == ';') {
      if (out.size() != size) return fail("delta: makes {} bytes instead of {}", out.size(), size);
      if (count != checksum(out)) return fail("delta: wrong checksum");
      return out;
    }
    if (count > size - out.size()) return fail("delta: makes more than {} bytes", size);
    if (c == ':') {
      if (count > delta.size()) return fail("delta: insertion is cut short");
      out.append(delta.substr(0, count));
      delta.remove_prefix(count);
    } else if (c == '@') {
      if (!take_number(delta, offset) || !take_char(delta, c) || c != ',')
        return fail("delta: malformed copy");
      if (offset > source.size() || count > source.size() - offset)
        return fail("delta: copies beyond the source");
      out.append(source.substr(offset, count));
    } else {
      return fail("delta: unknown command");
    }
  }
  return fail("delta: is cut short");
}

bool append_delta_data(std::string& out, Encoding encoding, std::string_view previous,
                       std::string_view payload) {
  bool json = encoding == Encoding::json;
  thread_local std::string delta;
  delta.clear();
  append_fossil_delta(delta, previous, payload, json ? DeltaText::utf8 : DeltaText::bytes);
  bool shorter = delta.size() < payload.size();
  append_full_data(out, encoding, shorter ? std::string_view(delta) : payload);
  return shorter;
}

void append_full_data(std::string& out, Encoding encoding, std::string_view payload) {
  if (encoding == Encoding::json) {
    append_json_string(out, payload);
  } else {
    out.append(payload);
  }
}

}  // namespace whirl::protocol
