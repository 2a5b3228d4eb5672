#include "app/engine.h"

#include <gmock/gmock.h>

namespace whirl::app {
namespace {

using ::testing::HasSubstr;

std::string verdict(const config::Config& config) {
  auto good = check_engine(config);
  return good ? "" : good.error().message;
}

config::NamedBroker broker(std::string name, std::string type) {
  config::NamedBroker out;
  out.enabled = true;
  out.name = std::move(name);
  out.type = std::move(type);
  return out;
}

TEST(EngineTest, WhatIsWrongIsKnownWithoutConnecting) {
  config::Config config;
  EXPECT_EQ(verdict(config), "");
  config.engine.type = "redis";
  config.engine.redis.address = {"nowhere"};
  EXPECT_THAT(verdict(config), HasSubstr("engine.redis.address[0]"));
  config.engine.redis.address = {"redis://a:1"};
  config.engine.redis.sharded_pub_sub_partitions = 16;
  EXPECT_THAT(verdict(config), HasSubstr("engine.redis.sharded_pub_sub_partitions needs a Redis Cluster"));
  config.engine.redis.cluster_address = {"a:1"};
  EXPECT_EQ(verdict(config), "");

  config.broker.enabled = true;
  config.broker.type = "nats";
  config.broker.nats.url = "nats://ann:secret@a:port";
  EXPECT_EQ(verdict(config), "broker.nats.url: \"a:port\" is not the URL of a NATS server: nats://host:4222");
  config.broker.nats.url = "nats://a:1, nats://b:1";
  EXPECT_EQ(verdict(config), "");
}

TEST(EngineTest, EnginesOfNamespacesAreLookedAtWhenEnabled) {
  config::Config config;
  config.brokers = {broker("one", "redis"), broker("two", "nats")};
  config.brokers[0].redis.address = {"redis://a:1/x"};
  config.brokers[1].nats.url = "http://a";
  EXPECT_THAT(verdict(config), HasSubstr("brokers[0].redis.address[0]"));
  config.brokers[0].enabled = false;
  EXPECT_THAT(verdict(config), HasSubstr("brokers[1].nats.url"));
  config.brokers[1].nats.url = "nats://a";
  EXPECT_EQ(verdict(config), "");
  config::NamedPresenceManager presence;
  presence.enabled = true;
  presence.type = "redis";
  presence.redis.address = {};
  config.presence_managers = {presence};
  EXPECT_THAT(verdict(config), HasSubstr("presence_managers[0].redis.address is empty"));
}

TEST(EngineTest, ANamespaceKeepsItsEngineUntilARestart) {
  config::Config running;
  running.channel.namespaces.resize(1);
  running.channel.namespaces[0].name = "news";
  running.channel.namespaces[0].broker_name = "one";
  config::Config next = running;
  EXPECT_TRUE(keeps_engines(running, next));
  next.channel.namespaces.resize(2);
  next.channel.namespaces[1].name = "chat";
  EXPECT_TRUE(keeps_engines(running, next)) << "a new one may use the server's";
  next.channel.namespaces[1].broker_name = "one";
  EXPECT_FALSE(keeps_engines(running, next));
  next = running;
  next.channel.namespaces[0].broker_name = "two";
  EXPECT_THAT(keeps_engines(running, next).error().message, HasSubstr("channel.namespaces news"));
  next = running;
  next.channel.without_namespace.presence_manager_name = "one";
  EXPECT_FALSE(keeps_engines(running, next));
}

}  // namespace
}  // namespace whirl::app
