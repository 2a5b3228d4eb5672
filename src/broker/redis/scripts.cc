#include "broker/redis/scripts.h"

#include <string>

namespace whirl::broker::redis {
namespace {

using driver::redis::Script;

// A publication without history, unless its idempotency key is known.
// KEYS: result. ARGV: payload, PUB/SUB channel, ttl of the result.
constexpr std::string_view kPublishOnce = R"lua(
local result = KEYS[1]
local payload, channel, result_ttl = ARGV[1], ARGV[2], ARGV[3]
if redis.call('hexists', result, 'e') == 1 then
  return '1'
end
redis.call('publish', channel, payload)
redis.call('hset', result, 'e', '')
redis.call('expire', result, result_ttl)
return '0'
)lua";

// What both kinds of history begin with. KEYS: history, meta, result. ARGV: payload, size, ttl, PUB/SUB
// channel, ttl of meta ('0': for ever), epoch if there is none yet, ttl of the result ('': no idempotency
// key), whether deltas are wanted, version ('0': none), epoch of the version. Answer: offset, epoch, whether
// the key was known, whether the version was.
constexpr std::string_view kBegin = R"lua(
local history, meta, result = KEYS[1], KEYS[2], KEYS[3]
local payload, size, ttl, channel, meta_ttl = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local result_ttl, deltas, version, version_epoch = ARGV[7], ARGV[8] == '1', ARGV[9], ARGV[10]

if result_ttl ~= '' then
  local known = redis.call('hmget', result, 'e', 's')
  if known[1] then
    return {known[2], known[1], '1', '0'}
  end
end

local state = redis.call('hmget', meta, 'e', 's', 'v', 've')
local epoch = state[1]
if not epoch then
  epoch = ARGV[6]
  redis.call('hset', meta, 'e', epoch)
end
)lua";

constexpr std::string_view kCheckVersion = R"lua(
if version ~= '0' then
  local comparable = state[3] and (version_epoch == '' or version_epoch == state[4])
  if comparable and tonumber(state[3]) >= tonumber(version) then
    return {tonumber(state[2] or '0'), epoch, '0', '1'}
  end
  redis.call('hset', meta, 'v', version, 've', version_epoch)
end
)lua";

constexpr std::string_view kNextOffset = R"lua(
local offset = redis.call('hincrby', meta, 's', 1)
if meta_ttl ~= '0' then
  redis.call('expire', meta, meta_ttl)
end
local head = offset .. ':' .. epoch
local previous = ''
)lua";

// Without meta data the stream is begun anew, even if its old entries are still there.
constexpr std::string_view kAppendToStream = R"lua(
if offset == 1 then
  redis.call('del', history)
elseif deltas then
  local newest = redis.call('xrevrange', history, '+', '-', 'COUNT', 1)[1]
  if newest then
    local fields = newest[2]
    for i = 1, #fields, 2 do
      if fields[i] == 'd' then
        previous = fields[i + 1]
      end
    end
  end
end
redis.call('xadd', history, 'MAXLEN', size, offset, 'd', payload)
redis.call('expire', history, ttl)
)lua";

constexpr std::string_view kAppendToList = R"lua(
if deltas then
  local newest = redis.call('lindex', history, 0) or ''
  previous = string.match(newest, '^__p1:%d+:.-__(.*)$') or ''
end
redis.call('lpush', history, '__p1:' .. head .. '__' .. payload)
redis.call('ltrim', history, 0, size)
redis.call('expire', history, ttl)
)lua";

constexpr std::string_view kSendAndRemember = R"lua(
local message
if deltas then
  message = '__d1:' .. head .. ':' .. #previous .. ':' .. previous .. ':' .. #payload .. ':' .. payload
else
  message = '__p1:' .. head .. '__' .. payload
end
redis.call('publish', channel, message)
if result_ttl ~= '' then
  redis.call('hset', result, 'e', epoch, 's', offset)
  redis.call('expire', result, result_ttl)
end
return {offset, epoch, '0', '0'}
)lua";

// Both kinds of reading begin with the position, which is made if there is none.
// KEYS: history, meta. ARGV: ttl of meta, epoch if there is none yet, whether to read publications.
// Answer: top offset, epoch, publications.
constexpr std::string_view kPosition = R"lua(
local history, meta = KEYS[1], KEYS[2]
local meta_ttl, wanted = ARGV[1], ARGV[3] == '1'
local state = redis.call('hmget', meta, 'e', 's')
local epoch, top = state[1], state[2] or '0'
if not epoch then
  epoch, top = ARGV[2], '0'
  redis.call('hset', meta, 'e', epoch)
end
if meta_ttl ~= '0' then
  redis.call('expire', meta, meta_ttl)
end
if not wanted then
  return {top, epoch, {}}
end
)lua";

