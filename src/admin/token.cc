#include "admin/token.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <charconv>

#include "api/same_text.h"
#include "base/base64.h"
#include "base/check.h"

namespace whirl::admin {
namespace {

// Keeps these signatures apart from others that somebody makes with the same secret.
constexpr std::string_view kPurpose = "whirl admin until ";

std::string signature(std::string_view secret, std::string_view until) {
  const std::string text = std::string(kPurpose).append(until);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  WHIRL_CHECK(::HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &size));
  return encode_base64url({reinterpret_cast<const char*>(digest), size});
}

}  // namespace

std::string make_token(std::string_view secret, std::int64_t expire_at) {
  WHIRL_CHECK(!secret.empty());
  const std::string until = std::to_string(expire_at);
  return until + "." + signature(secret, until);
}

bool accepts_token(std::string_view secret, std::string_view token, std::int64_t now) {
  const std::size_t dot = token.find('.');
  if (secret.empty() || dot == std::string_view::npos) return false;
  const std::string_view until = token.substr(0, dot);
  if (!api::same_text(token.substr(dot + 1), signature(secret, until))) return false;
  std::int64_t expire_at = 0;
  const auto [end, error] = std::from_chars(until.data(), until.data() + until.size(), expire_at);
  return error == std::errc{} && end == until.data() + until.size() && now < expire_at;
}

}  // namespace whirl::admin
