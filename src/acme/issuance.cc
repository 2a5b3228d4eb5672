#include "acme/issuance.h"

#include <algorithm>
#include <charconv>

#include "base/base64.h"
#include "base/json_text.h"
#include "base/version.h"

namespace whirl::acme {
namespace {

constexpr std::size_t kMaxAnswer = 1 << 20;
constexpr std::int64_t kRequestMs = 30'000;

std::string header(const net::HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

/// What is wrong with an answer; empty if nothing.
std::string complaint(const net::HttpResponse& response) {
  if (!response.answered()) return "the authority does not answer: " + response.error;
  if (response.status / 100 == 2) return "";
  const Problem problem = parse_problem(response.body);
  if (problem.type.empty()) return fmt::format("the authority answers with status {}", response.status);
  return "the authority refuses: " + problem.text();
}

net::HttpRequest request_to(const std::string& url, std::string method) {
  net::HttpRequest out;
  out.method = std::move(method);
  out.url = url;
  out.timeout_ms = kRequestMs;
  out.max_body = kMaxAnswer;
  out.headers = {{"User-Agent", fmt::format("whirl/{}", kVersion)}};
  return out;
}

}  // namespace

Issuance::Issuance(Wish wish, AccountKey key) : wish_(std::move(wish)), key_(std::move(key)) {}

Step Issuance::start() {
  return get(wish_.directory_url, &Issuance::on_directory);
}

Step Issuance::get(const std::string& url, Handler then, std::string method) {
  then_ = then;
  payload_.clear();
  url_.clear();
  return {.kind = Step::Kind::send, .request = request_to(url, std::move(method))};
}

Step Issuance::post(const std::string& url, std::string payload, Handler then) {
  url_ = url;
  payload_ = std::move(payload);
  then_ = then;
  return sign_and_send();
}

Step Issuance::sign_and_send() {
  if (nonce_.empty()) return failed("the authority gave no nonce");
  Step step{.kind = Step::Kind::send, .request = request_to(url_, "POST")};
  step.request.headers.emplace_back("Content-Type", "application/jose+json");
  step.request.body = key_.sign(payload_, url_, nonce_, account_);
  nonce_.clear();
  return step;
}

Step Issuance::failed(std::string why) {
  return {.kind = Step::Kind::failed, .text = std::move(why)};
}

Step Issuance::on_response(const net::HttpResponse& response) {
  if (std::string nonce = header(response, "replay-nonce"); !nonce.empty()) nonce_ = std::move(nonce);
  // A nonce can have become too old; the answer brings a new one.
  const bool signed_request = !url_.empty();
  if (signed_request && response.status == 400 && parse_problem(response.body).type == "badNonce") {
    if (++nonce_failures_ > kMaxNonceFailures) return failed("the authority takes none of its own nonces");
    return sign_and_send();
  }
  if (std::string why = complaint(response); !why.empty()) return failed(std::move(why));
  return (this->*then_)(response);
}

Step Issuance::on_directory(const net::HttpResponse& response) {
  auto directory = parse_directory(response.body);
  if (!directory) return failed(directory.error().message);
  directory_ = std::move(*directory);
  return get(directory_.new_nonce, &Issuance::on_nonce, "HEAD");
}

Step Issuance::on_nonce(const net::HttpResponse&) {
  return begin_account();
}

// For a key that is known already the authority answers with the account of old.
Step Issuance::begin_account() {
  std::string payload = R"({"termsOfServiceAgreed":true)";
  if (!wish_.email.empty()) {
    payload += R"(,"contact":[)";
    append_json_string(payload, "mailto:" + wish_.email);
    payload += ']';
  }
  return post(directory_.new_account, payload + '}', &Issuance::on_account);
}

Step Issuance::on_account(const net::HttpResponse& response) {
  account_ = header(response, "location");
  if (account_.empty()) return failed("the authority gave the account no URL");
  std::string payload = R"({"identifiers":[{"type":"dns","value":)";
  append_json_string(payload, wish_.host);
  return post(directory_.new_order, payload + "}]}", &Issuance::on_order);
}

Step Issuance::on_order(const net::HttpResponse& response) {
  auto order = parse_order(response.body);
  if (!order) return failed(order.error().message);
  if (order_url_.empty()) order_url_ = header(response, "location");
  if (order_url_.empty()) return failed("the authority gave the order no URL");
  return follow(*order, response);
}

Step Issuance::follow(const Order& order, const net::HttpResponse& response) {
  order_ = order;
  if (order.status == "invalid") return failed("the authority rejected the order: " + order.problem);
  if (order.status == "valid") {
    if (order.certificate.empty()) return failed("the authority's order is valid, but has no certificate");
    return post(order.certificate, "", &Issuance::on_certificate);
  }
  if (order.status == "pending" && !finalized_) {
    if (authorization_ >= order.authorizations.size()) return wait(response);
    return next_authorization();
  }
  if (order.status == "ready" && !finalized_) {
    finalized_ = true;
    std::string payload = R"({"csr":")" + encode_base64url(wish_.request) + "\"}";
    return post(order.finalize, std::move(payload), &Issuance::on_order);
  }
  return wait(response);
}

Step Issuance::next_authorization() {
  return post(order_.authorizations[authorization_], "", &Issuance::on_authorization);
}

Step Issuance::on_authorization(const net::HttpResponse& response) {
  auto authorization = parse_authorization(response.body);
  if (!authorization) return failed(authorization.error().message);
  if (authorization->status == "valid") {
    ++authorization_;
    challenge_url_.clear();
    next_wait_ms_ = kFirstWaitMs;
    if (authorization_ < order_.authorizations.size()) return next_authorization();
    return post(order_url_, "", &Issuance::on_order);
  }
  if (authorization->status != "pending") {
    std::string why = "the authority could not confirm that the name leads here";
    for (const Challenge& challenge : authorization->challenges) {
      if (!challenge.problem.empty()) why += fmt::format("; {}: {}", challenge.type, challenge.problem);
    }
    return failed(std::move(why));
  }
  if (!challenge_url_.empty()) return wait(response);
  for (const std::string& type : wish_.challenges) {
    const auto found = std::ranges::find(authorization->challenges, type, &Challenge::type);
    if (found == authorization->challenges.end()) continue;
    challenge_url_ = found->url;
    return {.kind = Step::Kind::prove,
            .type = type,
            .token = found->token,
            .text = key_.authorization(found->token)};
  }
  return failed(
      "the authority offers no challenge that can be answered here; tls_autocert.http adds http-01");
}

Step Issuance::on_proof() {
  return post(challenge_url_, "{}", &Issuance::on_challenge_begun);
}

Step Issuance::on_challenge_begun(const net::HttpResponse& response) {
  return wait(response);
}

// Waits longer each time, unless the authority says how long.
Step Issuance::wait(const net::HttpResponse& response) {
  std::int64_t ms = next_wait_ms_;
  next_wait_ms_ = std::min(2 * next_wait_ms_, kLongestWaitMs);
  const std::string asked = header(response, "retry-after");
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(asked.data(), asked.data() + asked.size(), seconds);
  if (error == std::errc{} && end == asked.data() + asked.size() && seconds > 0) {
    ms = std::min(seconds, kLongestWaitMs / 1000) * 1000;
  }
  return {.kind = Step::Kind::wait, .wait_ms = ms};
}

Step Issuance::on_waited() {
  if (!challenge_url_.empty()) return next_authorization();
  return post(order_url_, "", &Issuance::on_order);
}

Step Issuance::on_certificate(const net::HttpResponse& response) {
  return {.kind = Step::Kind::done, .text = response.body};
}

}  // namespace whirl::acme
