#pragma once
#include <map>
#include <string>

#include "config/duration.h"
#include "config/sections/tls.h"
#include "config/table_fwd.h"

namespace whirl::config {

/// A connection to NATS.
struct NatsCommon {
  std::string url = "nats://localhost:4222";
  Duration dial_timeout = Duration::seconds(1);
  Duration write_timeout = Duration::seconds(1);
  TLSConfig tls;

  static const Table& table();
};

/// NATS with a prefix for all subjects.
struct NatsPrefixed : NatsCommon {
  std::string prefix = "centrifugo";

  static const Table& table();
};

/// Channels mapped to NATS subjects directly, payloads untouched.
struct RawModeConfig {
  bool enabled = false;
  std::map<std::string, std::string> channel_replacements;
  std::string prefix;

  static const Table& table();
};

/// Publications through NATS: no history, no recovery.
struct NatsBroker : NatsPrefixed {
  bool allow_wildcards = false;
  RawModeConfig raw_mode;

  static const Table& table();
};

}  // namespace whirl::config
