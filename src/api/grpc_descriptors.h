#pragma once
#include <string_view>

namespace whirl::api {

/// What proto/api.proto says, as a FileDescriptorSet of Protobuf.
std::string_view grpc_descriptors();

}  // namespace whirl::api
