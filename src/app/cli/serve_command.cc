#include <fstream>
#include <iterator>
#include <memory>

#include "app/cli/commands.h"
#include "app/serve.h"
#include "base/check.h"
#include "config/environment.h"
#include "config/load.h"
#include "config/table.h"

namespace whirl::app::cli {
namespace {

/// An option of the configuration that can be set on the command line too, by its path.
struct Flag {
  std::string_view path;
  char letter = 0;  ///< a short form, or 0
};

constexpr Flag kFlags[] = {
    {"pid_file"},
    {"http_server.address", 'a'},
    {"http_server.port", 'p'},
    {"http_server.internal_address"},
    {"http_server.internal_port"},
    {"engine.type"},
    {"broker.enabled"},
    {"broker.type"},
    {"presence_manager.enabled"},
    {"presence_manager.type"},
    {"map_broker.type"},
    {"log.level"},
    {"log.file"},
    {"debug.enabled"},
    {"admin.enabled"},
    {"admin.external"},
    {"admin.insecure"},
    {"prometheus.enabled"},
    {"swagger.enabled"},
    {"health.enabled"},
    {"uni_websocket.enabled"},
    {"uni_sse.enabled"},
    {"uni_http_stream.enabled"},
    {"sse.enabled"},
    {"http_stream.enabled"},
    {"init.enabled"},
    {"client.insecure"},
    {"http_api.insecure"},
    {"http_api.external"},
    {"grpc_api.enabled"},
    {"grpc_api.port"},
    {"uni_grpc.enabled"},
    {"uni_grpc.port"},
};

const config::Option& option_at(std::string_view path) {
  const config::Table* table = &config::Config::table();
  while (true) {
    const std::size_t dot = path.find('.');
    const config::Option* option = table->find(path.substr(0, dot));
    WHIRL_CHECK(option != nullptr);
    if (dot == path.npos) return *option;
    table = option->object();
    path.remove_prefix(dot + 1);
  }
}

/// What the flags were set to: a text for each, empty if it was not given.
struct ServeFlags {
  std::string file;
  std::string texts[std::size(kFlags)];
};

void add_flag(Flags& flags, const Flag& flag, std::string& value) {
  const config::Option& option = option_at(flag.path);
  std::string names = "--" + std::string(flag.path);
  if (flag.letter) names = std::string("-") + flag.letter + ',' + names;
  const std::string help(option.doc);
  if (option.kind == config::Kind::boolean) {
    flags.truth(names, value, help);
  } else {
    flags.text(names, value, help);
  }
}

Result<> add_dotenv(config::Environment& env) {
  std::ifstream in(".env", std::ios::binary);
  if (!in) return {};
  const std::string text(std::istreambuf_iterator<char>(in), {});
  return config::add_variables(env, text, ".env");
}

int run_server(const ServeFlags& values) {
  ServeOptions options;
  options.sources.file = values.file;
  if (const auto added = add_dotenv(options.sources.env); !added) return report(added.error());
  for (std::size_t i = 0; i < std::size(kFlags); ++i) {
    if (!values.texts[i].empty()) options.sources.flags.emplace_back(kFlags[i].path, values.texts[i]);
  }
  return serve(options);
}

}  // namespace

Command serve_command() {
  return {"", "Run the server", [](Flags& flags) -> std::function<int()> {
            auto values = std::make_shared<ServeFlags>();
            flags.config(values->file, "Configuration file");
            for (std::size_t i = 0; i < std::size(kFlags); ++i) add_flag(flags, kFlags[i], values->texts[i]);
            return [values] { return run_server(*values); };
          }};
}

}  // namespace whirl::app::cli
