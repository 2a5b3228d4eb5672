#include "app/cli/cli.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/cli/commands.h"
#include "app/cli/tokens.h"
#include "base/version.h"
#include "config/documentation.h"
#include "config/text.h"

namespace whirl::app::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// Runs the program in this process, in a directory of its own.
class CliTest : public testing::Test {
 protected:
  CliTest() : dir_(testing::TempDir() + "whirl_cli_" + std::to_string(getpid()) + "/") {
    std::filesystem::create_directories(dir_);
  }
  ~CliTest() override { std::filesystem::remove_all(dir_); }

  std::string file(const std::string& name, const std::string& text) {
    std::ofstream(dir_ + name) << text;
    return dir_ + name;
  }
  static std::string read(const std::string& path) {
    std::ifstream in(path);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }

  /// The exit code; what was printed is in out_ and err_.
  int run(std::vector<const char*> words) {
    static const Command kStandard = {"", "",
                                      [](Flags&) -> std::function<int()> { return [] { return 77; }; }};
    words.insert(words.begin(), "whirl");
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = cli::run(static_cast<int>(words.size()), words.data(), kStandard, commands());
    std::fflush(stdout);
    out_ = testing::internal::GetCapturedStdout();
    err_ = testing::internal::GetCapturedStderr();
    return code;
  }

  std::string secret_config() {
    return file("secret.json",
                R"({"client": {"token": {"hmac_secret_key": "0123456789abcdef0123456789abcdef"}}})");
  }

  std::string dir_, out_, err_;
};

TEST_F(CliTest, WithoutASubcommandTheStandardOneRuns) {
  EXPECT_EQ(run({}), 77);
}

TEST_F(CliTest, WhatIsNotUnderstoodIsExplained) {
  for (const char* word : {"frobnicate", "--frobnicate"}) {
    EXPECT_EQ(run({word}), 0);
    EXPECT_THAT(err_, HasSubstr("frobnicate"));
  }
  EXPECT_EQ(run({"gentoken", "-t", "soon"}), 0);
  EXPECT_THAT(err_, HasSubstr("soon"));
  EXPECT_EQ(run({"--help"}), 0);
  for (const Command& command : commands()) EXPECT_THAT(out_, HasSubstr(command.name));
}

TEST_F(CliTest, VersionIsTheProjects) {
  EXPECT_EQ(run({"version"}), 0);
  EXPECT_EQ(out_, fmt::format("Whirl v{}\n", kVersion));
  EXPECT_THAT(read(std::string(WHIRL_SOURCE_DIR) + "/CMakeLists.txt"),
              HasSubstr(fmt::format("project(whirl VERSION {} ", kVersion)));
}

TEST_F(CliTest, CheckconfigFailsOnWhatTheServerWouldRefuse) {
  EXPECT_EQ(run({"checkconfig", "-c", secret_config().c_str()}), 0);
  EXPECT_EQ(out_ + err_, "");
  EXPECT_EQ(run({"checkconfig", "-c", file("a.json", "{").c_str()}), 1);
  EXPECT_THAT(err_, HasSubstr("a.json: not valid JSON"));
  EXPECT_EQ(run({"checkconfig", "-c", (dir_ + "none.json").c_str()}), 1);
  EXPECT_THAT(err_, HasSubstr("there is no such file"));
  EXPECT_EQ(run({"checkconfig", "-c", file("b.json", R"({"broker": {"type": "x"}})").c_str()}), 1);
  EXPECT_THAT(err_, HasSubstr("broker.type"));
  const std::string redis = R"({"engine": {"type": "redis", "redis": {"address": "redis://:pw@a"}}})";
  EXPECT_EQ(run({"checkconfig", "-c", file("c.json", redis).c_str()}), 1);
  EXPECT_THAT(err_, HasSubstr("engine.redis.address[0]: \"a\" is not host:port"));
}

TEST_F(CliTest, CheckconfigMindsUnknownKeysIfStrict) {
  const std::string path = file("a.json", R"({"colour": 1, "client": {"tokn": {}}})");
  EXPECT_EQ(run({"checkconfig", "-c", path.c_str()}), 0);
  EXPECT_EQ(out_, "");
  EXPECT_THAT(err_, HasSubstr("did you mean token?"));
  EXPECT_EQ(run({"checkconfig", "-c", path.c_str(), "--strict"}), 1);
  EXPECT_EQ(out_, "unknown keys: colour, client.tokn\n");
}

TEST_F(CliTest, GenconfigWritesWhatCheckconfigAccepts) {
  for (const char* name : {"a.json", "a.yaml", "a.yml", "a.toml"}) {
    const std::string path = dir_ + name;
    EXPECT_EQ(run({"genconfig", "-c", path.c_str()}), 0) << err_;
    EXPECT_EQ(run({"checkconfig", "-c", path.c_str(), "--strict"}), 0) << err_;
    EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms(0600));
    EXPECT_EQ(run({"genconfig", "-c", path.c_str()}), 1);
    EXPECT_THAT(err_, HasSubstr("cannot be created"));
  }
  EXPECT_NE(read(dir_ + "a.yaml"), read(dir_ + "a.yml")) << "secrets are random";
  EXPECT_EQ(run({"genconfig", "-c", (dir_ + "a.txt").c_str()}), 1);
  EXPECT_FALSE(std::filesystem::exists(dir_ + "a.txt"));
}

