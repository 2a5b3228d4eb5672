#include <bit>
#include <cstdint>
#include <cstring>

#include "codec/erased.h"
#include "codec/json.h"
#include "codec/protobuf.h"
#include "codec/wire.h"

namespace whirl::codec {
namespace {

constexpr std::uint64_t kMaxFieldNumber = (1u << 29) - 1;

/// One decode. Functions return false after a failure, and `problem` says why.
class ProtobufReader {
 public:
  explicit ProtobufReader(Arena& arena) : arena_(arena) {}

  bool message(const Table& table, std::string_view in, void* out, std::size_t depth);
  const char* problem() const { return problem_; }

 private:
  struct Tag {
    std::uint32_t number;
    Wire wire;
  };

  bool failed(const char* problem) {
    problem_ = problem;
    return false;
  }

  bool expect(Wire actual, Wire wanted) { return actual == wanted || failed("field with another wire type"); }
  bool tag(std::string_view& in, Tag& out);
  bool varint(std::string_view& in, std::uint64_t& out) {
    return take_varint(in, out) || failed("malformed varint");
  }
  bool bytes(std::string_view& in, std::string_view& out);
  bool real(std::string_view& in, double& out);
  bool skip(std::string_view& in, Tag tag);
  bool skip_group(std::string_view& in, std::uint32_t number);
  bool field(const FieldInfo& info, Wire wire, std::string_view& in, void* owner, std::size_t depth);
  bool scalar(const FieldInfo& info, std::string_view& in, void* owner);
  bool sub_message(const FieldInfo& info, std::string_view& in, void* owner, std::size_t depth);
  bool value(const FieldInfo& info, Wire wire, std::string_view& in, char* value, std::size_t depth);
  bool list_item(const FieldInfo& info, Wire wire, std::string_view& in, void* owner, std::size_t depth);
  bool map_entry(const FieldInfo& info, std::string_view& in, void* owner, std::size_t depth);

