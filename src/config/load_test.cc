#include "config/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace whirl::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class LoadTest : public testing::Test {
 protected:
  LoadTest() : dir_(testing::TempDir() + "whirl_load_" + std::to_string(getpid())) {
    std::filesystem::create_directories(dir_);
    options_.env = {};
  }
  ~LoadTest() override { std::filesystem::remove_all(dir_); }

  void file(const std::string& name, const std::string& text) {
    options_.file = dir_ + "/" + name;
    std::ofstream(options_.file) << text;
  }
  void json(const std::string& text) { file("config.json", text); }

  Config loaded() {
    auto result = load(options_);
    EXPECT_TRUE(result) << result.error().message;
    warnings_ = result ? result->warnings : std::vector<std::string>();
    return result ? result->config : Config();
  }
  std::string error() {
    const auto result = load(options_);
    EXPECT_FALSE(result);
    return result ? "" : result.error().message;
  }

  std::string dir_;
  LoadOptions options_;
  std::vector<std::string> warnings_;
};

TEST_F(LoadTest, ReadsEveryFormat) {
  const std::pair<const char*, const char*> files[] = {
      {"a.json",
       R"({"client": {"ping_interval": "5s", "allowed_origins": ["*"]}, "http_server": {"port": 1}})"},
      {"a.yaml", "client:\n  ping_interval: 5s\n  allowed_origins: ['*']\nhttp_server: {port: 1}\n"},
      {"a.YML", "client: {ping_interval: \"5s\", allowed_origins: [\"*\"]}\nhttp_server:\n  port: 0x1\n"},
      {"a.toml", "[client]\nping_interval = \"5s\"\nallowed_origins = [\"*\"]\n[http_server]\nport = 1\n"},
  };
  for (const auto& [name, text] : files) {
    file(name, text);
    const Config config = loaded();
    EXPECT_EQ(config.client.ping_interval.seconds(), 5) << name;
    EXPECT_THAT(config.client.allowed_origins, ElementsAre("*")) << name;
    EXPECT_EQ(config.http_server.port, 1) << name;
    EXPECT_THAT(warnings_, IsEmpty()) << name;
  }
}

TEST_F(LoadTest, YamlAnchorsMerge) {
  file("a.yaml",
       "base: &base {history_size: 10, history_ttl: 60s}\n"
       "channel:\n  namespaces:\n    - {name: chat, <<: *base, history_size: 5}\n");
  const Config config = loaded();
  ASSERT_EQ(config.channel.namespaces.size(), 1u);
  EXPECT_EQ(config.channel.namespaces[0].history_size, 5);
  EXPECT_EQ(config.channel.namespaces[0].history_ttl.seconds(), 60);
}

TEST_F(LoadTest, BrokenFilesSayWhere) {
  json("{\"client\":");
  EXPECT_THAT(error(), HasSubstr("config.json: not valid JSON"));
  file("a.yaml", "a: 1\n b: [\n");
  EXPECT_THAT(error(), HasSubstr("not valid YAML in line 2"));
  file("a.toml", "a = 1\nb =\n");
  EXPECT_THAT(error(), HasSubstr("not valid TOML in line 2"));
  json("[1]");
  EXPECT_THAT(error(), HasSubstr("must be an object, but it is a list"));
  file("a.ini", "x");
  EXPECT_THAT(error(), HasSubstr("must end with one of .json, .yaml, .yml, .toml"));
}

TEST_F(LoadTest, AMissingFileIsAWarning) {
  options_.file = dir_ + "/none.json";
  EXPECT_EQ(loaded().http_server.port, 8000);
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("there is no such file")));
}

TEST_F(LoadTest, EmptyFilesSayNothing) {
  file("a.yaml", "");
  EXPECT_EQ(loaded().http_server.port, 8000);
  json("{}");
  EXPECT_EQ(loaded().http_server.port, 8000);
}

