#include <unistd.h>

#include "load/proc.h"
#include "load/scenarios.h"

namespace whirl::bench {
namespace {

constexpr int kTimeoutMs = 180'000;
constexpr int kFurtherSubscriptions = 10;

std::int64_t anonymous(const Settings& s) {
  return memory(static_cast<pid_t>(s.pid)).anonymous;
}

/// Connects `clients` with the given options and reports the server's CPU for each.
bool connect_and_measure(const Settings& s, Swarm& swarm, Report& report) {
  CpuTime before = cpu_time(static_cast<pid_t>(s.pid));
  bool all = swarm.connect_all(kTimeoutMs);
  if (!all) report.fail("not all clients could connect");
  report.add("cpu_ns_per_connection",
             static_cast<double>(cpu_time(static_cast<pid_t>(s.pid)).total_ns - before.total_ns) /
                 static_cast<double>(s.clients));
  report.add(swarm.faults());
  return all && swarm.faults().total() == 0;
}

}  // namespace

bool run_idle(const Settings& s, Report& report) {
  report.add("resident_empty_bytes", static_cast<double>(memory(static_cast<pid_t>(s.pid)).resident));
  // A first few connections make the server allocate what is not per connection.
  Swarm warm(options_of(s));
  for (int i = 0; i < 200; ++i) warm.add({});
  warm.connect_all(kTimeoutMs);
  warm.close_all();
  usleep(300'000);

  Swarm swarm(options_of(s));
  for (long i = 0; i < s.clients; ++i) swarm.add({});
  std::int64_t empty = anonymous(s);
  if (!swarm.connect_all(kTimeoutMs)) {
    report.fail("not all clients could connect");
    return false;
  }
  auto per_client = [&](std::int64_t from, std::int64_t to) {
    return static_cast<double>(to - from) / static_cast<double>(s.clients);
  };
  std::int64_t connected = anonymous(s);
  report.add("bytes_per_connection", per_client(empty, connected));
  std::vector<std::uint32_t> channels;
  for (std::uint32_t c = 0; c < static_cast<std::uint32_t>(s.channels); ++c) channels.push_back(c);
  swarm.subscribe_all(channels, kTimeoutMs);
  std::int64_t first = anonymous(s);
  report.add("bytes_with_one_subscription", per_client(empty, first));
  for (std::uint32_t round = 1; round <= kFurtherSubscriptions; ++round) {
    for (std::uint32_t& c : channels) c += static_cast<std::uint32_t>(s.channels);
    swarm.subscribe_all(channels, kTimeoutMs);
  }
  report.add("bytes_per_further_subscription", per_client(first, anonymous(s)) / kFurtherSubscriptions);
  report.add(swarm.faults());
  return swarm.faults().total() == 0;
}

bool run_storm(const Settings& s, Report& report) {
  Swarm swarm(options_of(s));
  for (long i = 0; i < s.clients; ++i) {
    std::string token = s.secret.empty() ? "" : make_token("user" + std::to_string(i), s.secret);
    auto channel = static_cast<std::uint32_t>(i % s.channels);
    swarm.add({channel, channel + static_cast<std::uint32_t>(s.channels)}, token);
  }
  return connect_and_measure(s, swarm, report);
}

bool run_upgrade(const Settings& s, Report& report) {
  Swarm::Options options = options_of(s);
  options.handshake_only = true;
  Swarm swarm(options);
  for (long i = 0; i < s.clients; ++i) swarm.add({});
  return connect_and_measure(s, swarm, report);
}

bool run_publish(const Settings& s, Report& report) {
  Api api(s.target);
  auto one = [&](std::uint64_t n) {
    return "{\"channel\":\"" + s.channel_prefix +
           "nobody\",\"data\":" + payload(0, n, 0, static_cast<std::size_t>(s.size)) + "}";
  };
  auto request = [&](std::uint64_t n) {
    if (s.batch <= 1) return !api.call("publish", one(n)).empty();
    std::string body = "{\"commands\":[";
    for (long i = 0; i < s.batch; ++i)
      body += (i ? ",{\"publish\":" : "{\"publish\":") + one(n + static_cast<std::uint64_t>(i)) + "}";
    return !api.call("batch", body + "]}").empty();
  };
  for (std::uint64_t i = 0; i < 10; ++i) request(i);
  CpuTime before = cpu_time(static_cast<pid_t>(s.pid));
  bool all = true;
  for (long i = 0; i < s.messages; ++i) all = all && request(static_cast<std::uint64_t>(i));
  if (!all) report.fail("a request failed");
  report.add("cpu_ns_per_publication",
             static_cast<double>(cpu_time(static_cast<pid_t>(s.pid)).total_ns - before.total_ns) /
                 static_cast<double>(s.messages) / static_cast<double>(std::max(1L, s.batch)));
  return all;
}

bool run_pings(const Settings& s, Report& report) {
  Swarm swarm(options_of(s));
  for (long i = 0; i < s.clients; ++i) swarm.add({});
  if (!swarm.connect_all(kTimeoutMs)) {
    report.fail("not all clients could connect");
    return false;
  }
  CpuTime before = cpu_time(static_cast<pid_t>(s.pid));
  swarm.receive(1, static_cast<int>(s.seconds) * 1000);
  report.add("cpu_ns_per_second_and_connection",
             static_cast<double>(cpu_time(static_cast<pid_t>(s.pid)).total_ns - before.total_ns) /
                 static_cast<double>(s.seconds) / static_cast<double>(s.clients));
  report.add(swarm.faults());
  return swarm.faults().total() == 0;
}

}  // namespace whirl::bench
