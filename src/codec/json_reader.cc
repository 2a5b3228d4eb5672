#include <charconv>
#include <cstdint>
#include <cstring>
#include <limits>

#include "base/utf8.h"
#include "codec/erased.h"
#include "codec/json.h"
#include "codec/json_scan.h"
#include "codec/json_string.h"

namespace whirl::codec {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool equal_in_any_case(std::string_view a, std::string_view b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

const FieldInfo* find_field(const Table& table, std::string_view key) {
  for (const FieldInfo& field : table.fields) {
    if (field.name == key) return &field;
  }
  for (const FieldInfo& field : table.fields) {
    if (field.name.size() == key.size() && equal_in_any_case(field.name, key)) return &field;
  }
  return nullptr;
}

/// One decode: a position in the text that moves forward, and why it stopped. Functions return false after a
/// failure.
class JsonReader {
 public:
  JsonReader(std::string_view in, Arena& arena)
      : begin_(in.data()), at_(in.data()), end_(in.data() + in.size()), arena_(arena) {}

  bool message(const Table& table, void* out, std::size_t depth);

  /// Over spaces to the next character; false at the end of the text.
  bool to_value() {
    at_ = skip_json_spaces(at_, end_);
    return at_ != end_ || failed("unexpected end of JSON");
  }

  std::size_t consumed() const { return static_cast<std::size_t>(at_ - begin_); }
  const char* problem() const { return problem_; }

 private:
  bool failed(const char* problem) {
    problem_ = problem;
    return false;
  }

  bool take(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  bool take_word(std::string_view word) {
    if (static_cast<std::size_t>(end_ - at_) < word.size() ||
        std::memcmp(at_, word.data(), word.size()) != 0) {
      return false;
    }
    at_ += word.size();
    return true;
  }

  bool key(std::string_view& out);
  bool next_member(bool& more, bool first, char close);
  bool text(std::string_view& out);
  bool raw(Raw& out);
  bool boolean(bool& out);
  bool real(double& out);
  bool digits(std::uint64_t limit, std::uint64_t& out);
  template <class T>
  bool integer(T& out);
  bool field(const FieldInfo& info, void* owner, std::size_t depth);
  bool sub_message(const FieldInfo& info, void* owner, std::size_t depth);
  bool item(const FieldInfo& info, char* item, std::size_t depth);
  bool list(const FieldInfo& info, void* owner, std::size_t depth);
  bool map(const FieldInfo& info, void* owner, std::size_t depth);

  const char* begin_;
  const char* at_;
  const char* end_;
  Arena& arena_;
  const char* problem_ = "malformed JSON";
};

/// Before a member of an object or array: over the comma, or over the closing bracket, which ends the loop.
bool JsonReader::next_member(bool& more, bool first, char close) {
  if (!to_value()) return false;
  more = !take(close);
  if (!more || first) return true;
  if (!take(',')) return failed("expected a comma or the end of an object or array");
  return to_value();
}

bool JsonReader::key(std::string_view& out) {
  if (at_ == end_ || *at_ != '"') return failed("expected a key");
  if (!text(out) || !to_value()) return false;
  if (!take(':')) return failed("expected a colon after a key");
  return to_value();
}

bool JsonReader::message(const Table& table, void* out, std::size_t depth) {
  if (depth > kMaxMessageDepth) return failed("messages nest too deep");
  if (take_word("null")) return true;
  if (!take('{')) return failed("expected an object");
  for (bool first = true;; first = false) {
    bool more;
    std::string_view name;
    if (!next_member(more, first, '}')) return false;
    if (!more) return true;
    if (!key(name)) return false;
    const FieldInfo* info = find_field(table, name);
    if (info) {
      if (!field(*info, out, depth)) return false;
    } else if (Raw skipped; !raw(skipped)) {
      return false;
    }
  }
}

bool JsonReader::field(const FieldInfo& info, void* owner, std::size_t depth) {
  switch (info.kind) {
    case Kind::boolean:
      return boolean(member<bool>(owner, info.offset));
    case Kind::uint32:
      return integer(member<std::uint32_t>(owner, info.offset));
    case Kind::int32:
      return integer(member<std::int32_t>(owner, info.offset));
    case Kind::uint64:
      return integer(member<std::uint64_t>(owner, info.offset));
    case Kind::int64:
    case Kind::sint64:
      return integer(member<std::int64_t>(owner, info.offset));
    case Kind::real:
      return real(member<double>(owner, info.offset));
    case Kind::text:
      return text(member<std::string_view>(owner, info.offset));
    case Kind::raw:
      return raw(member<Raw>(owner, info.offset));
    case Kind::message:
      return sub_message(info, owner, depth);
    case Kind::list:
      return list(info, owner, depth);
    case Kind::map:
      return map(info, owner, depth);
  }
  return false;
}

bool JsonReader::sub_message(const FieldInfo& info, void* owner, std::size_t depth) {
  if (take_word("null")) {
    set_pointer(owner, info.offset, nullptr);
    return true;
  }
  const Table& sub = info.sub();
  return message(sub, message_to_merge(owner, info, sub, arena_), depth + 1);
}

bool JsonReader::item(const FieldInfo& info, char* item, std::size_t depth) {
  char* value = item_value(item, info);
  if (info.element == Kind::text) return text(*reinterpret_cast<std::string_view*>(value));
  if (info.element == Kind::real) return real(*reinterpret_cast<double*>(value));
  const Table& sub = info.sub();
  if (!info.pointers) return message(sub, value, depth + 1);
  if (take_word("null")) return true;
  void* element = new_message(sub, arena_);
  set_pointer(value, 0, element);
  return message(sub, element, depth + 1);
}

bool JsonReader::list(const FieldInfo& info, void* owner, std::size_t depth) {
  ErasedList list{nullptr, 0};
  if (!take_word("null")) {
    if (!take('[')) return failed("expected an array");
    for (bool more = true, first = true;; first = false) {
      if (!next_member(more, first, ']')) return false;
      if (!more) break;
      if (!item(info, append_item(list, info, arena_), depth)) return false;
    }
  }
  set_list(owner, info, list);
  return true;
}

bool JsonReader::map(const FieldInfo& info, void* owner, std::size_t depth) {
  ErasedList list{nullptr, 0};
  if (!take_word("null")) {
    list = list_of(owner, info);
    if (!take('{')) return failed("expected an object");
    for (bool more = true, first = true;; first = false) {
      std::string_view name;
      if (!next_member(more, first, '}')) return false;
      if (!more) break;
      if (!key(name)) return false;
      char* entry = append_item(list, info, arena_);
      *reinterpret_cast<std::string_view*>(entry) = name;
      if (!item(info, entry, depth)) return false;
    }
    keep_last_of_each_key(list, info, arena_);
  }
  set_list(owner, info, list);
  return true;
}

bool JsonReader::text(std::string_view& out) {
  if (take_word("null")) return true;
  if (!take('"')) return failed("expected a string");
  const char* quote = skip_json_string(at_, end_);
  if (!quote) return failed("malformed string");
  std::string_view inside(at_, static_cast<std::size_t>(quote - at_));
  at_ = quote + 1;
  out = json_string_value(inside, arena_);
  return true;
}

bool JsonReader::raw(Raw& out) {
  const char* stop = skip_json_value(at_, end_);
  if (!stop) return failed("malformed value");
  out.bytes = {at_, static_cast<std::size_t>(stop - at_)};
  at_ = stop;
  return true;
}

bool JsonReader::boolean(bool& out) {
  if (take_word("null")) return true;
  if (take_word("true")) {
    out = true;
    return true;
  }
  if (!take_word("false")) return failed("expected true or false");
  out = false;
  return true;
}

bool JsonReader::real(double& out) {
  if (take_word("null")) return true;
  const char* stop = skip_json_number(at_, end_);
  if (!stop) return failed("expected a number");
  if (std::from_chars(at_, stop, out).ec != std::errc()) return failed("number out of range");
  at_ = stop;
  return true;
}

/// Digits that make a number up to `limit`, and nothing of a fraction or exponent after them.
bool JsonReader::digits(std::uint64_t limit, std::uint64_t& out) {
  const char* first = at_;
  for (out = 0; at_ != end_ && *at_ >= '0' && *at_ <= '9'; ++at_) {
    auto digit = static_cast<std::uint64_t>(*at_ - '0');
    if (out > (limit - digit) / 10) return failed("number out of range");
    out = out * 10 + digit;
  }
  if (at_ == first) return failed("expected a number");
  if (*first == '0' && at_ - first > 1) return failed("number with a leading zero");
  if (at_ != end_ && (*at_ == '.' || *at_ == 'e' || *at_ == 'E')) return failed("expected a whole number");
  return true;
}

template <class T>
bool JsonReader::integer(T& out) {
  if (take_word("null")) return true;
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
  bool negative = std::is_signed_v<T> && take('-');
  std::uint64_t value;
  if (!digits(negative ? kMax + 1 : kMax, value)) return false;
  out = static_cast<T>(negative ? 0 - value : value);
  return true;
}

}  // namespace

Result<std::size_t> detail::decode_json(const Table& table, std::string_view in, void* message,
                                        Arena& arena) {
  JsonReader reader(in, arena);
  if (!reader.to_value() || !reader.message(table, message, 1)) {
    return fail("{} at byte {}", reader.problem(), reader.consumed());
  }
  return reader.consumed();
}

}  // namespace whirl::codec