  Arena& arena_;
  const char* problem_ = "malformed message";
};

const FieldInfo* find_field(const Table& table, std::uint32_t number) {
  for (const FieldInfo& field : table.fields) {
    if (field.number == number) return &field;
  }
  return nullptr;
}

void finish_maps(const Table& table, void* message, Arena& arena) {
  for (const FieldInfo& field : table.fields) {
    if (field.kind != Kind::map) continue;
    ErasedList map = list_of(message, field);
    keep_last_of_each_key(map, field, arena);
    set_list(message, field, map);
  }
}

bool ProtobufReader::message(const Table& table, std::string_view in, void* out, std::size_t depth) {
  if (depth > kMaxMessageDepth) return failed("messages nest too deep");
  bool maps = false;
  while (!in.empty()) {
    Tag next;
    if (!tag(in, next)) return false;
    const FieldInfo* info = find_field(table, next.number);
    if (!info) {
      if (!skip(in, next)) return false;
      continue;
    }
    maps |= info->kind == Kind::map;
    if (!field(*info, next.wire, in, out, depth)) return false;
  }
  if (maps) finish_maps(table, out, arena_);
  return true;
}

bool ProtobufReader::tag(std::string_view& in, Tag& out) {
  std::uint64_t value;
  if (!varint(in, value)) return false;
  std::uint64_t number = value >> 3;
  if (number == 0 || number > kMaxFieldNumber) return failed("field number out of range");
  out = {static_cast<std::uint32_t>(number), static_cast<Wire>(value & 7)};
  return true;
}

bool ProtobufReader::bytes(std::string_view& in, std::string_view& out) {
  std::uint64_t length;
  if (!varint(in, length)) return false;
  if (length > in.size()) return failed("length beyond the end of the message");
  out = in.substr(0, length);
  in.remove_prefix(length);
  return true;
}

bool ProtobufReader::real(std::string_view& in, double& out) {
  if (in.size() < 8) return failed("message is cut short");
  std::uint64_t word = 0;
  for (int i = 7; i >= 0; --i) word = word << 8 | static_cast<unsigned char>(in[static_cast<std::size_t>(i)]);
  out = std::bit_cast<double>(word);
  in.remove_prefix(8);
  return true;
}

bool ProtobufReader::skip(std::string_view& in, Tag tag) {
  std::uint64_t number;
  std::string_view text;
  std::size_t fixed = 0;
  switch (tag.wire) {
    case Wire::varint:
      return varint(in, number);
    case Wire::bytes:
      return bytes(in, text);
    case Wire::group_start:
      return skip_group(in, tag.number);
    case Wire::group_end:
      return failed("end of a group that has no start");
    case Wire::fixed64:
      fixed = 8;
      break;
    case Wire::fixed32:
      fixed = 4;
      break;
    default:
      return failed("unknown wire type");
  }
  if (in.size() < fixed) return failed("message is cut short");
  in.remove_prefix(fixed);
  return true;
}

/// Groups may nest; the numbers of the open ones are kept here rather than on the stack of calls.
bool ProtobufReader::skip_group(std::string_view& in, std::uint32_t number) {
  std::uint32_t open[kMaxMessageDepth];
  std::size_t depth = 0;
  open[depth++] = number;
  while (depth > 0) {
    Tag next;
    if (!tag(in, next)) return false;
    if (next.wire == Wire::group_start) {
      if (depth == kMaxMessageDepth) return failed("groups nest too deep");
      open[depth++] = next.number;
    } else if (next.wire == Wire::group_end) {
      if (open[--depth] != next.number) return failed("end of another group");
    } else if (!skip(in, next)) {
      return false;
    }
  }
  return true;
}

bool ProtobufReader::field(const FieldInfo& info, Wire wire, std::string_view& in, void* owner,
                           std::size_t depth) {
  switch (info.kind) {
    case Kind::real:
      return expect(wire, Wire::fixed64) && real(in, member<double>(owner, info.offset));
    case Kind::text:
    case Kind::raw:
      return expect(wire, Wire::bytes) && bytes(in, member<std::string_view>(owner, info.offset));
    case Kind::message:
      return expect(wire, Wire::bytes) && sub_message(info, in, owner, depth);
    case Kind::list:
      return list_item(info, wire, in, owner, depth);
    case Kind::map:
      return expect(wire, Wire::bytes) && map_entry(info, in, owner, depth);
    default:
      return expect(wire, Wire::varint) && scalar(info, in, owner);
  }
}

bool ProtobufReader::scalar(const FieldInfo& info, std::string_view& in, void* owner) {
  std::uint64_t value;
  if (!varint(in, value)) return false;
  switch (info.kind) {
    case Kind::boolean:
      member<bool>(owner, info.offset) = value != 0;
      break;
    case Kind::uint32:
    case Kind::int32:
      member<std::uint32_t>(owner, info.offset) = static_cast<std::uint32_t>(value);
      break;
    case Kind::sint64:
      value = value >> 1 ^ (0 - (value & 1));
      [[fallthrough]];
    default:
      member<std::uint64_t>(owner, info.offset) = value;
  }
  return true;
}

bool ProtobufReader::sub_message(const FieldInfo& info, std::string_view& in, void* owner,
                                 std::size_t depth) {
  std::string_view body;
  if (!bytes(in, body)) return false;
  const Table& sub = info.sub();
  return message(sub, body, message_to_merge(owner, info, sub, arena_), depth + 1);
}

/// The value of a list's item or a map's entry.
bool ProtobufReader::value(const FieldInfo& info, Wire wire, std::string_view& in, char* value,
                           std::size_t depth) {
  if (info.element == Kind::real)
    return expect(wire, Wire::fixed64) && real(in, *reinterpret_cast<double*>(value));
  std::string_view body;
  if (!expect(wire, Wire::bytes) || !bytes(in, body)) return false;
  if (info.element == Kind::text) {
    *reinterpret_cast<std::string_view*>(value) = body;
    return true;
  }
  const Table& sub = info.sub();
  if (!info.pointers) return message(sub, body, value, depth + 1);
  void* element = new_message(sub, arena_);
  set_pointer(value, 0, element);
  return message(sub, body, element, depth + 1);
}

bool ProtobufReader::list_item(const FieldInfo& info, Wire wire, std::string_view& in, void* owner,
                               std::size_t depth) {
  ErasedList list = list_of(owner, info);
  char* item = append_item(list, info, arena_);
  set_list(owner, info, list);
  return value(info, wire, in, item, depth);
}

bool ProtobufReader::map_entry(const FieldInfo& info, std::string_view& in, void* owner, std::size_t depth) {
  std::string_view body;
  if (!bytes(in, body)) return false;
  ErasedList map = list_of(owner, info);
  char* entry = append_item(map, info, arena_);
  set_list(owner, info, map);
  while (!body.empty()) {
    Tag next;
    if (!tag(body, next)) return false;
    if (next.number == kMapKey) {
      if (!expect(next.wire, Wire::bytes) || !bytes(body, *reinterpret_cast<std::string_view*>(entry)))
        return false;
    } else if (next.number == kMapValue) {
      if (!value(info, next.wire, body, item_value(entry, info), depth)) return false;
    } else if (!skip(body, next)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool take_varint(std::string_view& in, std::uint64_t& value) {
  value = 0;
  for (std::size_t i = 0; i < in.size() && i < 10; ++i) {
    auto byte = static_cast<unsigned char>(in[i]);
    value |= std::uint64_t{byte & 0x7fu} << (7 * i);
    if (byte < 0x80) {
      in.remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

Result<> detail::decode_protobuf(const Table& table, std::string_view in, void* message, Arena& arena) {
  ProtobufReader reader(arena);
  if (!reader.message(table, in, message, 1)) return fail("{}", reader.problem());
  return {};
}

}  // namespace whirl::codec
