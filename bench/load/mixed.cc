// Chat rooms: people publish, move from room to room (which others are told) and ask who is there.
#include <algorithm>
#include <random>

#include "load/proc.h"
#include "load/scenarios.h"

namespace whirl::bench {
namespace {

constexpr int kAnswerTimeoutMs = 120'000;
constexpr std::size_t kPublicationsPerStep = 20;
constexpr std::size_t kMovesPerStep = 10;
constexpr std::size_t kQuestionsPerStep = 5;

/// The slope of the line through samples that are a second apart.
double slope_per_minute(const std::vector<double>& samples) {
  const auto n = static_cast<double>(samples.size());
  if (n < 2) return 0;
  double sum_x = 0, sum_y = 0, sum_xy = 0, sum_xx = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto x = static_cast<double>(i);
    sum_x += x;
    sum_y += samples[i];
    sum_xy += x * samples[i];
    sum_xx += x * x;
  }
  return 60 * (n * sum_xy - sum_x * sum_y) / (n * sum_xx - sum_x * sum_x);
}

class Rooms {
 public:
  Rooms(const Settings& settings, Swarm& swarm)
      : settings_(settings),
        swarm_(swarm),
        api_(settings.target),
        people_(static_cast<std::size_t>(settings.channels)),
        numbers_(people_.size()),
        room_of_(swarm.size()) {
    for (std::size_t i = 0; i < swarm.size(); ++i) ++people_[room_of_[i] = i % people_.size()];
  }

  /// False if something did not come in time.
  bool step() {
    std::uint64_t expected = 0;
    for (std::size_t i = 0; i < kPublicationsPerStep; ++i) {
      const std::size_t room = any(people_.size());
      const auto channel = static_cast<std::uint32_t>(room);
      if (api_.call("publish", publish_body(settings_, channel, ++numbers_[room], now_ns())).empty())
        return false;
      expected += people_[room];
    }
    deliveries += expected;
    if (!swarm_.receive(expected, kAnswerTimeoutMs)) return false;
    for (std::size_t i = 0; i < kMovesPerStep; ++i) move(any(swarm_.size()));
    for (std::size_t i = 0; i < kQuestionsPerStep; ++i) swarm_.ask_presence(any(swarm_.size()));
    actions += kPublicationsPerStep + kMovesPerStep + kQuestionsPerStep;
    return swarm_.settle(kAnswerTimeoutMs);
  }

  std::uint64_t actions = 0;
  std::uint64_t deliveries = 0;

 private:
  std::size_t any(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
  }
  void move(std::size_t person) {
    const std::size_t to = any(people_.size());
    if (to == room_of_[person] || !swarm_.move(person, static_cast<std::uint32_t>(to))) return;
    --people_[room_of_[person]];
    ++people_[room_of_[person] = to];
  }

  const Settings& settings_;
  Swarm& swarm_;
  Api api_;
  std::vector<std::size_t> people_;  // by room
  std::vector<std::uint64_t> numbers_;
  std::vector<std::size_t> room_of_;  // by person
  std::mt19937 random_{1};
};

}  // namespace

bool run_mixed(const Settings& s, Report& report) {
  Swarm swarm(options_of(s));
  for (long i = 0; i < s.clients; ++i) swarm.add({static_cast<std::uint32_t>(i % s.channels)});
  if (!swarm.connect_all(kAnswerTimeoutMs)) {
    report.fail("not all clients could connect");
    return false;
  }
  Rooms rooms(s, swarm);
  const auto pid = static_cast<pid_t>(s.pid);
  const CpuTime before = cpu_time(pid);
  const std::int64_t start = now_ns();
  std::vector<double> anonymous;
  bool good = true;
  for (std::int64_t steps = 0; good; ++steps) {
    const std::int64_t passed = now_ns() - start;
    if (passed >= s.seconds * 1'000'000'000) break;
    if (passed / 1'000'000'000 >= static_cast<std::int64_t>(anonymous.size()))
      anonymous.push_back(static_cast<double>(memory(pid).anonymous));
    const std::int64_t due = s.rate > 0 ? start + steps * 1'000'000'000 / s.rate : 0;
    while (now_ns() < due) swarm.idle(static_cast<int>((due - now_ns()) / 1'000'000) + 1);
    good = rooms.step();
  }
  if (!good) report.fail("something was not answered or delivered in time");
  const auto cpu = static_cast<double>(cpu_time(pid).total_ns - before.total_ns);
  report.add("actions", static_cast<double>(rooms.actions));
  report.add("deliveries", static_cast<double>(rooms.deliveries));
  report.add("cpu_ns_per_action", cpu / static_cast<double>(rooms.actions));
  // The first half warms up.
  anonymous.erase(anonymous.begin(), anonymous.begin() + static_cast<std::ptrdiff_t>(anonymous.size() / 2));
  report.add("anonymous_bytes", anonymous.empty() ? 0 : anonymous.back());
  report.add("memory_slope_bytes_per_minute", slope_per_minute(anonymous));
  report.add(swarm.faults());
  return good && swarm.faults().total() == 0;
}

}  // namespace whirl::bench
