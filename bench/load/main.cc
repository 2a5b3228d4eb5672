// whirl-load: plays one load scenario against a server and prints one JSON object with what it cost.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "load/scenarios.h"

namespace {

using whirl::bench::Settings;

constexpr const char* kUsage =
    "usage: whirl-load SCENARIO --port N --pid PID [--api-key KEY] [--protobuf] [--path P] [--clients N] "
    "[--channels N]\n"
    "                  [--messages N] [--size BYTES] [--rate PER_SECOND] [--batch N] [--secret HS256_KEY] "
    "[--seconds N]\n"
    "                  [--channel-prefix P] [--subscribe-extra JSON] [--publish-extra JSON] [--by-offset]\n"
    "scenarios: ";

bool parse(int argc, char** argv, Settings& settings) {
  std::map<std::string, long*> numbers = {
      {"--clients", &settings.clients},   {"--channels", &settings.channels},
      {"--messages", &settings.messages}, {"--size", &settings.size},
      {"--rate", &settings.rate},         {"--batch", &settings.batch},
      {"--seconds", &settings.seconds},   {"--pid", &settings.pid}};
  std::map<std::string, std::string*> texts = {{"--api-key", &settings.target.api_key},
                                               {"--path", &settings.target.path},
                                               {"--secret", &settings.secret},
                                               {"--host", &settings.target.host},
                                               {"--channel-prefix", &settings.channel_prefix},
                                               {"--subscribe-extra", &settings.subscribe_extra},
                                               {"--publish-extra", &settings.publish_extra}};
  for (int i = 2; i < argc; ++i) {
    std::string name = argv[i];
    if (name == "--protobuf") {
      settings.target.protobuf = true;
      continue;
    }
    if (name == "--by-offset") {
      settings.by_offset = true;
      continue;
    }
    if (i + 1 == argc) return false;
    std::string value = argv[++i];
    if (name == "--port") {
      settings.target.port = std::atoi(value.c_str());
    } else if (auto number = numbers.find(name); number != numbers.end()) {
      *number->second = std::atol(value.c_str());
    } else if (auto text = texts.find(name); text != texts.end()) {
      *text->second = value;
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  Settings settings;
  const whirl::bench::Scenario* scenario = argc > 1 ? whirl::bench::find_scenario(argv[1]) : nullptr;
  if (!scenario || !parse(argc, argv, settings)) {
    std::fputs(kUsage, stderr);
    for (const auto& s : whirl::bench::scenarios()) std::fprintf(stderr, "\n  %-12s %s", s.name, s.what);
    std::fputs("\n", stderr);
    return 2;
  }
  whirl::bench::Report report;
  bool good = scenario->run(settings, report);
  std::printf("%s\n", report.json().c_str());
  return good ? 0 : 1;
}
