#include <memory>

#include "app/cli/commands.h"
#include "app/cli/write_file.h"
#include "base/base64.h"
#include "base/ids.h"

namespace whirl::app::cli {
namespace {

using config::Map;

/// A text that is as hard to guess as so many random bytes.
std::string random_secret(std::size_t bytes) {
  std::string raw(bytes, '\0');
  random_bytes(raw.data(), raw.size());
  return encode_base64url(raw);
}

/// What one needs to start with: secrets, and nobody let in yet.
config::Value starting_config() {
  const Map token = {{"hmac_secret_key", {random_secret(64)}}};
  const Map client = {{"token", {token}}, {"allowed_origins", {config::List{}}}};
  const Map admin = {
      {"enabled", {false}}, {"password", {random_secret(16)}}, {"secret", {random_secret(64)}}};
  const Map http_api = {{"key", {random_secret(64)}}};
  return {Map{{"client", {client}}, {"admin", {admin}}, {"http_api", {http_api}}}};
}

int generate(const std::string& path) {
  const auto text = write_for(path, starting_config());
  if (!text) return report(text.error());
  const auto created = create_file(path, *text);
  return created ? 0 : report(created.error());
}

}  // namespace

Command genconfig_command() {
  return {"genconfig", "Write a small configuration file to start with",
          [](Flags& flags) -> std::function<int()> {
            auto path = std::make_shared<std::string>();
            flags.config(*path, "File to write");
            return [path] { return generate(*path); };
          }};
}

}  // namespace whirl::app::cli
