#include "app/cli/dev_settings.h"

#include <gtest/gtest.h>

#include <set>

#include "config/load.h"
#include "config/validate.h"

namespace whirl::app::cli {
namespace {

config::Config load() {
  config::LoadOptions options;
  options.env = {};
  options.flags = dev_settings();
  auto loaded = config::load(options);
  EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().message);
  return std::move(loaded->config);
}

TEST(DevSettings, AreAValidConfigurationOfThisBuild) {
  const auto valid = config::validate(load());
  EXPECT_TRUE(valid) << valid.error().message;
}

TEST(DevSettings, ListenOnThisMachineOnly) {
  EXPECT_EQ(load().http_server.address, "127.0.0.1");
}

TEST(DevSettings, HaveKeysThatAreLongAndNeverTheSame) {
  std::set<std::string> keys;
  for (int i = 0; i < 2; ++i) {
    const config::Config config = load();
    keys.insert({config.http_api.key, config.client.token.hmac_secret_key});
  }
  EXPECT_EQ(keys.size(), 4u);
  for (const std::string& key : keys) EXPECT_GE(key.size(), 32u);
}

TEST(DevSettings, LetPagesOfThisMachineConnectAndNoOthers) {
  const std::vector<std::string> expected = {"http://localhost:*", "http://127.0.0.1:*"};
  EXPECT_EQ(load().client.allowed_origins, expected);
}

TEST(DevGreeting, NamesTheAddressTheKeyAndTheToken) {
  config::Config config = load();
  config.http_server.port = 8123;
  const std::string text = dev_greeting(config, "the.token.text");
  EXPECT_NE(text.find("http://127.0.0.1:8123/"), std::string::npos);
  EXPECT_NE(text.find("X-API-Key: " + config.http_api.key), std::string::npos);
  EXPECT_NE(text.find("the.token.text"), std::string::npos);
}

}  // namespace
}  // namespace whirl::app::cli
