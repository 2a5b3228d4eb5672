#include "load/options.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>

namespace whirl::bench {
namespace {

constexpr NumberOption kNumbers[] = {
    {"--port", [](Settings& s) -> long& { return s.target.port; }, "port of the server (without --url)"},
    {"--pid", [](Settings& s) -> long& { return s.pid; }, "process whose CPU time and memory are read"},
    {"--clients", [](Settings& s) -> long& { return s.clients; }, "connections"},
    {"--channels", [](Settings& s) -> long& { return s.channels; }, "channels that the clients spread over"},
    {"--messages", [](Settings& s) -> long& { return s.messages; }, "publications"},
    {"--size", [](Settings& s) -> long& { return s.size; }, "bytes of a payload"},
    {"--rate", [](Settings& s) -> long& { return s.rate; }, "publications (mixed: steps) a second"},
    {"--batch", [](Settings& s) -> long& { return s.batch; }, "publications in one request"},
    {"--seconds", [](Settings& s) -> long& { return s.seconds; }, "how long"},
};

constexpr TextOption kTexts[] = {
    {"--url", [](Settings& s) -> std::string& { return s.url; },
     "ws://host:port/path of the WebSocket endpoint"},
    {"--api-path", [](Settings& s) -> std::string& { return s.target.api_path; }, "path of the HTTP API"},
    {"--api-key", [](Settings& s) -> std::string& { return s.target.api_key; }, "key of the HTTP API"},
    {"--path", [](Settings& s) -> std::string& { return s.target.path; },
     "path of the WebSocket (without --url)"},
    {"--secret", [](Settings& s) -> std::string& { return s.secret; }, "HS256 key for the clients' tokens"},
    {"--channel-prefix", [](Settings& s) -> std::string& { return s.channel_prefix; },
     "what channel names begin with"},
    {"--subscribe-extra", [](Settings& s) -> std::string& { return s.subscribe_extra; },
     "further JSON fields of subscribe requests"},
    {"--publish-extra", [](Settings& s) -> std::string& { return s.publish_extra; },
     "further JSON fields of publish requests"},
};

constexpr SwitchOption kSwitches[] = {
    {"--protobuf", [](Settings& s) -> bool& { return s.target.protobuf; }, "speak Protobuf"},
    {"--by-offset", [](Settings& s) -> bool& { return s.by_offset; }, "number publications by their offsets"},
};

std::string address_of_host(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
  char text[INET_ADDRSTRLEN] = "";
  inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in*>(found->ai_addr)->sin_addr, text, sizeof text);
  freeaddrinfo(found);
  return text;
}

}  // namespace

std::span<const NumberOption> number_options() {
  return kNumbers;
}
std::span<const TextOption> text_options() {
  return kTexts;
}
std::span<const SwitchOption> switch_options() {
  return kSwitches;
}

std::string resolve(Settings& settings) {
  std::string_view url = settings.url;
  if (!url.empty()) {
    if (!url.starts_with("ws://")) return "--url " + settings.url + ": only ws:// can be measured";
    url.remove_prefix(5);
    const std::size_t slash = std::min(url.find('/'), url.size());
    if (slash < url.size()) settings.target.path = url.substr(slash);
    const std::string_view authority = url.substr(0, slash);
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    settings.target.host = authority.substr(0, colon);
    settings.target.port = colon < authority.size() ? std::atol(authority.data() + colon + 1) : 80;
  }
  const std::string address = address_of_host(settings.target.host);
  if (address.empty()) return "no address is known for the host " + settings.target.host;
  settings.target.host = address;
  return {};
}

int play(const Scenario& scenario, const Settings& settings) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  Report report;
  const bool good = scenario.run(settings, report);
  std::printf("%s\n", report.json().c_str());
  return good ? 0 : 1;
}

}  // namespace whirl::bench
