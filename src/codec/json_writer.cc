#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "base/json_text.h"
#include "codec/erased.h"
#include "codec/json.h"
#include "codec/json_scan.h"

namespace whirl::codec {
namespace {

template <class T>
void append_number(std::string& out, T value) {
  char digits[32];
  auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));
}

void append_without_newlines(std::string& out, std::string_view json) {
  while (!json.empty()) {
    std::size_t newline = std::min(json.find('\n'), json.size());
    out.append(json.substr(0, newline));
    json.remove_prefix(std::min(newline + 1, json.size()));
  }
}

class JsonWriter {
 public:
  JsonWriter(std::string& out, RawStyle raw) : out_(out), raw_(raw) {}

  void message(const Table& table, const void* in) {
    out_ += '{';
    bool first = true;
    for (const FieldInfo& info : table.fields) {
      if (!info.always && is_default(info, in)) continue;
      if (!first) out_ += ',';
      first = false;
      out_ += '"';
      out_.append(info.name);
      out_.append("\":", 2);
      field(info, in);
    }
    out_ += '}';
  }

 private:
  static bool is_default(const FieldInfo& info, const void* in) {
    switch (info.kind) {
      case Kind::boolean:
        return !member<bool>(in, info.offset);
      case Kind::uint32:
      case Kind::int32:
        return member<std::uint32_t>(in, info.offset) == 0;
      case Kind::uint64:
      case Kind::int64:
      case Kind::sint64:
        return member<std::uint64_t>(in, info.offset) == 0;
      case Kind::real:
        return member<double>(in, info.offset) == 0;
      case Kind::text:
      case Kind::raw:
        return member<std::string_view>(in, info.offset).empty();
      case Kind::message:
        return pointer_of(in, info.offset) == nullptr;
      case Kind::list:
      case Kind::map:
        return list_of(in, info).count == 0;
    }
    return true;
  }

  void field(const FieldInfo& info, const void* in) {
    switch (info.kind) {
      case Kind::boolean:
        out_.append(member<bool>(in, info.offset) ? "true" : "false");
        break;
      case Kind::uint32:
        append_number(out_, member<std::uint32_t>(in, info.offset));
        break;
      case Kind::int32:
        append_number(out_, member<std::int32_t>(in, info.offset));
        break;
      case Kind::uint64:
        append_number(out_, member<std::uint64_t>(in, info.offset));
        break;
      case Kind::int64:
      case Kind::sint64:
        append_number(out_, member<std::int64_t>(in, info.offset));
        break;
      case Kind::real:
        real(member<double>(in, info.offset));
        break;
      case Kind::text:
        append_json_string(out_, member<std::string_view>(in, info.offset));
        break;
      case Kind::raw:
        raw(member<Raw>(in, info.offset));
        break;
      case Kind::message:
        pointed_at(info, pointer_of(in, info.offset));
        break;
      case Kind::list:
        list(info, list_of(in, info));
        break;
      case Kind::map:
        map(info, list_of(in, info));
        break;
    }
  }

  void pointed_at(const FieldInfo& info, const void* sub) {
    if (sub) {
      message(info.sub(), sub);
    } else {
      out_.append("null", 4);
    }
  }

  void item(const FieldInfo& info, const char* value) {
    if (info.element == Kind::text) {
      append_json_string(out_, *reinterpret_cast<const std::string_view*>(value));
    } else if (info.element == Kind::real) {
      real(*reinterpret_cast<const double*>(value));
    } else {
      pointed_at(info, info.pointers ? pointer_of(value, 0) : value);
    }
  }

  void list(const FieldInfo& info, ErasedList list) {
    out_ += '[';
    for (std::size_t i = 0; i < list.count; ++i) {
      if (i > 0) out_ += ',';
      item(info, list.items + i * info.item_size);
    }
    out_ += ']';
  }

  void map(const FieldInfo& info, ErasedList map) {
    out_ += '{';
    for (std::size_t i = 0; i < map.count; ++i) {
      if (i > 0) out_ += ',';
      const char* entry = map.items + i * info.item_size;
      append_json_string(out_, *reinterpret_cast<const std::string_view*>(entry));
      out_ += ':';
      item(info, item_value(entry, info));
    }
    out_ += '}';
  }

  void raw(Raw value) {
    if (value.bytes.empty()) {
      out_.append("null", 4);
    } else if (raw_ == RawStyle::compact) {
      append_compact_json(out_, value.bytes);
    } else {
      append_without_newlines(out_, value.bytes);
    }
  }

  /// JSON has no word for what is not finite.
  void real(double value) { append_number(out_, std::isfinite(value) ? value : 0); }

  std::string& out_;
  RawStyle raw_;
};

}  // namespace

void append_compact_json(std::string& out, std::string_view json) {
  const char* at = json.data();
  const char* end = at + json.size();
  while (at != end) {
    const char* start = at;
    while (at != end && !is_json_space(*at)) {
      const char* quote = *at == '"' ? skip_json_string(at + 1, end) : at;
      at = quote ? quote + 1 : end;
    }
    out.append(start, static_cast<std::size_t>(at - start));
    at = skip_json_spaces(at, end);
  }
}

void detail::encode_json(const Table& table, const void* message, std::string& out, RawStyle raw) {
  JsonWriter(out, raw).message(table, message);
}

}  // namespace whirl::codec
