#include <bit>
#include <cstdint>
#include <cstring>

#include "codec/erased.h"
#include "codec/protobuf.h"
#include "codec/wire.h"

namespace whirl::codec {
namespace {

std::size_t varint_size(std::uint64_t value) {
  return value == 0 ? 1 : (static_cast<std::size_t>(std::bit_width(value)) + 6) / 7;
}

char* put_varint(char* to, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) *to++ = static_cast<char>(value | 0x80);
  *to++ = static_cast<char>(value);
  return to;
}

class ProtobufWriter {
 public:
  explicit ProtobufWriter(std::string& out) : out_(out) {}

  void message(const Table& table, const void* in) {
    for (const FieldInfo& info : table.fields) field(info, in);
  }

 private:
  void tag(std::uint32_t number, Wire wire) {
    append_varint(out_, std::uint64_t{number} << 3 | static_cast<std::uint64_t>(wire));
  }

  void varint(std::uint32_t number, std::uint64_t value) {
    if (value == 0) return;
    tag(number, Wire::varint);
    append_varint(out_, value);
  }

  void bytes(std::uint32_t number, std::string_view value) { append_field(out_, number, value); }

  void bits(std::uint32_t number, double value) {
    tag(number, Wire::fixed64);
    auto word = std::bit_cast<std::uint64_t>(value);
    for (int i = 0; i < 8; ++i) out_ += static_cast<char>(word >> (8 * i));
  }

  /// Writes what `body` writes with its length before it. One byte is kept for the length and more are made
  /// when it turns out to be longer, so that nothing is measured twice.
  template <class Body>
  void delimited(std::uint32_t number, Body body) {
    tag(number, Wire::bytes);
    std::size_t at = out_.size();
    out_ += '\0';
    body();
    std::size_t length = out_.size() - at - 1;
    if (std::size_t extra = varint_size(length) - 1; extra > 0) out_.insert(at, extra, '\0');
    put_varint(out_.data() + at, length);
  }

  void sub_message(const FieldInfo& info, std::uint32_t number, const void* sub) {
    delimited(number, [&] {
      if (sub) message(info.sub(), sub);
    });
  }

  void field(const FieldInfo& info, const void* in) {
    switch (info.kind) {
      case Kind::boolean:
        return varint(info.number, member<bool>(in, info.offset));
      case Kind::uint32:
        return varint(info.number, member<std::uint32_t>(in, info.offset));
      case Kind::int32:
        return varint(info.number, widened(member<std::int32_t>(in, info.offset)));
      case Kind::uint64:
      case Kind::int64:
        return varint(info.number, member<std::uint64_t>(in, info.offset));
      case Kind::sint64:
        return varint(info.number, zigzag(member<std::int64_t>(in, info.offset)));
      case Kind::real: {
        double value = member<double>(in, info.offset);
        if (std::bit_cast<std::uint64_t>(value) != 0) bits(info.number, value);
        return;
      }
      case Kind::text:
      case Kind::raw: {
        auto value = member<std::string_view>(in, info.offset);
        if (!value.empty()) bytes(info.number, value);
        return;
      }
      case Kind::message: {
        auto* sub = pointer_of(in, info.offset);
        if (sub) sub_message(info, info.number, sub);
        return;
      }
      case Kind::list:
      case Kind::map:
        return items(info, list_of(in, info));
    }
  }

  void items(const FieldInfo& info, ErasedList list) {
    for (std::size_t i = 0; i < list.count; ++i) {
      const char* at = list.items + i * info.item_size;
      if (info.kind == Kind::list) {
        item(info, info.number, at);
      } else {
        delimited(info.number, [&] {
          bytes(kMapKey, *reinterpret_cast<const std::string_view*>(at));
          item(info, kMapValue, item_value(at, info));
        });
      }
    }
  }

  void item(const FieldInfo& info, std::uint32_t number, const char* value) {
    if (info.element == Kind::text) {
      bytes(number, *reinterpret_cast<const std::string_view*>(value));
    } else if (info.element == Kind::real) {
      bits(number, *reinterpret_cast<const double*>(value));
    } else {
      sub_message(info, number, info.pointers ? pointer_of(value, 0) : value);
    }
  }

  static std::uint64_t widened(std::int32_t value) { return static_cast<std::uint64_t>(std::int64_t{value}); }
  static std::uint64_t zigzag(std::int64_t value) {
    return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
  }

  std::string& out_;
};

}  // namespace

void append_varint(std::string& out, std::uint64_t value) {
  if (value < 0x80) {
    out += static_cast<char>(value);
    return;
  }
  char buffer[10];
  out.append(buffer, static_cast<std::size_t>(put_varint(buffer, value) - buffer));
}

void append_field(std::string& out, std::uint32_t number, std::string_view bytes) {
  append_varint(out, std::uint64_t{number} << 3 | static_cast<std::uint64_t>(Wire::bytes));
  append_varint(out, bytes.size());
  out += bytes;
}

void detail::encode_protobuf(const Table& table, const void* message, std::string& out) {
  ProtobufWriter(out).message(table, message);
}

}  // namespace whirl::codec
