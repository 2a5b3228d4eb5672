#include "session/context.h"

namespace whirl::session {
namespace {

void fill(config::Duration& option, std::int64_t seconds) {
  if (option.ns == 0) option = config::Duration::seconds(seconds);
}

}  // namespace

config::Client with_defaults(config::Client options) {
  fill(options.ping_interval, 25);
  fill(options.pong_timeout, 10);
  fill(options.presence_update_interval, 25);
  fill(options.channel_position_check_delay, 40);
  fill(options.expired_close_delay, 25);
  fill(options.expired_sub_close_delay, 25);
  fill(options.stale_close_delay, 15);
  if (options.queue_max_size == 0) options.queue_max_size = 1024 * 1024;
  if (options.channel_limit == 0) options.channel_limit = 128;
  return options;
}

}  // namespace whirl::session
