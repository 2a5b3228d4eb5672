#include <memory>

#include "app/cli/commands.h"
#include "app/cli/tokens.h"
#include "base/clock.h"

namespace whirl::app::cli {
namespace {

int generate(const TokenFlags& values) {
  const auto config = load_for_tokens(values.file);
  if (!config) return report(config.error());
  const auto token = make_token(config->client.token, values, unix_seconds());
  if (!token) return report(token.error());
  print(values.quiet ? *token
                     : fmt::format("HMAC SHA-256 JWT for {} {}:\n{}\n", name_user(values.user),
                                   name_ttl(values.ttl), *token));
  return 0;
}

}  // namespace

Command gentoken_command() {
  return {"gentoken", "Make a connection token", [](Flags& flags) -> std::function<int()> {
            auto values = std::make_shared<TokenFlags>();
            add_token_flags(flags, *values);
            return [values] { return generate(*values); };
          }};
}

}  // namespace whirl::app::cli
