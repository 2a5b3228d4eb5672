#include "config/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.h"
#include "config/unbuilt.h"

namespace whirl::config {
namespace {

using testing::HasSubstr;

/// What validate() says about options given as JSON; empty if they are fine.
std::string verdict(std::string_view json) {
  Config config;
  const Environment env;
  Application application{"test", env, {}};
  const auto tree = parse_json(json);
  EXPECT_TRUE(tree) << json;
  const auto applied = application.apply(Config::table(), &config, *tree->as<Map>(), "");
  EXPECT_TRUE(applied) << json;
  EXPECT_TRUE(application.unknown.empty()) << json << ": " << application.unknown[0].path;
  const auto result = validate(config);
  return result ? "" : result.error().message;
}

struct Case {
  const char* json;
  const char* message;
};

void expect_all(std::initializer_list<Case> cases) {
  for (const Case& c : cases) EXPECT_THAT(verdict(c.json), HasSubstr(c.message)) << c.json;
}

/// The options of one namespace, as JSON.
std::string ns(std::string_view options) {
  return fmt::format(R"({{"channel": {{"namespaces": [{{"name": "ns", {}}}]}}}})", options);
}

TEST(Validate, DefaultsAreFine) {
  EXPECT_EQ(verdict("{}"), "");
}

TEST(Validate, Server) {
  expect_all({
      {R"({"http_server": {"h2c_external": true}})", "needs an http_server.internal_port"},
      {R"({"http_server": {"h2c_external": true, "internal_port": "8000"}})",
       "needs an http_server.internal_port"},
      {R"({"http_server": {"h2c_external": true, "internal_port": "9", "tls": {"enabled": true}}})",
       "cannot be used together with http_server.tls.enabled"},
      {R"({"http_server": {"http3": {"enabled": true}}})", "needs http_server.tls.enabled"},
      {R"({"http_server": {"http3": {"enabled": true}, "tls": {"enabled": true},
                           "tls_autocert": {"enabled": true}}})",
       "cannot be used together with http_server.tls_autocert.enabled"},
      {R"({"webtransport": {"enabled": true}})", "needs http_server.http3.enabled"},
      {R"({"log": {"level": "loud"}})", "log.level"},
      {R"({"engine": {"type": "x"}})", "engine.type is \"x\", but must be one of: memory, redis"},
      {R"({"broker": {"type": "carrier-pigeon"}})", "broker.type is \"carrier-pigeon\""},
      {R"({"presence_manager": {"type": "nats"}})", "presence_manager.type"},
      {R"({"map_broker": {"type": "nats"}})", "map_broker.type"},
      {R"({"controller": {"enabled": true, "type": "nats"}})", "controller.type"},
  });
  EXPECT_EQ(verdict(R"({"log": {"level": "DEBUG"}})"), "");
}

TEST(Validate, EnginesOfNamespaces) {
  expect_all({
      {R"({"brokers": [{"enabled": true, "type": "redis"}]})", "brokers[0].name is \"\""},
      {R"({"brokers": [{"name": "aa", "type": "redisnats"}]})", "brokers[0].type is \"redisnats\""},
      {R"({"brokers": [{"name": "aa"}, {"name": "aa"}]})",
       "brokers[0].name is \"aa\", but another has that name"},
      {R"({"brokers": [{"enabled": true, "name": "aa", "type": "postgres"}]})",
       "brokers[0].type is postgres"},
      {R"({"presence_managers": [{"name": "aa", "type": "nats"}]})", "presence_managers[0].type is \"nats\""},
      {R"({"channel": {"without_namespace": {"broker_name": "aa"}}})",
       "channel.without_namespace.broker_name is \"aa\", but none of brokers has that name"},
      {R"({"brokers": [{"name": "aa"}], "channel": {"namespaces": [{"name": "xx", "broker_name": "aa"}]}})",
       "channel.namespaces[0].broker_name is \"aa\", but that one of brokers is not enabled"},
      {R"({"channel": {"namespaces": [{"name": "xx", "presence_manager_name": "aa"}]}})",
       "channel.namespaces[0].presence_manager_name is \"aa\", but none of presence_managers"},
  });
  EXPECT_EQ(verdict(R"({"brokers": [{"enabled": true, "name": "aa", "type": "redis"}],
                        "presence_managers": [{"enabled": true, "name": "aa"}],
                        "channel": {"without_namespace": {"broker_name": "aa", "presence_manager_name": "aa"}}})"),
            "");
}

