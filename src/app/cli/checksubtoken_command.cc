#include <memory>

#include "app/cli/commands.h"
#include "app/cli/tokens.h"
#include "app/cli/verify.h"

namespace whirl::app::cli {
namespace {

struct Values {
  std::string file;
  std::vector<std::string> tokens;
};

int check(const Values& values) {
  const auto config = load_for_tokens(values.file);
  if (!config) return report(config.error());
  if (values.tokens.size() != 1) return report({"give one token to check"});
  const auto claims = claims_of(values.tokens[0]);
  if (!claims) return report(claims.error());
  const auto token = verify_subscribe(*config, values.tokens[0]);
  if (!token) return report(token.error());
  print(fmt::format("valid subscription token for {} and channel \"{}\"\npayload: {}\n",
                    name_user(token->user), token->channel, *claims));
  return 0;
}

}  // namespace

Command checksubtoken_command() {
  return {"checksubtoken", "Check a subscription token", [](Flags& flags) -> std::function<int()> {
            auto values = std::make_shared<Values>();
            flags.config(values->file, "Configuration file with the keys");
            flags.list("token", values->tokens, "Token to check");
            return [values] { return check(*values); };
          }};
}

}  // namespace whirl::app::cli
