// whirl-sessions: how the cost of a message and of a subscription grows with the number of sessions and of
// channels, and what a session costs in memory, over in-memory connections. Prints one JSON object.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "load/proc.h"
#include "sessions/crowd.h"

namespace whirl::bench {
namespace {

constexpr std::size_t kDeliveriesPerStep = 2'000'000;
constexpr std::size_t kSessionsWithManyChannels = 100;

std::string subscribe(const std::string& channel) {
  return R"({"id":2,"subscribe":{"channel":")" + channel + "\"}}";
}

void print(const char* name, double value, bool first = false) {
  std::printf("%s\"%s\":%.6g", first ? "{" : ",", name, value);
  std::fflush(stdout);
}

double ns_per_delivery(Crowd& crowd, const std::string& channel, std::size_t receivers) {
  const int times = static_cast<int>(std::max<std::size_t>(3, kDeliveriesPerStep / receivers));
  crowd.publish(channel, 1, receivers);
  const std::int64_t before = crowd.cpu_ns();
  crowd.publish(channel, times, receivers);
  return static_cast<double>(crowd.cpu_ns() - before) / times / static_cast<double>(receivers);
}

/// Sessions come in powers of ten, each time all to a channel of that size.
void grow_sessions(std::size_t most) {
  Crowd crowd(0);
  const std::int64_t empty = memory(::getpid()).anonymous;
  crowd.grow(most);
  const std::int64_t connected = memory(::getpid()).anonymous;
  crowd.say(most, [](std::size_t) { return subscribe("bench:all"); });
  const std::int64_t subscribed = memory(::getpid()).anonymous;
  print("sessions", static_cast<double>(most), true);
  print("bytes_per_session", static_cast<double>(connected - empty) / static_cast<double>(most));
  print("bytes_per_subscription", static_cast<double>(subscribed - connected) / static_cast<double>(most));
  print("total_bytes", static_cast<double>(memory(::getpid()).resident));
  const double all = ns_per_delivery(crowd, "bench:all", most);
  print("fanout_cpu_s_per_loop", all * static_cast<double>(most) / crowd.loops() / 1e9);
  double small = 0;
  for (std::size_t size = 1000; size < most; size *= 10) {
    const std::string channel = "bench:of" + std::to_string(size);
    crowd.say(size, [&](std::size_t) { return subscribe(channel); });
    const double cost = ns_per_delivery(crowd, channel, size);
    if (small == 0) small = cost;
    print(("ns_per_delivery_" + std::to_string(size)).c_str(), cost);
  }
  print("ns_per_delivery_all", all);
  if (small > 0) print("delivery_growth", all / small);
}

/// A few sessions subscribe to more and more channels of their own.
void grow_channels(std::size_t most) {
  Crowd crowd(0);
  crowd.grow(kSessionsWithManyChannels);
  std::size_t made = 0;
  auto more = [&](std::size_t until) {
    const std::int64_t before = crowd.cpu_ns();
    const std::size_t first = made;
    for (; made < until; made += kSessionsWithManyChannels) {
      crowd.say(kSessionsWithManyChannels,
                [&](std::size_t i) { return subscribe("bench:own" + std::to_string(made + i)); });
    }
    return static_cast<double>(crowd.cpu_ns() - before) / static_cast<double>(made - first);
  };
  const std::size_t step = std::max<std::size_t>(most / 20, kSessionsWithManyChannels);
  const double first = more(step);
  more(most - step);
  const double last = more(most);
  print("ns_per_subscribe_first", first);
  print("ns_per_subscribe_last", last);
  print("subscribe_growth", last / first);
}

}  // namespace
}  // namespace whirl::bench

int main(int argc, char** argv) {
  const long sessions = argc > 1 ? std::atol(argv[1]) : 1'000'000;
  if (sessions < 1000) {
    std::fputs("usage: whirl-sessions [SESSIONS (at least 1000)]\n", stderr);
    return 2;
  }
  const auto most = static_cast<std::size_t>(sessions);
  whirl::bench::grow_sessions(most);
  whirl::bench::grow_channels(most);
  std::puts("}");
}