TEST(Validate, Client) {
  expect_all({
      {R"({"client": {"ping_interval": "8s"}})",
       "client.ping_interval (8s) must be greater than client.pong_timeout (8s)"},
      {R"({"client": {"token": {"user_id_claim": "a.b"}}})", "client.token.user_id_claim"},
      {R"({"client": {"subscription_token": {"user_id_claim": "a1"}}})",
       "client.subscription_token.user_id_claim"},
      {R"({"client": {"proxy": {"connect": {"enabled": true}}}})",
       "client.proxy.connect.endpoint must be set"},
      {R"({"client": {"proxy": {"refresh": {"enabled": true}}}})",
       "client.proxy.refresh.endpoint must be set"},
      {R"({"client": {"connect_code_to_unidirectional_disconnect": {"transforms": [{}]}}})",
       "transforms[0].code"},
      {R"({"client": {"connect_code_to_unidirectional_disconnect": {"transforms": [{"code": 1}]}}})",
       "to.code"},
      {R"({"client": {"connect_code_to_unidirectional_disconnect": {"transforms":
         [{"code": 1, "to": {"code": 1, "reason": "ü"}}]}}})",
       "to.reason must be ASCII"},
      {R"({"uni_sse": {"connect_code_to_http_response": {"transforms": [{"code": 1}]}}})", "to.status_code"},
      {R"({"uni_http_stream": {"connect_code_to_http_response": {"transforms": [{}]}}})",
       "transforms[0].code"},
  });
}

TEST(Validate, PersonalChannels) {
  expect_all({
      {R"({"client": {"subscribe_to_user_personal_channel": {"enabled": true, "personal_channel_namespace": "x"}}})",
       "there is no such namespace"},
      {R"({"client": {"subscribe_to_user_personal_channel": {"enabled": true, "single_connection": true}}})",
       "single_connection needs presence in channel.without_namespace"},
      {R"({"client": {"subscribe_to_user_personal_channel": {"enabled": true, "single_connection": true,
         "personal_channel_namespace": "me"}}, "channel": {"namespaces": [{"name": "me"}]}})",
       "needs presence in the namespace \"me\""},
  });
  EXPECT_EQ(
      verdict(
          R"({"client": {"subscribe_to_user_personal_channel": {"enabled": true, "single_connection": true,
         "personal_channel_namespace": "me"}}, "channel": {"namespaces": [{"name": "me", "presence": true}]}})"),
      "");
}

TEST(Validate, Namespaces) {
  expect_all({
      {R"({"channel": {"namespaces": [{"name": "a b"}]}})", "channel.namespaces[0].name is \"a b\""},
      {R"({"channel": {"namespaces": [{"name": "x"}]}})", "at least two letters"},
      {R"({"channel": {"namespaces": [{"name": "aa"}, {"name": "aa"}]}})", "which another namespace has too"},
      {R"({"rpc": {"namespaces": [{"name": "!"}]}})", "rpc.namespaces[0].name"},
      {R"({"rpc": {"namespaces": [{"name": "aa"}, {"name": "aa"}]}})", "which another namespace has too"},
      {R"({"rpc": {"namespaces": [{"name": "aa", "proxy_name": "x"}]}})", "there is no proxy with that name"},
      {R"({"rpc": {"without_namespace": {"proxy_name": "x"}}})", "rpc.without_namespace.proxy_name"},
      {R"({"channel": {"publication_data_format": "xml"}})", "channel.publication_data_format is \"xml\""},
      {R"({"channel": {"history_meta_ttl": "1500ms"}})",
       "channel.history_meta_ttl is 1.5s, but must be whole seconds"},
  });
}

