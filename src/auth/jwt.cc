#include "auth/jwt.h"

#include "base/base64.h"
#include "codec/json.h"
#include "codec/table.h"

namespace whirl::auth {
namespace {

struct Header {
  std::string_view alg;
  std::string_view typ;
  std::string_view cty;
  std::string_view kid;
};

Result<std::string_view> decode(std::string_view text, const char* what, codec::Arena& arena) {
  char* out = arena.text(text.size() / 4 * 3 + 3);
  const auto size = decode_base64url(text, out);
  if (!size) return fail("the {} is not base64url", what);
  return std::string_view(out, *size);
}

}  // namespace
}  // namespace whirl::auth

template <>
struct whirl::codec::Schema<whirl::auth::Header> {
  using M = auth::Header;
  static constexpr auto fields = std::tuple{field<1>("alg", &M::alg), field<2>("typ", &M::typ),
                                            field<3>("cty", &M::cty), field<4>("kid", &M::kid)};
};

namespace whirl::auth {

Result<Jwt> parse_jwt(std::string_view token, codec::Arena& arena) {
  const auto first = token.find('.');
  const auto last = token.rfind('.');
  if (first == last) return fail("a token has three parts with dots between them");

  Jwt jwt;
  jwt.signed_part = token.substr(0, last);
  const auto header_json = decode(token.substr(0, first), "header", arena);
  if (!header_json) return tl::unexpected(header_json.error());
  Header header;
  if (auto read = codec::decode_json_document(*header_json, header, arena); !read) {
    return fail("the header is malformed: {}", read.error().message);
  }
  jwt.alg = header.alg;
  jwt.kid = header.kid;

  const auto claims = decode(token.substr(first + 1, last - first - 1), "body", arena);
  if (!claims) return tl::unexpected(claims.error());
  jwt.claims = *claims;
  const auto signature = decode(token.substr(last + 1), "signature", arena);
  if (!signature) return tl::unexpected(signature.error());
  jwt.signature = *signature;
  return jwt;
}

}  // namespace whirl::auth
