#include "acme/issuer.h"

#include <algorithm>
#include <utility>

#include "acme/certificate_request.h"
#include "acme/host.h"
#include "acme/schedule.h"
#include "base/log.h"

namespace whirl::acme {
namespace {

constexpr std::string_view kHttp = "http-01";
constexpr std::string_view kTls = "tls-alpn-01";
constexpr std::int64_t kLeastLifeMs = 3600 * 1000;  // of a new certificate, whatever it says

}  // namespace

Issuer::Issuer(net::Loop& loop, Options options, std::shared_ptr<Certificates> certificates)
    : loop_(loop),
      options_(std::move(options)),
      cache_(options_.cache_directory),
      certificates_(std::move(certificates)),
      client_(loop),
      wait_timer_([this] { act(issuance_->on_waited()); }),
      deadline_([this] { give_up("the authority took too long"); }) {}

Issuer::~Issuer() {
  certificates_->on_missing({});
}

Result<> Issuer::prepare() {
  if (auto done = cache_.prepare(); !done) return fail("cache_dir: {}", done.error().message);
  if (const std::string pem = cache_.account_key(); !pem.empty()) {
    auto key = AccountKey::from_pem(pem);
    if (!key)
      return fail("cache_dir: the account key cannot be used, remove it to get another: {}",
                  key.error().message);
    account_ = std::move(*key);
  } else {
    account_ = AccountKey::make();
    if (auto done = cache_.keep_account_key(account_->pem()); !done)
      return fail("cache_dir: {}", done.error().message);
  }
  for (const std::string& name : options_.hosts) {
    const std::string host = certifiable_host(name);
    if (host.empty()) return fail("host_whitelist: \"{}\" is not a host name that can be certified", name);
    add(host);
  }
  if (options_.hosts.empty()) {
    certificates_->on_missing([this](const std::string& host) { loop_.post([this, host] { want(host); }); });
  }
  return {};
}

void Issuer::start() {
  for (auto& [host, entry] : hosts_) plan(host, 0);
}

void Issuer::want(const std::string& host) {
  if (hosts_.contains(host)) return;
  if (hosts_.size() >= kMaxHosts) {
    return log::warn(
        "no certificate for another host, there are too many; name the right ones in host_whitelist",
        {{"host", host}});
  }
  add(host);
  plan(host, 0);
}

/// With the certificate of the cache, if there is a good one.
Issuer::Host& Issuer::add(const std::string& host) {
  Host& entry = hosts_.try_emplace(host, *this, host).first->second;
  const std::string pem = cache_.certificate(host);
  if (pem.empty()) return entry;
  auto certificate = net::TlsCertificate::parse(pem, pem);
  const std::int64_t now = loop_.clock().unix_ms() / 1000;
  if (!certificate || !(*certificate)->covers(host) || (*certificate)->not_after() <= now) {
    log::info("the kept certificate is not usable, getting another", {{"host", host}});
    return entry;
  }
  entry.certificate = *certificate;
  certificates_->put(host, *certificate);
  return entry;
}

/// Sets when a certificate is asked for again.
void Issuer::plan(const std::string& host, std::int64_t least_ms) {
  Host& entry = hosts_.at(host);
  std::int64_t wait_ms = 0;
  if (entry.failures > 0) {
    wait_ms = retry_delay_ms(entry.failures);
  } else if (entry.certificate) {
    const std::int64_t due =
        renewal_time(entry.certificate->not_before(), entry.certificate->not_after()) * 1000;
    wait_ms = due - loop_.clock().unix_ms();
  }
  wait_ms = std::max(wait_ms, least_ms);
  if (wait_ms <= 0) return enqueue(host);
  loop_.arm(entry.timer, wait_ms);
}

void Issuer::enqueue(const std::string& host) {
  Host& entry = hosts_.at(host);
  if (std::exchange(entry.queued, true)) return;
  queue_.push_back(host);
  begin_next();
}

void Issuer::begin_next() {
  if (issuance_ || queue_.empty()) return;
  host_ = queue_.front();
  queue_.pop_front();
  CertificateRequest request = make_request(host_);
  key_pem_ = std::move(request.key_pem);
  Wish wish{host_, options_.directory_url, options_.email, challenge_types(hosts_.at(host_).failures),
            std::move(request.der)};
  issuance_ = std::make_unique<Issuance>(std::move(wish), *account_);
  log::info("asking for a certificate", {{"host", host_}, {"authority", options_.directory_url}});
  loop_.arm(deadline_, kLongestMs);
  act(issuance_->start());
}

// A proof that failed may work the other way.
std::vector<std::string> Issuer::challenge_types(int failures) const {
  if (!options_.answers_http) return {std::string(kTls)};
  std::vector<std::string> types = {std::string(kHttp), std::string(kTls)};
  if (failures % 2 == 1) std::swap(types[0], types[1]);
  return types;
}

void Issuer::act(Step step) {
  switch (step.kind) {
    case Step::Kind::send:
      step.request.tls.ca = options_.authority_ca;
      request_ = client_.send(std::move(step.request),
                              [this](net::HttpResponse response) { act(issuance_->on_response(response)); });
      return;
    case Step::Kind::wait:
      return loop_.arm(wait_timer_, step.wait_ms);
    case Step::Kind::prove:
      prove(step);
      return act(issuance_->on_proof());
    case Step::Kind::done:
      return succeed(step.text);
    case Step::Kind::failed:
      return give_up(step.text);
  }
}

void Issuer::prove(const Step& step) {
  token_ = step.token;
  answer_ = step.text;
  if (step.type != kTls) return;
  const CertificatePem pem = make_challenge_certificate(host_, step.text);
  if (auto made = net::TlsCertificate::parse(pem.certificate, pem.key))
    certificates_->put_challenge(host_, *made);
}

void Issuer::succeed(const std::string& chain) {
  auto certificate = net::TlsCertificate::parse(chain, key_pem_);
  if (!certificate) return give_up("the authority gave what is no certificate for our key");
  if (!(*certificate)->covers(host_)) return give_up("the authority gave a certificate for another name");
  if (auto kept = cache_.keep_certificate(host_, key_pem_ + chain); !kept) {
    log::error("a certificate is not kept over restarts", {{"host", host_}, {"error", kept.error().message}});
  }
  log::info("got a certificate", {{"host", host_}, {"expires_at", (*certificate)->not_after()}});
  certificates_->put(host_, *certificate);
  Host& entry = hosts_.at(host_);
  entry.certificate = std::move(*certificate);
  entry.failures = 0;
  end_issuance();
}

void Issuer::give_up(const std::string& why) {
  Host& entry = hosts_.at(host_);
  ++entry.failures;
  log::error("no certificate, trying again later",
             {{"host", host_}, {"error", why}, {"minutes", retry_delay_ms(entry.failures) / 60'000}});
  end_issuance();
}

void Issuer::end_issuance() {
  certificates_->remove_challenge(host_);
  client_.cancel(request_);
  wait_timer_.cancel();
  deadline_.cancel();
  token_.clear();
  issuance_.reset();
  hosts_.at(host_).queued = false;
  const std::string host = std::exchange(host_, {});
  plan(host, hosts_.at(host).failures == 0 ? kLeastLifeMs : 0);
  begin_next();
}

std::string Issuer::answer(std::string_view token) const {
  return !token_.empty() && token_ == token ? answer_ : "";
}

}  // namespace whirl::acme