TEST(Validate, ChannelOptions) {
  const std::pair<const char*, const char*> cases[] = {
      {R"("history_size": 10)", "history_size needs history_ttl as well"},
      {R"("history_ttl": "10s")", "history_ttl needs history_size as well"},
      {R"("history_size": 1, "history_ttl": "1500ms")", "history_ttl is 1.5s, but must be whole seconds"},
      {R"("history_size": 1, "history_ttl": "60s", "history_meta_ttl": "10s")",
       "history_ttl (1m0s) must not be greater than history_meta_ttl (10s)"},
      {R"("history_size": 1, "history_ttl": "721h")", "must not be greater than history_meta_ttl (720h0m0s)"},
      {R"("force_recovery": true)", "force_recovery needs history_size and history_ttl"},
      {R"("force_recovery_mode": "fast")",
       "force_recovery_mode is \"fast\", but must be one of: stream, cache"},
      {R"("auto_cache_recover": true)", "auto_cache_recover needs force_recovery"},
      {R"("channel_regex": "[")", "channel_regex is \"[\""},
      {R"("allowed_delta_types": ["xor"])", "allowed_delta_types is \"xor\", but must be one of: fossil"},
      {R"("publication_data_format": "xml")", "must be one of: json, json_object, binary"},
      {R"("subscription_type": "table")", "subscription_type is \"table\""},
      {R"("subscribe_proxy_enabled": true, "subscribe_proxy_name": "ghost")",
       "subscribe_proxy_name is \"ghost\", but there is no proxy with that name"},
      {R"("publish_proxy_enabled": true)", "channel.proxy.publish.endpoint must be set"},
      {R"("subscription_type": "shared_poll")", "needs shared_poll.hmac_secret_key"},
      {R"("map_clients_presence_channel_prefix": "none:")", "but there is no namespace \"none\""},
      {R"("map_users_presence_channel_prefix": "ns:")", "must be \"map_users\""},
  };
  for (const auto& [options, message] : cases) {
    EXPECT_THAT(verdict(ns(options)), HasSubstr(message)) << options;
    EXPECT_THAT(verdict(ns(options)), HasSubstr("channel.namespaces[0] (ns)")) << options;
  }
  EXPECT_THAT(verdict(R"({"channel": {"without_namespace": {"history_size": 1}}})"),
              HasSubstr("channel.without_namespace.history_size needs"));
  EXPECT_EQ(verdict(ns(R"("history_size": 1, "history_ttl": "60s", "force_recovery": true,
                          "force_recovery_mode": "cache", "auto_cache_recover": true,
                          "allowed_delta_types": ["fossil"], "channel_regex": "^\\p{L}+$")")),
            "");
}

TEST(Validate, MapOptions) {
  const std::pair<const char*, const char*> cases[] = {
      {R"("subscription_type": "map")", "mode must be set"},
      {R"("map": {"mode": "x"})", "map.mode is \"x\""},
      {R"("map": {"mode": "ephemeral"})", "key_ttl must be greater than zero"},
      {R"("map": {"mode": "persistent", "key_ttl": "1s"})", "key_ttl must not be set"},
      {R"("subscription_type": "map_users", "map": {"mode": "persistent"})",
       "\"ephemeral\" or \"recoverable\""},
      {R"("map": {"mode": "ephemeral", "key_ttl": "1s", "stream_size": 1})", "stream_size must not be set"},
      {R"("map": {"mode": "ephemeral", "key_ttl": "1s", "stream_ttl": "1s"})", "stream_ttl must not be set"},
      {R"("map": {"mode": "ephemeral", "key_ttl": "1s", "meta_ttl": "1s"})", "meta_ttl must not be set"},
      {R"("map": {"mode": "persistent", "stream_size": -1})", "stream_size must not be negative"},
      {R"("map": {"mode": "persistent", "meta_ttl": "1s"})",
       "meta_ttl (1s) must not be less than stream_ttl (1m0s)"},
      {R"("map": {"remove_client_on_unsubscribe": true})", "remove_client_on_unsubscribe needs"},
      {R"("map": {"client_key": "x"})", "client_key is \"x\", but must be one of: client_id, user_id"},
      {R"("map": {"client_key": "user_id", "remove_proxy_enabled": true, "remove_proxy_name": ""})",
       "channel.proxy.map_remove.endpoint must be set"},
      {R"("map": {"min_page_size": -1})", "min_page_size must not be negative"},
      {R"("map": {"min_page_size": 5, "max_page_size": 4})", "min_page_size (5) must not be greater"},
      {R"("map": {"default_page_size": 5, "max_page_size": 4})", "default_page_size (5) must not be greater"},
      {R"("map": {"default_page_size": 5, "min_page_size": 6})", "default_page_size (5) must not be less"},
  };
  for (const auto& [options, message] : cases)
    EXPECT_THAT(verdict(ns(options)), HasSubstr(message)) << options;
}

TEST(Validate, Proxies) {
  const std::string connect =
      R"({"client": {"proxy": {"connect": {"enabled": true, "endpoint": "http://x", %s}}}})";
  const std::pair<const char*, const char*> transforms[] = {
      {R"({})", "status_to_code_transforms[0].status_code must be set"},
      {R"({"status_code": 1})", "must have either to_error.code or to_disconnect.code"},
      {R"({"status_code": 1, "to_error": {"code": 1}, "to_disconnect": {"code": 1}})", "must have either"},
      {R"({"status_code": 1, "to_error": {"code": 1, "message": "ü"}})", "to_error.message must be ASCII"},
  };
  for (const auto& [transform, message] : transforms) {
    std::string json = connect;
    json.replace(json.find("%s"), 2,
                 fmt::format(R"("http": {{"status_to_code_transforms": [{}]}})", transform));
    EXPECT_THAT(verdict(json), HasSubstr(message)) << transform;
  }
  const std::string long_reason(124, 'x');
  EXPECT_THAT(verdict(fmt::format(R"({{"proxies": [{{"name": "px", "endpoint": "x", "http": {{
      "status_to_code_transforms": [{{"status_code": 1, "to_disconnect": {{"code": 1, "reason": "{}"}}}}]}}}}]}})",
                                  long_reason)),
              HasSubstr("at most 123 characters"));
  expect_all({
      {R"({"proxies": [{"name": "default", "endpoint": "x"}]})", "which is reserved"},
      {R"({"proxies": [{"name": "a", "endpoint": "x"}]})", "proxies[0].name"},
      {R"({"proxies": [{"name": "aa"}]})", "proxies[0].endpoint must be set"},
      {R"({"proxies": [{"name": "aa", "endpoint": "x"}, {"name": "aa", "endpoint": "x"}]})", "another proxy"},
  });
  EXPECT_THAT(
      verdict(R"({"proxies": [{"name": "aa", "endpoint": "grpc://x"}], "channel": {"without_namespace":
              {"subscribe_stream_proxy_enabled": true, "subscribe_stream_proxy_name": "aa",
               "publish_proxy_enabled": true, "publish_proxy_name": "aa"}}})"),
      HasSubstr("cannot be used together"));
}

