#pragma once
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "load/client.h"

namespace whirl::bench {

/// What a scenario is run with; each uses the numbers it has a use for.
struct Settings {
  Target target;
  std::string url;  ///< instead of the target's host, port and path
  std::string channel_prefix = "bench:";
  std::string subscribe_extra;  ///< further JSON fields of subscribe requests, `"delta":"fossil"`
  std::string publish_extra;    ///< the same for API publish requests
  bool by_offset = false;
  std::string secret;  ///< HS256 key, for tokens
  long pid = 0;        ///< of the server, whose CPU and memory are read
  long clients = 1000;
  long channels = 1;
  long messages = 100;
  long size = 128;
  long rate = 0;  ///< publications a second
  long batch = 1;
  long seconds = 10;
};

/// Named figures of one run.
class Report {
 public:
  void add(std::string name, double value) { figures_.emplace_back(std::move(name), value); }
  void add(const Faults& faults);
  void fail(std::string why) { error_ = std::move(why); }
  std::string json() const;

 private:
  std::vector<std::pair<std::string, double>> figures_;
  std::string error_;
};

struct Scenario {
  const char* name;
  const char* what;
  bool (*run)(const Settings&, Report&);
};
std::span<const Scenario> scenarios();
const Scenario* find_scenario(std::string_view name);

Swarm::Options options_of(const Settings& settings);
/// The body of an API publish request with a numbered payload.
std::string publish_body(const Settings& settings, std::uint32_t channel, std::uint64_t number,
                         std::int64_t sent_ns);

/// An HS256 connection token without expiry.
std::string make_token(const std::string& user, const std::string& secret);

bool run_idle(const Settings&, Report&);
bool run_fanout(const Settings&, Report&);
bool run_burst(const Settings&, Report&);
bool run_rate(const Settings&, Report&);
bool run_storm(const Settings&, Report&);
bool run_upgrade(const Settings&, Report&);
bool run_publish(const Settings&, Report&);
bool run_client_publish(const Settings&, Report&);
bool run_pings(const Settings&, Report&);
bool run_mixed(const Settings&, Report&);

}  // namespace whirl::bench
