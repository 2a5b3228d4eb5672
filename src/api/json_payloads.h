#pragma once
#include "api/messages.h"
#include "codec/json.h"

namespace whirl::api {

/// Whether all payloads in a result are JSON. Binary ones, which only Protobuf can carry, are possible where
/// channels or their clients use them.
template <class Result>
bool has_json_payloads(const Result&) {
  return true;
}

inline bool is_json_or_absent(codec::Raw raw) {
  return !raw.present() || codec::is_json(raw.bytes);
}
inline bool has_json_payloads(const ClientInfo& info) {
  return is_json_or_absent(info.conn_info) && is_json_or_absent(info.chan_info);
}
inline bool has_json_payloads(const HistoryResult& result) {
  for (const Publication& publication : result.publications) {
    if (!is_json_or_absent(publication.data)) return false;
    if (publication.info && !has_json_payloads(*publication.info)) return false;
  }
  return true;
}
inline bool has_json_payloads(const PresenceResult& result) {
  for (const auto& entry : result.presence) {
    if (!has_json_payloads(entry.value)) return false;
  }
  return true;
}

}  // namespace whirl::api
