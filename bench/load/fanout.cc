#include <unistd.h>

#include <algorithm>
#include <thread>

#include "load/proc.h"
#include "load/scenarios.h"

namespace whirl::bench {
namespace {

constexpr int kConnectTimeoutMs = 120'000;
constexpr int kReceiveTimeoutMs = 30'000;

/// Clients spread over the channels: client i subscribes to channel i % channels.
bool connect(Swarm& swarm, const Settings& s, Report& report) {
  for (long i = 0; i < s.clients; ++i) swarm.add({static_cast<std::uint32_t>(i % s.channels)});
  if (swarm.connect_all(kConnectTimeoutMs)) return true;
  report.fail("not all clients could connect");
  return false;
}

double since(const CpuTime& before, const Settings& s) {
  return static_cast<double>(cpu_time(static_cast<pid_t>(s.pid)).total_ns - before.total_ns);
}

double percentile(std::vector<double>& sorted, double p) {
  return sorted.empty() ? 0
                        : sorted[std::min(sorted.size() - 1,
                                          static_cast<std::size_t>(p * static_cast<double>(sorted.size())))];
}

void add_latencies(std::vector<double>& us, Report& report) {
  std::sort(us.begin(), us.end());
  report.add("latency_p50_us", percentile(us, 0.50));
  report.add("latency_p99_us", percentile(us, 0.99));
  report.add("latency_p999_us", percentile(us, 0.999));
}

}  // namespace

bool run_fanout(const Settings& s, Report& report) {
  Swarm swarm(options_of(s));
  if (!connect(swarm, s, report)) return false;
  Api api(s.target);
  auto per_channel = static_cast<std::uint64_t>(s.clients / s.channels);
  std::vector<std::uint64_t> numbers(static_cast<std::size_t>(s.channels));
  auto publish_one = [&](long i) {
    auto channel = static_cast<std::uint32_t>(i % s.channels);
    return !api.call("publish", publish_body(s, channel, ++numbers[channel], now_ns())).empty() &&
           swarm.receive(per_channel, kReceiveTimeoutMs);
  };
  for (long i = 0; i < 3; ++i) publish_one(i);
  CpuTime before = cpu_time(static_cast<pid_t>(s.pid));
  for (long i = 0; i < s.messages; ++i) {
    if (!publish_one(i)) {
      report.fail("a publication did not reach everyone in time");
      break;
    }
  }
  report.add("cpu_ns_per_delivery",
             since(before, s) / static_cast<double>(s.messages) / static_cast<double>(per_channel));
  report.add(swarm.faults());
  return swarm.faults().total() == 0;
}

bool run_burst(const Settings& s, Report& report) {
  Swarm swarm(options_of(s));
  if (!connect(swarm, s, report)) return false;
  Api api(s.target);
  api.call("publish", publish_body(s, 0, 1, now_ns()));
  swarm.receive(static_cast<std::uint64_t>(s.clients), kReceiveTimeoutMs);
  CpuTime before = cpu_time(static_cast<pid_t>(s.pid));
  std::uint64_t number = 1;
  long rounds = std::max(1L, s.messages / s.batch);
  for (long r = 0; r < rounds; ++r) {
    std::string body = "{\"commands\":[";
    for (long i = 0; i < s.batch; ++i) {
      body += (i ? ",{\"publish\":" : "{\"publish\":") + publish_body(s, 0, ++number, now_ns()) + "}";
    }
    api.call("batch", body + "]}");
    if (!swarm.receive(static_cast<std::uint64_t>(s.clients * s.batch), kReceiveTimeoutMs)) {
      report.fail("a burst did not reach everyone in time");
      break;
    }
  }
  report.add("cpu_ns_per_delivery",
             since(before, s) / static_cast<double>(rounds * s.batch) / static_cast<double>(s.clients));
  report.add(swarm.faults());
  return swarm.faults().total() == 0;
}

bool run_rate(const Settings& s, Report& report) {
  Swarm swarm(options_of(s));
  if (!connect(swarm, s, report)) return false;
  std::vector<double> latencies_us;
  swarm.on_latency = [&](std::int64_t sent) {
    latencies_us.push_back(static_cast<double>(now_ns() - sent) / 1000.0);
  };
  auto per_channel = static_cast<std::uint64_t>(s.clients / s.channels);
  long total = s.rate * s.seconds;
  CpuTime before = cpu_time(static_cast<pid_t>(s.pid));
  // The time in a payload is when it was due, not when it could be sent: a server that stalls does not hide
  // it.
  std::thread publisher([&] {
    Api api(s.target);
    std::vector<std::uint64_t> numbers(static_cast<std::size_t>(s.channels));
    std::int64_t start = now_ns();
    std::size_t open = 0;
    for (long i = 0; i < total; ++i) {
      std::int64_t due = start + i * 1'000'000'000 / s.rate;
      while (now_ns() < due)
        usleep(static_cast<useconds_t>(std::max<std::int64_t>(1, (due - now_ns()) / 1000)));
      auto channel = static_cast<std::uint32_t>(i % s.channels);
      api.send("publish", publish_body(s, channel, ++numbers[channel], due));
      if (++open == 16) {
        api.drain(open);
        open = 0;
      }
    }
    api.drain(open);
  });
  bool all = swarm.receive(static_cast<std::uint64_t>(total) * per_channel,
                           static_cast<int>(s.seconds * 1000 + kReceiveTimeoutMs));
  publisher.join();
  if (!all) report.fail("not every publication was received");
  report.add("cpu_ns_per_delivery",
             since(before, s) / static_cast<double>(total) / static_cast<double>(per_channel));
  add_latencies(latencies_us, report);
  report.add(swarm.faults());
  return all && swarm.faults().total() == 0;
}

bool run_client_publish(const Settings& s, Report& report) {
  Swarm swarm(options_of(s));
  Settings own = s;
  own.channels = s.clients;
  if (!connect(swarm, own, report)) return false;
  auto publish_all = [&](std::uint64_t number) {
    for (std::size_t i = 0; i < swarm.size(); ++i) {
      auto channel = static_cast<std::uint32_t>(i);
      swarm.publish(i, channel, payload(channel, number, now_ns(), static_cast<std::size_t>(s.size)));
    }
    return swarm.receive(swarm.size(), kReceiveTimeoutMs);
  };
  publish_all(1);
  CpuTime before = cpu_time(static_cast<pid_t>(s.pid));
  for (long m = 0; m < s.messages; ++m) {
    if (!publish_all(static_cast<std::uint64_t>(m) + 2)) {
      report.fail("a publication did not come back in time");
      break;
    }
  }
  report.add("cpu_ns_per_round_trip",
             since(before, s) / static_cast<double>(s.messages) / static_cast<double>(swarm.size()));
  report.add(swarm.faults());
  return swarm.faults().total() == 0;
}

}  // namespace whirl::bench
