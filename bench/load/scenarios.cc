#include "load/scenarios.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdio>

namespace whirl::bench {
namespace {

constexpr Scenario kScenarios[] = {
    {"idle", "memory per connection: connected, with one subscription, with ten more", run_idle},
    {"fanout", "one publication at a time to every subscriber of a channel", run_fanout},
    {"burst", "publications back to back", run_burst},
    {"rate", "a fixed rate over channels x subscribers, with latency", run_rate},
    {"storm", "connect with a token and two subscriptions each", run_storm},
    {"upgrade", "accept and upgrade only", run_upgrade},
    {"publish", "HTTP API publish, alone or in batches", run_publish},
    {"clientpub", "clients publish to their own channel", run_client_publish},
    {"pings", "idle connections with pings", run_pings},
    {"mixed", "chat rooms: publications, people who move, questions of who is there", run_mixed},
};

std::string base64url(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  while (!out.empty() && out.back() == '=') out.pop_back();
  for (char& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return out;
}

}  // namespace

std::span<const Scenario> scenarios() {
  return kScenarios;
}

const Scenario* find_scenario(std::string_view name) {
  for (const Scenario& scenario : kScenarios) {
    if (name == scenario.name) return &scenario;
  }
  return nullptr;
}

void Report::add(const Faults& faults) {
  add("lost", static_cast<double>(faults.lost));
  add("doubled", static_cast<double>(faults.doubled));
  add("reordered", static_cast<double>(faults.reordered));
  add("corrupted", static_cast<double>(faults.corrupted));
}

std::string Report::json() const {
  std::string out = "{";
  for (const auto& [name, value] : figures_) {
    char text[64];
    std::snprintf(text, sizeof text, "%.6g", value);
    out += (out.size() > 1 ? ",\"" : "\"") + name + "\":" + text;
  }
  if (!error_.empty()) out += std::string(out.size() > 1 ? "," : "") + "\"error\":\"" + error_ + "\"";
  return out + "}";
}

Swarm::Options options_of(const Settings& s) {
  Swarm::Options options;
  options.target = s.target;
  options.channel_prefix = s.channel_prefix;
  options.by_offset = s.by_offset;
  if (!s.subscribe_extra.empty()) options.subscribe_extra = "," + s.subscribe_extra;
  return options;
}

std::string publish_body(const Settings& s, std::uint32_t channel, std::uint64_t number,
                         std::int64_t sent_ns) {
  std::string out = "{\"channel\":\"" + s.channel_prefix + std::to_string(channel) +
                    "\",\"data\":" + payload(channel, number, sent_ns, static_cast<std::size_t>(s.size));
  if (!s.publish_extra.empty()) out += "," + s.publish_extra;
  return out + "}";
}

std::string make_token(const std::string& user, const std::string& secret) {
  std::string text =
      base64url(R"({"alg":"HS256","typ":"JWT"})") + "." + base64url("{\"sub\":\"" + user + "\"}");
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size);
  return text + "." + base64url({reinterpret_cast<char*>(mac), size});
}

}  // namespace whirl::bench
