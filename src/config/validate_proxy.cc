#include <algorithm>

#include "config/validate.h"

namespace whirl::config {
namespace {

/// What fits in the reason of a WebSocket close frame.
constexpr std::size_t kLongestReason = 123;

Result<> validate_text(std::string_view text, std::string_view path) {
  const bool ascii = std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!ascii) return fail("{} must be ASCII", path);
  if (text.size() > kLongestReason)
    return fail("{} must be at most {} characters long", path, kLongestReason);
  return {};
}

Result<> validate_transform(const HttpStatusToCodeTransform& transform, const std::string& path) {
  if (transform.status_code == 0) return fail("{}.status_code must be set", path);
  const bool error = transform.to_error.code > 0;
  const bool disconnect = transform.to_disconnect.code > 0;
  if (error == disconnect) return fail("{} must have either to_error.code or to_disconnect.code", path);
  if (auto r = validate_text(transform.to_error.message, path + ".to_error.message"); !r) return r;
  return validate_text(transform.to_disconnect.reason, path + ".to_disconnect.reason");
}

}  // namespace

Result<> validate_proxy(const Proxy& proxy, std::string_view path) {
  if (proxy.timeout.ns == 0) return fail("{}.timeout must be set", path);
  if (proxy.endpoint.empty()) return fail("{}.endpoint must be set", path);
  const auto& transforms = proxy.http.status_to_code_transforms;
  for (std::size_t i = 0; i < transforms.size(); ++i) {
    const auto r =
        validate_transform(transforms[i], fmt::format("{}.http.status_to_code_transforms[{}]", path, i));
    if (!r) return r;
  }
  return {};
}

}  // namespace whirl::config