TEST(Validate, Consumers) {
  expect_all({
      {R"({"consumers": [{"name": "a-b", "type": "kafka"}]})", "consumers[0].name is \"a-b\""},
      {R"({"consumers": [{"name": "aa", "type": "x"}]})", "consumers[0].type is \"x\""},
      {R"({"consumers": [{"name": "aa", "type": "kafka"}, {"name": "aa", "type": "kafka"}]})",
       "another consumer"},
      {R"({"consumers": [{"name": "aa", "type": "kafka", "enabled": true}]})",
       "consumers[0] (aa).kafka.brokers must be set"},
      {R"({"consumers": [{"name": "aa", "type": "postgresql", "enabled": true}]})", "dsn must be set"},
      {R"({"consumers": [{"name": "aa", "type": "redis_stream", "enabled": true}]})", "streams must be set"},
      {R"({"consumers": [{"name": "aa", "type": "nats_jetstream", "enabled": true}]})",
       "stream_name must be set"},
      {R"({"consumers": [{"name": "aa", "type": "google_pub_sub", "enabled": true}]})",
       "project_id must be set"},
      {R"({"consumers": [{"name": "aa", "type": "aws_sqs", "enabled": true}]})", "queues must be set"},
      {R"({"consumers": [{"name": "aa", "type": "azure_service_bus", "enabled": true}]})",
       "connection_string"},
  });
  EXPECT_EQ(verdict(R"({"consumers": [{"name": "aa", "type": "kafka"}]})"), "");
}

TEST(Unbuilt, OptionsOfMissingFeaturesAreRefused) {
  expect_all({
      {R"({"swagger": {"enabled": true}})",
       "swagger.enabled is true, but this build does not have the description of the HTTP API"},
      {R"({"consumers": [{"name": "aa", "type": "aws_sqs", "aws_sqs": {"queues": ["x"]}, "enabled": true}]})",
       "consumers[0].enabled is true"},
      {R"({"broker": {"enabled": true, "type": "postgres"}})", "broker.type is postgres"},
  });
  EXPECT_EQ(verdict(R"({"broker": {"enabled": false, "type": "postgres"}})"), "");
  EXPECT_EQ(verdict(ns(R"("subscription_type": "stream")")), "");
}

/// Whether a path of the list means something: `*` stands for anything, so the last part is looked for
/// everywhere.
bool names_an_option(const Table& table, std::string_view last) {
  for (const Option& option : table.options()) {
    if (std::string(option.name).ends_with(last)) return true;
    if (option.holds_objects() && names_an_option(*option.object(), last)) return true;
  }
  return false;
}

TEST(Unbuilt, EveryRowNamesAnOption) {
  for (const Unbuilt& row : unbuilt()) {
    const std::size_t start = row.option.find_last_of(".*");
    EXPECT_TRUE(names_an_option(Config::table(), row.option.substr(start + 1))) << row.option;
  }
}

}  // namespace
}  // namespace whirl::config
