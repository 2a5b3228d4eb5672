// A module that teaches HEXPIRE to a Redis older than 7.4, as far as presence uses it: HEXPIRE key seconds
// FIELDS 1 field. A field goes when its time is over; setting the time again replaces it. Loaded by
// redis-server in tests only. The few functions of the module API that it takes are declared here, as Debian
// has no package of that header.
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace {

struct Context;
struct String;
struct Reply;
using Command = int (*)(Context*, String**, int);
using OnTimer = void (*)(Context*, void*);

constexpr int kOk = 0;
constexpr int kError = 1;
constexpr int kApiVersion = 1;

int (*set_attributes)(Context*, const char* name, int version, int api);
int (*create_command)(Context*, const char* name, Command, const char* flags, int first, int last, int step);
int (*string_to_number)(const String*, long long* out);
const char* (*string_bytes)(const String*, std::size_t* size);
Reply* (*call)(Context*, const char* command, const char* format, ...);
void (*free_reply)(Reply*);
int (*reply_with_array)(Context*, long size);
int (*reply_with_number)(Context*, long long);
int (*reply_with_error)(Context*, const char*);
int (*wrong_arity)(Context*);
std::uint64_t (*create_timer)(Context*, long long ms, OnTimer, void* data);

using Field = std::pair<std::string, std::string>;  // key, field
std::map<Field, std::uint64_t> timers;              // the last one of each

struct Pending {
  Field field;
  std::uint64_t timer;
};

std::string text_of(const String* string) {
  std::size_t size = 0;
  const char* bytes = string_bytes(string, &size);
  return {bytes, size};
}

void on_timer(Context* context, void* data) {
  auto* pending = static_cast<Pending*>(data);
  const auto last = timers.find(pending->field);
  if (last != timers.end() && last->second == pending->timer) {
    const auto& [key, field] = pending->field;
    free_reply(call(context, "HDEL", "bb", key.data(), key.size(), field.data(), field.size()));
    timers.erase(last);
  }
  delete pending;
}

int hexpire(Context* context, String** words, int count) {
  long long seconds = 0;
  if (count != 6) return wrong_arity(context);
  if (string_to_number(words[2], &seconds) != kOk || text_of(words[3]) != "FIELDS" ||
      text_of(words[4]) != "1") {
    return reply_with_error(context, "ERR syntax error");
  }
  auto* pending = new Pending{{text_of(words[1]), text_of(words[5])}, 0};
  pending->timer = create_timer(context, seconds * 1000, on_timer, pending);
  timers[pending->field] = pending->timer;
  reply_with_array(context, 1);
  return reply_with_number(context, 1);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int RedisModule_OnLoad(Context* context, String**, int) {
  using GetApi = int (*)(const char* name, void* target);
  const auto get = reinterpret_cast<GetApi>(*reinterpret_cast<void**>(context));
  const std::pair<const char*, void*> wanted[] = {{"RedisModule_SetModuleAttribs", &set_attributes},
                                                  {"RedisModule_CreateCommand", &create_command},
                                                  {"RedisModule_StringToLongLong", &string_to_number},
                                                  {"RedisModule_StringPtrLen", &string_bytes},
                                                  {"RedisModule_Call", &call},
                                                  {"RedisModule_FreeCallReply", &free_reply},
                                                  {"RedisModule_ReplyWithArray", &reply_with_array},
                                                  {"RedisModule_ReplyWithLongLong", &reply_with_number},
                                                  {"RedisModule_ReplyWithError", &reply_with_error},
                                                  {"RedisModule_WrongArity", &wrong_arity},
                                                  {"RedisModule_CreateTimer", &create_timer}};
  for (const auto& [name, target] : wanted) {
    if (get(name, target) != kOk) return kError;
  }
  set_attributes(context, "hexpire", 1, kApiVersion);
  return create_command(context, "hexpire", hexpire, "write", 1, 1, 1);
}