TEST_F(LoadTest, UnknownOptionsAreReportedWithTheNearestName) {
  json(R"({"colour": 1, "channel": {"namspaces": [], "namespaces": [{"name": "a1", "presense": true}],
          "without_namespace": {"histroy_size": 1}}})");
  loaded();
  EXPECT_THAT(warnings_,
              ElementsAre(HasSubstr("unknown option colour"),
                          HasSubstr("unknown option channel.namspaces; did you mean namespaces?"),
                          HasSubstr("unknown option channel.namespaces[0].presense; did you mean presence?"),
                          HasSubstr("channel.without_namespace.histroy_size; did you mean history_size?")));
  EXPECT_THAT(warnings_[0], Not(HasSubstr("did you mean")));
}

TEST_F(LoadTest, WrongTypesSayWhatIsAllowed) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"http_server": {"port": "many"}})",
       "http_server.port must be a whole number, but it is the text \"many\""},
      {R"({"http_server": {"port": 1.5}})",
       "http_server.port must be a whole number, but it is the number 1.5"},
      {R"({"http_server": {"port": [1]}})", "http_server.port must be a whole number, but it is a list"},
      {R"({"http_server": []})", "http_server must be an object, but it is a list"},
      {R"({"health": {"enabled": "perhaps"}})",
       "health.enabled must be true or false, but it is the text \"perhaps\""},
      {R"({"client": {"ping_interval": "often"}})",
       "client.ping_interval must be a duration such as \"300ms\", \"25s\" or \"1h30m\", but it is the text "
       "\"often\""},
      {R"({"client": {"ping_interval": 25}})", "25 without a unit would be nanoseconds"},
      {R"({"client": {"allowed_origins": [{}]}})", "client.allowed_origins must be a list of texts"},
      {R"({"channel": {"namespaces": {}}})",
       "channel.namespaces must be a list of objects, but it is an object"},
      {R"({"channel": {"namespaces": [1]}})",
       "channel.namespaces[0] must be an object, but it is the number 1"},
      {R"({"log": {"level": {}}})", "log.level must be a text, but it is an object"},
      {R"({"broker": {"nats": {"raw_mode": {"channel_replacements": {"a": 1}}}}})",
       "must have texts as values, but \"a\" is the number 1"},
  };
  for (const auto& [text, message] : cases) {
    json(text);
    EXPECT_THAT(error(), HasSubstr(message)) << text;
    EXPECT_THAT(error(), HasSubstr("config.json: ")) << text;
  }
}

TEST_F(LoadTest, NumbersMustFit) {
  constexpr const char* kText =
      R"({"client": {"connect_code_to_unidirectional_disconnect": {"transforms": [{"code": %s}]}}})";
  const auto with = [&](const char* number) {
    std::string text = kText;
    json(text.replace(text.find("%s"), 2, number));
  };
  with("4294967295");
  EXPECT_EQ(loaded().client.connect_code_to_unidirectional_disconnect.transforms[0].code, 4294967295u);
  with("4294967296");
  EXPECT_THAT(error(), HasSubstr("must be a whole number from 0 to 4294967295"));
  with("-1");
  EXPECT_THAT(error(), HasSubstr("but it is the number -1"));
}

TEST_F(LoadTest, SecretsAreNotShownInErrors) {
  json(R"({"http_api": {"key": ["s3cret"]}, "client": {"token": {"hmac_secret_key": {"s3cret": 1}}}})");
  EXPECT_THAT(error(), Not(HasSubstr("s3cret")));
  json("{}");
  options_.env = {{"CENTRIFUGO_ADMIN_SECRET", "s3cret"}, {"CENTRIFUGO_ADMIN_SECRT", "s3cret"}};
  loaded();
  EXPECT_THAT(warnings_, ElementsAre("unknown environment variable CENTRIFUGO_ADMIN_SECRT; did you mean "
                                     "CENTRIFUGO_ADMIN_SECRET?"));
}

TEST_F(LoadTest, ValuesConvertWhereNothingIsLost) {
  json(R"({"http_server": {"port": "9000", "internal_port": 9001}, "health": {"enabled": "1"},
          "prometheus": {"enabled": 1}, "client": {"allowed_origins": "*", "concurrency": 2.0}})");
  const Config config = loaded();
  EXPECT_EQ(config.http_server.port, 9000);
  EXPECT_EQ(config.http_server.internal_port, "9001");
  EXPECT_TRUE(config.health.enabled);
  EXPECT_TRUE(config.prometheus.enabled);
  EXPECT_THAT(config.client.allowed_origins, ElementsAre("*"));
  EXPECT_EQ(config.client.concurrency, 2);
}

