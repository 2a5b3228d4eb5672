#include "session/commands/list.h"

#include <array>

namespace whirl::session {
namespace {

using protocol::Method;

constexpr std::array kRows = {
    CommandRow{Method::connect, connect},
    CommandRow{Method::subscribe, subscribe},
    CommandRow{Method::unsubscribe, unsubscribe},
    CommandRow{Method::publish, publish},
    CommandRow{Method::presence, presence},
    CommandRow{Method::presence_stats, presence_stats},
    CommandRow{Method::history, history},
    CommandRow{Method::rpc, rpc},
    CommandRow{Method::send, send},
    CommandRow{Method::refresh, refresh},
    CommandRow{Method::sub_refresh, sub_refresh},
};

}  // namespace

std::span<const CommandRow> command_list() {
  return kRows;
}

}  // namespace whirl::session
