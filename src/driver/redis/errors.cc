#include "driver/redis/errors.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>

#include "base/clock.h"
#include "base/log.h"

namespace whirl::driver::redis {
namespace {

constexpr std::int64_t kLogEveryMs = 5000;

constexpr auto kKnown = std::to_array<KnownError>({
    {"WRONGPASS", "the user or password is wrong: see the options user and password"},
    {"NOAUTH", "the server wants a password: set the option password"},
    {"NOPERM", "the user's ACL does not allow this command, key or channel"},
    {"ERR invalid password", "the password is wrong: see the option password"},
    {"ERR AUTH", "the server has no password, but one is configured: unset the option password"},
    {"ERR Client sent AUTH", "the server has no password, but one is configured: unset the option password"},
    {"ERR DB index",
     "the server has no database of this number: see the option db, or databases in redis.conf"},
    {"ERR invalid DB index", "the server has no database of this number: see the option db"},
    {"ERR SELECT is not allowed", "a Redis Cluster has database 0 only: unset the option db"},
    {"ERR max number of clients", "the server takes no more connections: raise its maxclients"},
    {"OOM", "the server has no memory left: raise its maxmemory or let it evict keys"},
    {"READONLY",
     "the server is a replica now, and writes go to the master only; the master is looked for anew"},
    {"MASTERDOWN", "the replica has lost its master"},
    {"NOREPLICAS", "too few replicas are connected for the server's min-replicas-to-write"},
    {"MISCONF", "the server cannot save to disk, and refuses writes: see its log and its disk"},
    {"LOADING", "the server is still loading its data"},
    {"BUSY", "a script runs for too long, and the server does nothing else"},
    {"UNKILLABLE", "a script runs for too long, and the server does nothing else"},
    {"ERR Error running script", "a script failed; was it killed by SCRIPT KILL?"},
    {"ERR Error compiling script", "the server does not understand the script: is it too old?"},
    {"MOVED", "the server belongs to a Redis Cluster: use cluster_address or redis+cluster://"},
    {"CROSSSLOT", "keys of different slots in one command; this is a mistake in Whirl"},
    {"CLUSTERDOWN", "the Cluster does not serve all slots: see CLUSTER INFO on its nodes"},
    {"TRYAGAIN", "the Cluster is moving the slot"},
    {"ERR This instance has cluster support disabled",
     "the server is no Redis Cluster: use address instead of cluster_address"},
    {"ERR Unknown Redis command called from script",
     "the server is too old for this command of a script, see the options of the section"},
    {"ERR unknown command", "the server is too old for this command, or it is renamed"},
});

}  // namespace

const KnownError* known_error(std::string_view text) {
  for (const KnownError& known : kKnown) {
    if (text.starts_with(known.prefix)) return &known;
  }
  // Scripts wrap the errors of their commands from version 7 on: "OOM command … script: …" stays in front,
  // but older ones have it in the middle.
  if (text.find("Script killed") != text.npos) return known_error("ERR Error running script");
  return nullptr;
}

std::string explained(std::string_view text) {
  const KnownError* known = known_error(text);
  return known ? fmt::format("{} ({})", text, known->meaning) : std::string(text);
}

void log_server_error(std::string_view shard, std::string_view text) {
  thread_local std::array<std::int64_t, kKnown.size() + 1> last_ms{};
  const KnownError* known = known_error(text);
  std::int64_t& last = last_ms[known ? static_cast<std::size_t>(known - kKnown.data()) : kKnown.size()];
  const std::int64_t now = monotonic_ms();
  if (last != 0 && now - last < kLogEveryMs) return;
  last = now;
  log::error("Redis refuses a command",
             {{"shard", shard}, {"error", text}, {"meaning", known ? known->meaning : std::string_view()}});
}

}  // namespace whirl::driver::redis
