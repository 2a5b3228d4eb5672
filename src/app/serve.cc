#include "app/serve.h"

#include <unistd.h>

#include <cstdio>

#include "app/process.h"
#include "app/server.h"
#include "app/signals.h"
#include "base/log.h"
#include "base/version.h"
#include "config/validate.h"

namespace whirl::app {
namespace {

Result<> set_up_log(const config::Log& config) {
  auto level = log::parse_level(config.level);
  if (!level) return fail("log.level: {}", level.error().message);
  return log::setup({*level, config.file});
}

/// A switch that takes protection away.
struct Risk {
  bool on;
  std::string_view option;
};

void log_risks(const config::Config& config) {
  for (const Risk& risk :
       {Risk{config.client.insecure, "client.insecure"},
        Risk{config.client.insecure_skip_token_signature_verify,
             "client.insecure_skip_token_signature_verify"},
        Risk{config.http_api.insecure, "http_api.insecure"}, Risk{config.admin.insecure, "admin.insecure"}}) {
    if (risk.on)
      log::warn("an insecure option is on, use it for development only", {{"option", risk.option}});
  }
  if (config.client.allowed_origins.empty()) {
    log::warn("client.allowed_origins is empty: web pages cannot connect");
  }
}

void log_start(const config::Loaded& loaded, const Server& server, const DescriptorLimit& limit) {
  log::info("starting Whirl", {{"version", kVersion},
                               {"pid", ::getpid()},
                               {"loops", server.loops()},
                               {"engine", loaded.config.engine.type},
                               {"open_files", limit.now},
                               {"config", loaded.file}});
  for (const Listener& listener : server.listeners()) {
    log::info("serving", {{"address", listener.address.text()},
                          {"endpoints", listener.endpoint_names()},
                          {"tls", listener.tls != nullptr}});
  }
}

Result<int> run(const ServeOptions& options) {
  auto loaded = config::load(options.sources);
  if (!loaded) return tl::unexpected(loaded.error());
  if (auto ready = set_up_log(loaded->config.log); !ready) return tl::unexpected(ready.error());
  for (const std::string& warning : loaded->warnings) log::warn(warning);
  if (auto valid = config::validate(loaded->config); !valid) return tl::unexpected(valid.error());
  auto pid_file = PidFile::write(loaded->config.pid_file);
  if (!pid_file) return tl::unexpected(pid_file.error());
  DescriptorLimit limit = raise_descriptor_limit();
  block_signals();
  auto server = Server::create(loaded->config, options);
  if (!server) return tl::unexpected(server.error());
  log_start(*loaded, **server, limit);
  log_risks(loaded->config);
  return (*server)->run();
}

}  // namespace

int serve(const ServeOptions& options) {
  auto exit_code = run(options);
  if (exit_code) return *exit_code;
  log::error("cannot start", {{"error", exit_code.error().message}});
  return 1;
}

}  // namespace whirl::app