TEST_F(LoadTest, ZeroInAFileMeansTheDefault) {
  json(R"({"http_server": {"port": 0}, "client": {"ping_interval": "0s", "channel_limit": 0},
          "channel": {"private_prefix": "", "user_boundary": null}})");
  const Config config = loaded();
  EXPECT_EQ(config.http_server.port, 8000);
  EXPECT_EQ(config.client.ping_interval.seconds(), 25);
  EXPECT_EQ(config.client.channel_limit, 128);
  EXPECT_EQ(config.channel.private_prefix, "$");
  EXPECT_EQ(config.channel.user_boundary, "#");
}

TEST_F(LoadTest, KeysMatchInAnyCaseAndMayHaveDots) {
  json(R"({"HTTP_Server": {"PORT": 1}, "client.token.issuer": "me"})");
  const Config config = loaded();
  EXPECT_EQ(config.http_server.port, 1);
  EXPECT_EQ(config.client.token.issuer, "me");
}

TEST_F(LoadTest, LaterSourcesOverrideEarlierOnes) {
  json(R"({"http_server": {"port": 1, "internal_port": "1", "address": "file"}, "log": {"level": "debug"}})");
  options_.env = {{"CENTRIFUGO_HTTP_SERVER_PORT", "2"},
                  {"CENTRIFUGO_HTTP_SERVER_INTERNAL_PORT", "2"},
                  {"CENTRIFUGO_HTTP_SERVER_ADDRESS", "centrifugo"},
                  {"WHIRL_HTTP_SERVER_ADDRESS", "whirl"},
                  {"CENTRIFUGO_LOG_LEVEL", ""}};
  options_.flags = {{"http_server.port", "3"}};
  const Config config = loaded();
  EXPECT_EQ(config.http_server.port, 3);
  EXPECT_EQ(config.http_server.internal_port, "2");
  EXPECT_EQ(config.http_server.address, "whirl");
  EXPECT_EQ(config.log.level, "debug");
}

TEST_F(LoadTest, VariablesTakeEveryKind) {
  options_.env = {
      {"CENTRIFUGO_CLIENT_ALLOWED_ORIGINS", "https://a https://b"},
      {"CENTRIFUGO_CLIENT_PING_INTERVAL", "1m"},
      {"CENTRIFUGO_CLIENT_CHANNEL_LIMIT", "0"},
      {"CENTRIFUGO_HEALTH_ENABLED", "t"},
      {"CENTRIFUGO_CLIENT_PROXY_CONNECT_HTTP_STATIC_HEADERS", R"({"X": "${CENTRIFUGO_VAR_KEY}!"})"},
      {"CENTRIFUGO_CLIENT_PROXY_CONNECT_HTTP_STATUS_TO_CODE_TRANSFORMS",
       R"([{"status_code": 404, "to_error": {"code": 404}}])"},
      {"CENTRIFUGO_VAR_KEY", "secret"},
  };
  const Config config = loaded();
  EXPECT_THAT(config.client.allowed_origins, ElementsAre("https://a", "https://b"));
  EXPECT_EQ(config.client.ping_interval.seconds(), 60);
  EXPECT_EQ(config.client.channel_limit, 0);
  EXPECT_TRUE(config.health.enabled);
  EXPECT_EQ(config.client.proxy.connect.http.static_headers.at("X"), "secret!");
  ASSERT_EQ(config.client.proxy.connect.http.status_to_code_transforms.size(), 1u);
  EXPECT_EQ(config.client.proxy.connect.http.status_to_code_transforms[0].to_error.code, 404u);
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(LoadTest, VariablesSetOptionsOfNamedItems) {
  json(R"({"channel": {"namespaces": [{"name": "from-file"}]}})");
  options_.env = {
      {"CENTRIFUGO_CHANNEL_NAMESPACES", "chat news"},
      {"CENTRIFUGO_CHANNEL_NAMESPACES_FROM_FILE_PRESENCE", "true"},
      {"CENTRIFUGO_CHANNEL_NAMESPACES_CHAT_HISTORY_TTL", "60s"},
      {"WHIRL_CHANNEL_NAMESPACES_NEWS_MAP_MODE", "ephemeral"},
      {"CENTRIFUGO_CONSUMERS", R"([{"name": "queue", "type": "kafka"}])"},
      {"CENTRIFUGO_CONSUMERS_QUEUE_KAFKA_TOPICS", "a b"},
  };
  const Config config = loaded();
  ASSERT_EQ(config.channel.namespaces.size(), 3u);
  EXPECT_TRUE(config.channel.namespaces[0].presence);
  EXPECT_EQ(config.channel.namespaces[1].name, "chat");
  EXPECT_EQ(config.channel.namespaces[1].history_ttl.seconds(), 60);
  EXPECT_EQ(config.channel.namespaces[2].map.mode, "ephemeral");
  ASSERT_EQ(config.consumers.size(), 1u);
  EXPECT_THAT(config.consumers[0].kafka.topics, ElementsAre("a", "b"));
  EXPECT_EQ(config.consumers[0].kafka.max_poll_records, 100);
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(LoadTest, VariablesOfKubernetesAreNotReported) {
  options_.env = {{"CENTRIFUGO_PORT", "x"},
                  {"CENTRIFUGO_API_SERVICE_HOST", "x"},
                  {"CENTRIFUGO_NO_SUCH_OPTION", "1"},
                  {"OTHER_THING", "1"}};
  loaded();
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("CENTRIFUGO_NO_SUCH_OPTION")));
}