// ARGV besides: first offset, limit ('0': none), whether from new to old (then an offset of '0' is the top).
constexpr std::string_view kReadStream = R"lua(
local first, limit, reverse = ARGV[4], ARGV[5], ARGV[6] == '1'
local range
if reverse then
  if first == '0' then
    first = top
  elseif tonumber(first) > tonumber(top) then
    return {top, epoch, {}}
  end
  range = {'xrevrange', history, first, '-'}
else
  range = {'xrange', history, first, '+'}
end
if limit ~= '0' then
  range[5], range[6] = 'COUNT', limit
end
return {top, epoch, redis.call(unpack(range))}
)lua";

constexpr std::string_view kReadList = R"lua(
return {top, epoch, redis.call('lrange', history, 0, -1)}
)lua";

// Presence is a hash of infos by client id and, unless fields of hashes expire by themselves, a sorted set of
// when each ends; the same again for how many clients each user has, if users are kept.
// KEYS: expire, data, user expire, user clients. ARGV: ttl, end of the entry (Unix seconds), client, info,
// user, whether users are kept, whether fields expire by themselves.
constexpr std::string_view kAddPresence = R"lua(
local expire, data, user_expire, user_clients = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local ttl, ends, client, info, user = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local users, fields_expire = ARGV[6] == '1', ARGV[7] == '1'

local function keep(hash, index, member)
  redis.call('expire', hash, ttl)
  if fields_expire then
    redis.call('hexpire', hash, ttl, 'FIELDS', '1', member)
  else
    redis.call('zadd', index, ends, member)
    redis.call('expire', index, ttl)
  end
end

local is_new = redis.call('hset', data, client, info) == 1
keep(data, expire, client)
if users then
  if is_new then
    redis.call('hincrby', user_clients, user, 1)
  end
  keep(user_clients, user_expire, user)
end
return '0'
)lua";

// KEYS as above. ARGV: client, user, whether users are kept, whether fields expire by themselves.
constexpr std::string_view kRemovePresence = R"lua(
local expire, data, user_expire, user_clients = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local client, user, users, fields_expire = ARGV[1], ARGV[2], ARGV[3] == '1', ARGV[4] == '1'
local was_there = redis.call('hdel', data, client) == 1
if not fields_expire then
  redis.call('zrem', expire, client)
end
if users and was_there and redis.call('hincrby', user_clients, user, -1) <= 0 then
  redis.call('hdel', user_clients, user)
  if not fields_expire then
    redis.call('zrem', user_expire, user)
  end
end
return '0'
)lua";

constexpr std::string_view kDropExpired = R"lua(
local function drop_expired(index, hash, now)
  local gone = redis.call('zrangebyscore', index, '0', now)
  for _, member in ipairs(gone) do
    redis.call('hdel', hash, member)
  end
  if #gone > 0 then
    redis.call('zremrangebyscore', index, '0', now)
  end
end
)lua";

// KEYS: expire, data. ARGV: now (Unix seconds), whether fields expire by themselves.
constexpr std::string_view kReadPresence = R"lua(
if ARGV[2] ~= '1' then
  drop_expired(KEYS[1], KEYS[2], ARGV[1])
end
return redis.call('hgetall', KEYS[2])
)lua";

// KEYS: expire, data, user expire, user clients. ARGV as above. Answer: clients, users.
constexpr std::string_view kCountPresence = R"lua(
if ARGV[2] ~= '1' then
  drop_expired(KEYS[1], KEYS[2], ARGV[1])
  drop_expired(KEYS[3], KEYS[4], ARGV[1])
end
return {redis.call('hlen', KEYS[2]), redis.call('hlen', KEYS[4])}
)lua";

template <class... Parts>
Script join(bool sharded, Parts... parts) {
  std::string text;
  (text.append(parts), ...);
  constexpr std::string_view kPublish = "call('publish'";
  if (const auto at = text.find(kPublish); sharded && at != text.npos) {
    text.replace(at, kPublish.size(), "call('spublish'");
  }
  return Script(text);
}

Scripts make(bool sharded) {
  return {
      .publish_once = join(sharded, kPublishOnce),
      .publish_to_stream =
          join(sharded, kBegin, kCheckVersion, kNextOffset, kAppendToStream, kSendAndRemember),
      .publish_to_list = join(sharded, kBegin, kNextOffset, kAppendToList, kSendAndRemember),
      .read_stream = join(sharded, kPosition, kReadStream),
      .read_list = join(sharded, kPosition, kReadList),
      .add_presence = join(sharded, kAddPresence),
      .remove_presence = join(sharded, kRemovePresence),
      .read_presence = join(sharded, kDropExpired, kReadPresence),
      .count_presence = join(sharded, kDropExpired, kCountPresence),
  };
}

}  // namespace

const Scripts& scripts() {
  static const Scripts all = make(false);
  return all;
}

const Scripts& sharded_scripts() {
  static const Scripts all = make(true);
  return all;
}

}  // namespace whirl::broker::redis
