#include <memory>

#include "app/cli/commands.h"
#include "app/cli/tokens.h"
#include "base/clock.h"

namespace whirl::app::cli {
namespace {

int generate(const TokenFlags& values) {
  const auto config = load_for_tokens(values.file);
  if (!config) return report(config.error());
  if (values.channel.empty()) return report({"a channel is required: use -s"});
  const auto token = make_token(subscription_section(config->client), values, unix_seconds());
  if (!token) return report(token.error());
  print(values.quiet ? *token
                     : fmt::format("HMAC SHA-256 JWT for {} and channel \"{}\" {}:\n{}\n",
                                   name_user(values.user), values.channel, name_ttl(values.ttl), *token));
  return 0;
}

}  // namespace

Command gensubtoken_command() {
  return {"gensubtoken", "Make a subscription token", [](Flags& flags) -> std::function<int()> {
            auto values = std::make_shared<TokenFlags>();
            add_token_flags(flags, *values);
            flags.text("-s,--channel", values->channel, "Channel");
            return [values] { return generate(*values); };
          }};
}

}  // namespace whirl::app::cli
