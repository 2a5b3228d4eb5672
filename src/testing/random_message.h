#pragma once
#include <iterator>
#include <random>
#include <string>
#include <string_view>

#include "codec/arena.h"
#include "codec/erased.h"
#include "codec/schema.h"

namespace whirl::testing {

/// Fills messages of any type with random values, for round-trip tests. Payloads are valid JSON without
/// spaces, text is UTF-8, keys of maps differ. What it makes lives in the arena.
class RandomMessage {
 public:
  RandomMessage(unsigned seed, codec::Arena& arena) : random_(seed), arena_(arena) {}

  template <class M>
  M make() {
    M out;
    fill(codec::table<M>(), &out, 0);
    return out;
  }

  std::size_t below(std::size_t limit) { return random_() % limit; }

 private:
  static constexpr std::size_t kMaxDepth = 4;

  void fill(const codec::Table& table, void* message, std::size_t depth) {
    for (const codec::FieldInfo& field : table.fields) {
      if (below(3) > 0) fill_field(field, message, depth);
    }
  }

  void fill_field(const codec::FieldInfo& field, void* message, std::size_t depth) {
    using codec::Kind;
    using codec::member;
    switch (field.kind) {
      case Kind::boolean:
        member<bool>(message, field.offset) = true;
        return;
      case Kind::uint32:
      case Kind::int32:
        member<std::uint32_t>(message, field.offset) = static_cast<std::uint32_t>(number());
        return;
      case Kind::uint64:
      case Kind::int64:
      case Kind::sint64:
        member<std::uint64_t>(message, field.offset) = number();
        return;
      case Kind::real:
        member<double>(message, field.offset) = real();
        return;
      case Kind::text:
        member<std::string_view>(message, field.offset) = text();
        return;
      case Kind::raw:
        member<codec::Raw>(message, field.offset) = {json()};
        return;
      case Kind::message:
        if (depth < kMaxDepth) codec::set_pointer(message, field.offset, sub_message(field, depth));
        return;
      case Kind::list:
      case Kind::map:
        fill_list(field, message, depth);
        return;
    }
  }

  void fill_list(const codec::FieldInfo& field, void* message, std::size_t depth) {
    if (field.sub && depth >= kMaxDepth) return;
    codec::ErasedList list{nullptr, 0};
    for (std::size_t n = below(7); n > 0; --n) {
      char* item = append_item(list, field, arena_);
      if (field.kind == codec::Kind::map) *reinterpret_cast<std::string_view*>(item) = key(n);
      fill_item(field, codec::item_value(item, field), depth);
    }
    set_list(message, field, list);
  }

  void fill_item(const codec::FieldInfo& field, char* value, std::size_t depth) {
    if (field.element == codec::Kind::text) {
      *reinterpret_cast<std::string_view*>(value) = text();
    } else if (field.element == codec::Kind::real) {
      *reinterpret_cast<double*>(value) = real();
    } else if (field.pointers) {
      codec::set_pointer(value, 0, sub_message(field, depth));
    } else {
      fill(field.sub(), value, depth + 1);
    }
  }

  void* sub_message(const codec::FieldInfo& field, std::size_t depth) {
    void* sub = codec::new_message(field.sub(), arena_);
    fill(field.sub(), sub, depth + 1);
    return sub;
  }

  std::uint64_t number() { return random_() >> below(64); }
  double real() { return static_cast<double>(static_cast<std::int64_t>(random_())) / 1024; }

  std::string_view text() {
    static constexpr std::string_view kPieces[] = {"",     "a", "channel:", "\"",   "\\",        "\n",
                                                   "\x01", "é", "🚀",        "</b>", "0123456789"};
    std::string out;
    for (std::size_t n = below(12); n > 0; --n) out += kPieces[below(std::size(kPieces))];
    return arena_.copy(out);
  }

  std::string_view json() {
    static constexpr std::string_view kValues[] = {"null",     "{}",     "[1,2,{\"a\":\"\\n\"}]",
                                                   "\"text\"", "-1.5e3", "true"};
    return kValues[below(std::size(kValues))];
  }

  std::string_view key(std::size_t n) {
    std::string out(text());
    return arena_.copy(out + std::to_string(n));
  }

  std::mt19937_64 random_;
  codec::Arena& arena_;
};

}  // namespace whirl::testing
