#include "base/log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <memory>

#include "base/clock.h"
#include "base/json_text.h"

namespace whirl::log {
namespace {

struct LevelName {
  Level level;
  std::string_view name;
  const char* colour;
};

constexpr LevelName kLevels[] = {{Level::trace, "trace", "\x1b[35m"}, {Level::debug, "debug", "\x1b[36m"},
                                 {Level::info, "info", "\x1b[32m"},   {Level::warn, "warn", "\x1b[33m"},
                                 {Level::error, "error", "\x1b[31m"}, {Level::none, "none", ""}};

std::atomic<Level> g_level{Level::info};
bool g_terminal = false;

std::shared_ptr<spdlog::logger> make_logger(spdlog::sink_ptr sink) {
  auto logger = std::make_shared<spdlog::logger>("whirl", std::move(sink));
  logger->set_pattern("%v");
  logger->set_level(spdlog::level::trace);
  logger->flush_on(spdlog::level::trace);
  return logger;
}

/// Never destroyed: threads may log until the process ends.
std::shared_ptr<spdlog::logger>& logger() {
  static auto& logger =
      *new std::shared_ptr<spdlog::logger>(make_logger(std::make_shared<spdlog::sinks::stderr_sink_mt>()));
  return logger;
}

std::string time_text(const char* format) {
  time_t now = static_cast<time_t>(unix_seconds());
  tm parts{};
  gmtime_r(&now, &parts);
  char out[40];
  return std::string(out, strftime(out, sizeof out, format, &parts));
}

void append_value(std::string& out, const Field& field, bool quote_text) {
  switch (field.kind) {
    case Field::Kind::integer:
      fmt::format_to(std::back_inserter(out), "{}", field.integer);
      break;
    case Field::Kind::boolean:
      out += field.integer ? "true" : "false";
      break;
    case Field::Kind::text:
      if (quote_text) {
        append_json_string(out, field.text);
      } else {
        out += field.text;
      }
  }
}

std::string json_line(const LevelName& level, std::string_view message, Fields fields) {
  std::string line = "{\"level\":\"";
  line += level.name;
  line += "\",\"time\":\"" + time_text("%Y-%m-%dT%H:%M:%SZ") + "\"";
  for (const Field& field : fields) {
    line += ',';
    append_json_string(line, field.name);
    line += ':';
    append_value(line, field, true);
  }
  line += ",\"message\":";
  append_json_string(line, message);
  line += '}';
  return line;
}

std::string terminal_line(const LevelName& level, std::string_view message, Fields fields) {
  std::string line =
      fmt::format("{} {}{:<5}\x1b[0m {}", time_text("%H:%M:%S"), level.colour, level.name, message);
  for (const Field& field : fields) {
    fmt::format_to(std::back_inserter(line), " \x1b[2m{}=\x1b[0m", field.name);
    bool quote = field.text.find_first_of(" \"\n\r\t") != std::string_view::npos;
    append_value(line, field, quote);
  }
  return line;
}

}  // namespace

Result<Level> parse_level(std::string_view text) {
  if (text == "fatal") return Level::error;
  for (const LevelName& level : kLevels) {
    if (level.name == text) return level.level;
  }
  return fail("unknown log level \"{}\": use trace, debug, info, warn, error, fatal or none", text);
}

Result<> setup(const Options& options) {
  set_level(options.level);
  try {
    if (options.file.empty()) {
      g_terminal = isatty(STDERR_FILENO) != 0;
      logger() = make_logger(std::make_shared<spdlog::sinks::stderr_sink_mt>());
    } else {
      g_terminal = false;
      logger() = make_logger(std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.file));
    }
  } catch (const spdlog::spdlog_ex& e) {
    return fail("cannot write the log file {}: {}", options.file, e.what());
  }
  return {};
}

void set_level(Level level) {
  g_level.store(level, std::memory_order_relaxed);
}

bool enabled(Level level) {
  return level >= g_level.load(std::memory_order_relaxed);
}

void write(Level level, std::string_view message, Fields fields) {
  if (!enabled(level) || level == Level::none) return;
  const LevelName& name = kLevels[static_cast<int>(level)];
  logger()->info(fmt::string_view("{}"),
                 g_terminal ? terminal_line(name, message, fields) : json_line(name, message, fields));
}

}  // namespace whirl::log
