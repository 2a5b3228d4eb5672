#pragma once
#include <string_view>

namespace whirl::transport {

/// Where clients that can't send a body put their request.
inline constexpr std::string_view kConnectParameter = "cf_connect";

/// Whether a unidirectional client's first words are a connect request in JSON.
bool is_connect_request(std::string_view text);

}  // namespace whirl::transport
