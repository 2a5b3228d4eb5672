#include "app/dev_defaults.h"

#include <gtest/gtest.h>

#include <set>

namespace whirl::app {
namespace {

TEST(DevDefaults, ListensOnThisMachineOnly) {
  EXPECT_EQ(dev_defaults().http_server.address, "127.0.0.1");
}

TEST(DevDefaults, KeysAreLongAndNeverTheSame) {
  std::set<std::string> keys;
  for (int i = 0; i < 2; ++i) {
    config::Config config = dev_defaults();
    keys.insert({config.http_api.key, config.client.token.hmac_secret_key});
  }
  EXPECT_EQ(keys.size(), 4u);
  for (const std::string& key : keys) EXPECT_GE(key.size(), 32u);
}

TEST(DevDefaults, OnlyPagesOfThisMachineMayConnect) {
  for (const std::string& origin : dev_defaults().client.allowed_origins) {
    EXPECT_TRUE(origin == "http://localhost:*" || origin == "http://127.0.0.1:*") << origin;
  }
}

TEST(DevGreeting, NamesTheAddressTheKeyAndTheToken) {
  config::Config config = dev_defaults();
  config.http_server.port = 8123;
  std::string text = dev_greeting(config, "the.token.text");
  EXPECT_NE(text.find("http://127.0.0.1:8123/"), std::string::npos);
  EXPECT_NE(text.find("X-API-Key: " + config.http_api.key), std::string::npos);
  EXPECT_NE(text.find("the.token.text"), std::string::npos);
}

}  // namespace
}  // namespace whirl::app
