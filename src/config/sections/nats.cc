#include "config/sections/nats.h"

#include "config/table.h"

namespace whirl::config {

const Table& NatsCommon::table() {
  static const Row<NatsCommon> rows[] = {
      {"url", &NatsCommon::url, "URL of the server, or several separated by commas.", kUrl},
      {"dial_timeout", &NatsCommon::dial_timeout, "Longest time to connect."},
      {"write_timeout", &NatsCommon::write_timeout, "Longest time to send."},
      {"tls", &NatsCommon::tls, "TLS to NATS."},
  };
  static const Table table("NatsCommon", rows);
  return table;
}

const Table& NatsPrefixed::table() {
  static const Row<NatsPrefixed> rows[] = {
      {"prefix", &NatsPrefixed::prefix, "What all subjects start with."},
      Base<NatsCommon>{},
  };
  static const Table table("NatsPrefixed", rows);
  return table;
}

const Table& RawModeConfig::table() {
  static const Row<RawModeConfig> rows[] = {
      {"enabled", &RawModeConfig::enabled, "Uses channel names as subjects, and payloads as they are."},
      {"channel_replacements", &RawModeConfig::channel_replacements,
       "Texts to replace in a channel name to get the subject."},
      {"prefix", &RawModeConfig::prefix, "What subjects start with in this mode."},
  };
  static const Table table("RawModeConfig", rows);
  return table;
}

const Table& NatsBroker::table() {
  static const Row<NatsBroker> rows[] = {
      Base<NatsPrefixed>{},
      {"allow_wildcards", &NatsBroker::allow_wildcards,
       "Lets clients subscribe to channels with the wildcards of NATS."},
      {"raw_mode", &NatsBroker::raw_mode, "Channels as plain NATS subjects."},
  };
  static const Table table("NatsBroker", rows);
  return table;
}

}  // namespace whirl::config
