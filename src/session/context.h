#pragma once
#include <cstdint>
#include <memory>
#include <random>
#include <string>

#include "auth/verifier.h"
#include "channel/rules.h"
#include "codec/arena.h"
#include "config/sections/client.h"
#include "config/sections/rpc.h"
#include "hub/node.h"
#include "net/loop.h"
#include "session/fair_share.h"
#include "session/metrics.h"

namespace whirl::session {

/// What sessions follow of the configuration: an immutable snapshot that all loops share. A reload makes a
/// new one; sessions look at it anew for each command.
struct Settings {
  config::Client client;  ///< with_defaults()
  config::RPC rpc;
  channel::RulesPtr rules;
  std::string version;           ///< of the server, as connect replies tell it
  bool explains_errors = false;  ///< reasons for developers go into the messages of errors
};

/// The options as sessions want them: for some of them 0 means "the usual", as in Centrifugo.
config::Client with_defaults(config::Client options);

/// Everything that the sessions of one loop share. Made for each loop before it runs, outlives its sessions
/// and is used only there.
struct Context {
  Context(net::Loop& the_loop, hub::Node& the_node, Metrics& the_metrics)
      : loop(the_loop), node(the_node), metrics(the_metrics), share(the_loop) {}

  /// Before the first session, and on each reload (on the loop). `subscription_verifier` may be null: then
  /// `verifier` is for both kinds of tokens.
  void configure(std::shared_ptr<const Settings> now, std::unique_ptr<auth::Verifier> verifier,
                 std::unique_ptr<auth::Verifier> subscription_verifier) {
    settings = std::move(now);
    // Verifiers answer those who wait for keys when they end, so they end after they were replaced.
    std::swap(connection_verifier, verifier);
    std::swap(subscription_verifier_, subscription_verifier);
  }
  auth::Verifier& verifier_of_subscriptions() {
    return subscription_verifier_ ? *subscription_verifier_ : *connection_verifier;
  }

  net::Loop& loop;
  hub::Node& node;
  Metrics& metrics;
  std::shared_ptr<const Settings> settings;
  std::unique_ptr<auth::Verifier> connection_verifier;

  FairShare share;        ///< of each turn, between the sessions
  codec::Arena incoming;  ///< of the command that is being decoded
  codec::Arena outgoing;  ///< of the reply that is being built
  std::minstd_rand random{std::random_device{}()};

 private:
  std::unique_ptr<auth::Verifier> subscription_verifier_;
};

}  // namespace whirl::session
