#pragma once
#include <string>
#include <string_view>

#include "codec/schema.h"

namespace whirl::api {

/// A payload that a request carries as JSON, or as base64 in a second field, which wins.
class Payload {
 public:
  /// False if the second field is not base64.
  bool read(codec::Raw raw, std::string_view base64);
  /// Points into the request or into this object.
  std::string_view bytes() const { return bytes_; }

 private:
  std::string decoded_;
  std::string_view bytes_;
};

}  // namespace whirl::api