TEST_F(CliTest, DefaultconfigPrintsOrWritesEverything) {
  EXPECT_EQ(run({"defaultconfig", "--dry-run"}), 0);
  EXPECT_EQ(out_, config::write_json(
                      config::to_value(config::Config::table(), config::Config::table().defaults())));
  const std::string base = file("base.json", R"({"http_server": {"port": 9}})");
  const std::string path = dir_ + "all.toml";
  EXPECT_EQ(run({"defaultconfig", "-c", path.c_str(), "-b", base.c_str()}), 0) << err_;
  EXPECT_THAT(read(path), HasSubstr("[http_server]\naddress = \"\"\nport = 9\n"));
  EXPECT_EQ(run({"checkconfig", "-c", path.c_str(), "--strict"}), 0) << out_ << err_;
}

TEST_F(CliTest, DefaultenvPrintsVariables) {
  EXPECT_EQ(run({"defaultenv"}), 0);
  EXPECT_EQ(out_, config::write_environment(config::Config(), false));
  const std::string base =
      file("base.json",
           R"({"channel": {"namespaces": [{"name": "chat", "presence": true}]}, "log": {"level": "warn"}})");
  EXPECT_EQ(run({"defaultenv", "-b", base.c_str(), "--base-non-zero-only"}), 0);
  EXPECT_EQ(out_,
            "CENTRIFUGO_CHANNEL_NAMESPACES=\"chat\"\n"
            "CENTRIFUGO_CHANNEL_NAMESPACES_CHAT_NAME=\"chat\"\n"
            "CENTRIFUGO_CHANNEL_NAMESPACES_CHAT_PRESENCE=true\n"
            "CENTRIFUGO_LOG_LEVEL=\"warn\"\n");
}

TEST_F(CliTest, ConfigdocPrintsTheDocumentation) {
  EXPECT_EQ(run({"configdoc", "-m"}), 0);
  EXPECT_EQ(out_, config::write_markdown());
  EXPECT_EQ(run({"configdoc", "--markdown", "--section", "log", "-l", "1"}), 0);
  EXPECT_THAT(out_, StartsWith("### log\n"));
}

TEST_F(CliTest, TokensThatAreMadeAreGood) {
  const std::string path = secret_config();
  EXPECT_EQ(run({"gentoken", "-c", path.c_str(), "-u", "ann", "-t", "3600"}), 0);
  EXPECT_THAT(out_, StartsWith("HMAC SHA-256 JWT for user \"ann\" with expiration TTL 1h0m0s:\ney"));
  EXPECT_EQ(run({"gentoken", "-c", path.c_str(), "-t", "-1"}), 0);
  EXPECT_THAT(out_, StartsWith("HMAC SHA-256 JWT for anonymous user without expiration:\ney"));
  EXPECT_EQ(run({"gentoken", "-c", path.c_str(), "-u", "ann", "-q"}), 0);
  const std::string token = out_;
  EXPECT_EQ(run({"checktoken", "-c", path.c_str(), token.c_str()}), 0) << err_;
  EXPECT_THAT(out_, StartsWith("valid token for user ann\npayload: {\"sub\":\"ann\",\"exp\":"));
}

TEST_F(CliTest, SubscriptionTokensThatAreMadeAreGood) {
  const std::string path =
      file("own.json", R"({"client": {"token": {"hmac_secret_key": "a"}, "subscription_token":
      {"enabled": true, "hmac_secret_key": "0123456789abcdef0123456789abcdef"}}})");
  EXPECT_EQ(run({"gensubtoken", "-c", path.c_str(), "-s", "news", "-u", "ann"}), 0) << err_;
  EXPECT_THAT(
      out_,
      StartsWith("HMAC SHA-256 JWT for user \"ann\" and channel \"news\" with expiration TTL 168h0m0s:\n"));
  EXPECT_EQ(run({"gensubtoken", "-c", path.c_str(), "-s", "news", "-q"}), 0);
  const std::string token = out_;
  EXPECT_EQ(run({"checksubtoken", "-c", path.c_str(), token.c_str()}), 0) << err_;
  EXPECT_THAT(out_,
              StartsWith("valid subscription token for anonymous user and channel \"news\"\npayload: {"));
  EXPECT_EQ(run({"gensubtoken", "-c", path.c_str(), "-u", "ann"}), 1);
  EXPECT_THAT(err_, HasSubstr("a channel is required"));
}

TEST_F(CliTest, BadTokensAreExplained) {
  const std::string path = secret_config();
  EXPECT_EQ(run({"checktoken", "-c", path.c_str(), "garbage"}), 1);
  EXPECT_NE(err_, "");
  EXPECT_EQ(run({"checktoken", "-c", path.c_str()}), 1);
  EXPECT_THAT(err_, HasSubstr("give one token"));
  EXPECT_EQ(run({"gensubtoken", "-c", path.c_str(), "-s", "none:room", "-q"}), 0);
  const std::string token = out_;
  EXPECT_EQ(run({"checksubtoken", "-c", path.c_str(), token.c_str()}), 1);
  EXPECT_THAT(err_, HasSubstr("namespace does not exist"));
  EXPECT_EQ(run({"checktoken", "-c", path.c_str(), (token + "x").c_str()}), 1);
  EXPECT_EQ(run({"gentoken", "-c", file("no.json", "{}").c_str()}), 1);
  EXPECT_THAT(err_, HasSubstr("there is no hmac_secret_key"));
}

TEST(Tokens, SayWhoAndUntilWhen) {
  config::Token section;
  section.hmac_secret_key = "k";
  section.user_id_claim = "uid";
  TokenFlags flags;
  flags.user = "ann";
  flags.ttl = 0;
  const auto token = make_token(section, flags, 100);
  ASSERT_TRUE(token);
  EXPECT_EQ(name_ttl(0), "with expiration TTL 0s");
  EXPECT_EQ(name_ttl(-1), "without expiration");
}

}  // namespace
}  // namespace whirl::app::cli
