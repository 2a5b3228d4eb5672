#pragma once
#include <string>
#include <string_view>

namespace whirl::acme {

/// A host name as certificates are asked for: lower case, without a dot at its end. Empty if no authority
/// would certify it: not a domain name, without a dot, or an address.
std::string certifiable_host(std::string_view name);

}  // namespace whirl::acme
