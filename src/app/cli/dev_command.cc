#include <memory>

#include "app/cli/commands.h"
#include "app/cli/dev_settings.h"
#include "app/cli/tokens.h"
#include "app/dev_page.h"
#include "app/serve.h"
#include "base/clock.h"

namespace whirl::app::cli {
namespace {

struct DevFlags {
  std::string port = "8000";
  std::string log_level = "info";
};

int run_dev(const DevFlags& values) {
  ServeOptions options;
  options.sources.env = {};
  options.sources.flags = dev_settings();
  options.sources.flags.emplace_back("http_server.port", values.port);
  options.sources.flags.emplace_back("log.level", values.log_level);
  options.page = dev_page();
  options.explains_errors = true;
  const auto loaded = config::load(options.sources);
  if (!loaded) return report(loaded.error());
  const auto token = make_token(loaded->config.client.token, {.user = "dev"}, unix_seconds());
  if (!token) return report(token.error());
  print(dev_greeting(loaded->config, *token));
  return serve(options);
}

}  // namespace

Command dev_command() {
  return {"dev", "Run a server for trying things out, with a page at /",
          [](Flags& flags) -> std::function<int()> {
            auto values = std::make_shared<DevFlags>();
            flags.text("-p,--http_server.port", values->port, "Port on 127.0.0.1");
            flags.text("--log.level", values->log_level, "Least important level that is written");
            return [values] { return run_dev(*values); };
          }};
}

}  // namespace whirl::app::cli
