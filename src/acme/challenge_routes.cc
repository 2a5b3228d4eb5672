#include "acme/challenge_routes.h"

#include <cctype>

#include "base/result.h"

namespace whirl::acme {
namespace {

constexpr std::string_view kChallengePath = "/.well-known/acme-challenge/";

/// As it may stand in a URL again.
std::string escaped(std::string_view path) {
  std::string out;
  for (unsigned char c : path) {
    const bool plain = std::isalnum(c) || std::string_view("-._~/!$&'()*+,;=:@").find(static_cast<char>(c)) !=
                                              std::string_view::npos;
    out += plain ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
  }
  return out;
}

std::string without_port(std::string_view host) {
  const bool has_port = host.rfind(':') != host.npos && !host.ends_with(']');
  return std::string(has_port ? host.substr(0, host.rfind(':')) : host);
}

void send_to_https(http::Request& request, http::Responder responder) {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads || request.host.empty()) return responder.error(400, "Use HTTPS");
  std::string to = fmt::format("https://{}{}", without_port(request.host), escaped(request.path));
  if (!request.query.empty()) to += fmt::format("?{}", request.query);
  responder.header("Location", to);
  responder.empty(302);
}

}  // namespace

void mount_challenges(http::Router& router, std::function<std::string(std::string_view token)> answer_of) {
  http::Route challenges;
  challenges.path = kChallengePath;
  challenges.handler = [answer_of = std::move(answer_of)](http::Request& request, http::Responder responder) {
    const std::string answer = answer_of(request.path.substr(kChallengePath.size()));
    if (answer.empty()) return responder.error(404);
    responder.reply(200, "text/plain", answer);
  };
  router.add(std::move(challenges));
  http::Route rest;
  rest.path = "/";
  rest.handler = send_to_https;
  router.add(std::move(rest));
}

}  // namespace whirl::acme
