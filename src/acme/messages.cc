#include "acme/messages.h"

#include <algorithm>

#include "codec/json.h"
#include "codec/table.h"

namespace whirl::acme {
namespace {

constexpr std::string_view kProblemPrefix = "urn:ietf:params:acme:error:";
constexpr std::size_t kMaxUrl = 2048;
constexpr std::size_t kMaxShown = 300;

struct DirectoryMessage {
  std::string_view new_nonce;
  std::string_view new_account;
  std::string_view new_order;
};

struct ProblemMessage {
  std::string_view type;
  std::string_view detail;
};

struct OrderMessage {
  std::string_view status;
  codec::List<std::string_view> authorizations;
  std::string_view finalize;
  std::string_view certificate;
  const ProblemMessage* error = nullptr;
};

struct ChallengeMessage {
  std::string_view type;
  std::string_view url;
  std::string_view token;
  const ProblemMessage* error = nullptr;
};

struct AuthorizationMessage {
  std::string_view status;
  codec::List<ChallengeMessage> challenges;
};

}  // namespace
}  // namespace whirl::acme

namespace whirl::codec {

template <>
struct Schema<acme::DirectoryMessage> {
  using M = acme::DirectoryMessage;
  static constexpr auto fields =
      std::tuple{field<1>("newNonce", &M::new_nonce), field<2>("newAccount", &M::new_account),
                 field<3>("newOrder", &M::new_order)};
};

template <>
struct Schema<acme::ProblemMessage> {
  using M = acme::ProblemMessage;
  static constexpr auto fields = std::tuple{field<1>("type", &M::type), field<2>("detail", &M::detail)};
};

template <>
struct Schema<acme::OrderMessage> {
  using M = acme::OrderMessage;
  static constexpr auto fields =
      std::tuple{field<1>("status", &M::status), field<2>("authorizations", &M::authorizations),
                 field<3>("finalize", &M::finalize), field<4>("certificate", &M::certificate),
                 field<5>("error", &M::error)};
};

template <>
struct Schema<acme::ChallengeMessage> {
  using M = acme::ChallengeMessage;
  static constexpr auto fields = std::tuple{field<1>("type", &M::type), field<2>("url", &M::url),
                                            field<3>("token", &M::token), field<4>("error", &M::error)};
};

template <>
struct Schema<acme::AuthorizationMessage> {
  using M = acme::AuthorizationMessage;
  static constexpr auto fields =
      std::tuple{field<1>("status", &M::status), field<2>("challenges", &M::challenges)};
};

}  // namespace whirl::codec

namespace whirl::acme {
namespace {

bool is_url(std::string_view text) {
  const bool web = text.starts_with("https://") || text.starts_with("http://");
  return web && text.size() <= kMaxUrl &&
         std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

// Base64url, as RFC 8555 demands, so that it can be part of a path.
bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= kMaxUrl &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; });
}

template <class M>
Result<> read(std::string_view json, std::string_view what, M& message, codec::Arena& arena) {
  auto done = codec::decode_json_document(json, message, arena);
  if (!done) return fail("the authority's {} is not JSON: {}", what, done.error().message);
  return {};
}

Problem problem_of(const ProblemMessage* message) {
  if (!message) return {};
  std::string_view type = message->type;
  if (type.starts_with(kProblemPrefix)) type.remove_prefix(kProblemPrefix.size());
  return {std::string(type.substr(0, kMaxShown)), std::string(message->detail.substr(0, kMaxShown))};
}

}  // namespace

std::string Problem::text() const {
  return detail.empty() ? type : fmt::format("{} ({})", detail, type);
}

Problem parse_problem(std::string_view json) {
  codec::Arena arena;
  ProblemMessage message;
  if (!codec::decode_json_document(json, message, arena)) return {};
  return problem_of(&message);
}

Result<Directory> parse_directory(std::string_view json) {
  codec::Arena arena;
  DirectoryMessage message;
  if (auto done = read(json, "directory", message, arena); !done) return tl::unexpected(done.error());
  for (std::string_view url : {message.new_nonce, message.new_account, message.new_order}) {
    if (!is_url(url)) return fail("the authority's directory lacks newNonce, newAccount or newOrder");
  }
  return Directory{std::string(message.new_nonce), std::string(message.new_account),
                   std::string(message.new_order)};
}

Result<Order> parse_order(std::string_view json) {
  codec::Arena arena;
  OrderMessage message;
  if (auto done = read(json, "order", message, arena); !done) return tl::unexpected(done.error());
  Order out;
  out.status = message.status;
  for (std::string_view url : message.authorizations) {
    if (!is_url(url)) return fail("the authority's order has an authorization that is not a URL");
    out.authorizations.emplace_back(url);
  }
  if (!is_url(message.finalize)) return fail("the authority's order lacks the URL to finalize it");
  out.finalize = message.finalize;
  if (is_url(message.certificate)) out.certificate = message.certificate;
  out.problem = problem_of(message.error).text();
  return out;
}

Result<Authorization> parse_authorization(std::string_view json) {
  codec::Arena arena;
  AuthorizationMessage message;
  if (auto done = read(json, "authorization", message, arena); !done) return tl::unexpected(done.error());
  Authorization out;
  out.status = message.status;
  for (const ChallengeMessage& challenge : message.challenges) {
    if (!is_url(challenge.url) || !is_token(challenge.token)) continue;
    out.challenges.push_back({std::string(challenge.type), std::string(challenge.url),
                              std::string(challenge.token), problem_of(challenge.error).text()});
  }
  return out;
}

}  // namespace whirl::acme
