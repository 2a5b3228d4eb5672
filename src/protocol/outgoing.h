#pragma once
#include <string>

#include "base/shared_bytes.h"
#include "protocol/messages.h"
#include "protocol/variant.h"

/// Messages to clients. Payloads for JSON must be valid JSON: whoever has a payload to send asks
/// codec::is_json once and, if it is not, sends nothing to JSON clients.
namespace whirl::protocol {

/// Appends an answer, or with an empty reply a ping, in the variant's encoding. Unframed.
void encode_reply(const Variant& variant, const Reply& reply, std::string& out);

/// Appends a push: inside a reply, or bare for unidirectional clients. Unframed.
void encode_push(const Variant& variant, const Push& push, std::string& out);

/// The same as frames, ready for every outbox of the variant.
SharedBytes reply_frame(const Variant& variant, const Reply& reply);
SharedBytes push_frame(const Variant& variant, const Push& push);

}  // namespace whirl::protocol
