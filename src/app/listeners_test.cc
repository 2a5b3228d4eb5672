#include "app/listeners.h"

#include <gtest/gtest.h>

#include "testing/tls_identity.h"

namespace whirl::app {
namespace {

config::Config base_config() {
  config::Config config;
  config.http_server.address = "127.0.0.1";
  config.health.enabled = true;
  return config;
}

TEST(Listeners, OneAddressServesEverything) {
  auto plan = plan_listeners(base_config());
  ASSERT_TRUE(plan) << plan.error().message;
  ASSERT_EQ(plan->size(), 1u);
  EXPECT_EQ(plan->front().address.text(), "127.0.0.1:8000");
  EXPECT_EQ(plan->front().endpoint_names(), "websocket, api, health");
}

TEST(Listeners, AnInternalPortTakesWhatIsNotForClients) {
  config::Config config = base_config();
  config.http_server.internal_port = "9000";
  config.prometheus.enabled = true;
  auto plan = plan_listeners(config);
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->size(), 2u);
  EXPECT_EQ((*plan)[0].endpoint_names(), "websocket");
  EXPECT_EQ((*plan)[1].address.text(), "127.0.0.1:9000");
  EXPECT_EQ((*plan)[1].endpoint_names(), "api, prometheus, health");
}

TEST(Listeners, TheApiCanBeExternalOrOff) {
  config::Config config = base_config();
  config.http_server.internal_port = "9000";
  config.http_api.external = true;
  config.websocket.disabled = true;
  auto plan = plan_listeners(config);
  ASSERT_TRUE(plan);
  EXPECT_EQ((*plan)[0].endpoint_names(), "api");
  config.http_api.disabled = true;
  plan = plan_listeners(config);
  ASSERT_EQ(plan->size(), 1u);
  EXPECT_EQ(plan->front().endpoint_names(), "health");
}

TEST(Listeners, AnInternalAddressMayShareThePort) {
  config::Config config = base_config();
  config.http_server.internal_address = "127.0.0.2";
  auto plan = plan_listeners(config);
  ASSERT_EQ(plan->size(), 2u);
  EXPECT_EQ((*plan)[1].address.text(), "127.0.0.2:8000");
}

TEST(Listeners, MistakesAreNamedByTheirOption) {
  config::Config config = base_config();
  config.http_server.internal_port = "many";
  auto plan = plan_listeners(config);
  ASSERT_FALSE(plan);
  EXPECT_NE(plan.error().message.find("http_server.internal_port"), std::string::npos);
  config = base_config();
  config.http_server.tls.enabled = true;
  config.http_server.tls.cert_pem = "/no/such/file.pem";
  plan = plan_listeners(config);
  ASSERT_FALSE(plan);
  EXPECT_NE(plan.error().message.find("http_server.tls.cert_pem"), std::string::npos);
}

TEST(Listeners, AnAddressCanBeAUnixSocket) {
  config::Config config = base_config();
  config.http_server.address = "unix:/run/whirl.sock";
  config.http_server.unix_socket_mode = "600";
  auto plan = plan_listeners(config);
  ASSERT_TRUE(plan) << plan.error().message;
  ASSERT_EQ(plan->size(), 1u);
  EXPECT_EQ(plan->front().address.text(), "unix:/run/whirl.sock");
  EXPECT_EQ(plan->front().address.unix_mode, 0600u);

  config.http_server.internal_port = "9000";
  plan = plan_listeners(config);
  ASSERT_FALSE(plan);
  EXPECT_NE(plan.error().message.find("http_server.internal_address"), std::string::npos);

  config.http_server.internal_address = "127.0.0.1";
  plan = plan_listeners(config);
  ASSERT_EQ(plan->size(), 2u);
  EXPECT_EQ((*plan)[1].address.text(), "127.0.0.1:9000");

  config.http_server.unix_socket_mode = "rw";
  plan = plan_listeners(config);
  ASSERT_FALSE(plan);
  EXPECT_NE(plan.error().message.find("http_server.unix_socket_mode"), std::string::npos);
}

TEST(Listeners, OnlyTheExternalOneIsBehindALoadBalancer) {
  config::Config config = base_config();
  config.http_server.internal_port = "9000";
  config.http_server.proxy_protocol = true;
  auto plan = plan_listeners(config);
  EXPECT_TRUE((*plan)[0].proxied);
  EXPECT_FALSE((*plan)[1].proxied);
}

config::TLSConfig tls_section() {
  testing::TlsIdentity identity;
  config::TLSConfig out;
  out.enabled = true;
  out.cert_pem = identity.certificate;
  out.key_pem = identity.key;
  return out;
}

TEST(Listeners, TlsIsForBothUnlessItIsSaidOtherwise) {
  config::Config config = base_config();
  config.http_server.internal_port = "9000";
  config.http_server.tls = tls_section();
  auto plan = plan_listeners(config);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_TRUE((*plan)[0].tls);
  EXPECT_EQ((*plan)[0].tls, (*plan)[1].tls);

  config.http_server.tls_external = true;
  plan = plan_listeners(config);
  EXPECT_TRUE((*plan)[0].tls);
  EXPECT_FALSE((*plan)[1].tls);

  config.http_server.internal_tls = tls_section();
  plan = plan_listeners(config);
  EXPECT_TRUE((*plan)[1].tls);
  EXPECT_NE((*plan)[0].tls, (*plan)[1].tls);

  config.http_server.tls.enabled = false;
  plan = plan_listeners(config);
  EXPECT_FALSE((*plan)[0].tls);
  EXPECT_TRUE((*plan)[1].tls);
}

}  // namespace
}  // namespace whirl::app
