#include "api/payload.h"

#include "base/base64.h"

namespace whirl::api {

bool Payload::read(codec::Raw raw, std::string_view base64) {
  bytes_ = raw.bytes;
  if (base64.empty()) return true;
  if (!decode_base64(base64, decoded_)) return false;
  bytes_ = decoded_;
  return true;
}

}  // namespace whirl::api