TEST_F(LoadTest, UnknownKeysInVariablesAreReported) {
  options_.env = {{"CENTRIFUGO_PROXIES", R"([{"name": "px", "endpont": "http://x"}])"}};
  loaded();
  EXPECT_THAT(warnings_, ElementsAre("environment: unknown option CENTRIFUGO_PROXIES.endpont"));
}

TEST_F(LoadTest, WrongVariablesNameThemselves) {
  options_.env = {{"CENTRIFUGO_HTTP_SERVER_PORT", "many"}};
  EXPECT_THAT(error(), HasSubstr("environment: CENTRIFUGO_HTTP_SERVER_PORT must be a whole number"));
  options_.env = {{"CENTRIFUGO_PROXIES", "[{"}};
  EXPECT_THAT(error(), HasSubstr("CENTRIFUGO_PROXIES must be a list of objects in JSON"));
  options_.env = {{"CENTRIFUGO_RPC_PROXY_HTTP_STATIC_HEADERS", R"({"X": "${CENTRIFUGO_VAR_NONE}"})"}};
  EXPECT_THAT(error(), HasSubstr("uses the environment variable CENTRIFUGO_VAR_NONE, which is not set"));
}

TEST_F(LoadTest, WrongFlagsNameThemselves) {
  options_.flags = {{"http_server.port", "x"}};
  EXPECT_THAT(error(), HasSubstr("command line: http_server.port must be a whole number"));
  options_.flags = {{"http_server.prt", "1"}};
  EXPECT_THAT(error(), HasSubstr("there is no option http_server.prt"));
}

TEST(DotEnv, AddsVariablesThatAreNotSet) {
  Environment env = {{"A", "kept"}};
  ASSERT_TRUE(add_variables(
      env, "# comment\nA=1\nexport B = two words # comment\n\nC=\"a\\n\\\"b\\\"\"\nD='$x #y'\nE=\n", ".env"));
  EXPECT_EQ(env,
            (Environment{{"A", "kept"}, {"B", "two words"}, {"C", "a\n\"b\""}, {"D", "$x #y"}, {"E", ""}}));
  EXPECT_EQ(add_variables(env, "A=1\nnonsense\n", ".env").error().message, ".env: line 2 must be NAME=value");
  EXPECT_FALSE(add_variables(env, "A=\"open", ".env"));
}

}  // namespace
}  // namespace whirl::config
