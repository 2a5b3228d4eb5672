#include "auth/jwks.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace whirl::auth {
namespace {

/// The URL without user name and password, for the log.
std::string shown(std::string_view url) {
  const auto start = url.find("://") + 3;
  const auto at = url.substr(0, url.find_first_of("/?#", start)).rfind('@');
  return at == url.npos ? std::string(url) : std::string(url.substr(0, start)).append(url.substr(at + 1));
}

}  // namespace

Jwks::~Jwks() {
  *self_ = nullptr;
  for (Answered& answered : answered_) answered.done(false);
  for (Set& set : sets_) {
    for (auto& done : std::exchange(set.waiting, {})) done(false);
  }
}

Jwks::Found Jwks::find(const std::string& url, std::string_view kid, bool has_waited) {
  Set& set = set_of(url);
  std::vector<const Jwk*> keys;
  for (const Jwk& key : set.keys) {
    if (key.kid == kid) keys.push_back(&key);
  }
  const auto lookup = set.state.look_up(!keys.empty(), clock_.monotonic_ms(), has_waited);
  if (lookup.fetch) fetch(set);
  if (lookup.answer != JwksState::Answer::use) keys.clear();
  return {lookup.answer, std::move(keys)};
}

void Jwks::wait(const std::string& url, UniqueFunction<void(bool)> done) {
  Set& set = set_of(url);
  if (!set.state.fetching() || set.waiting.size() >= kMaxWaiting) return done(false);
  set.waiting.push_back(std::move(done));
}

Jwks::Set& Jwks::set_of(const std::string& url) {
  const auto known = std::ranges::find(sets_, url, &Set::url);
  if (known != sets_.end()) {
    sets_.splice(sets_.begin(), sets_, known);
    return sets_.front();
  }
  if (sets_.size() >= kMaxSets) {
    for (auto& done : std::exchange(sets_.back().waiting, {})) done(false);
    sets_.pop_back();
  }
  sets_.push_front({url, {}, {}, {}});
  return sets_.front();
}

void Jwks::fetch(Set& set) {
  fetcher_.fetch(set.url, [self = self_, url = set.url](Result<std::string> document) {
    Jwks* jwks = *self;
    if (!jwks) return;
    const auto known = std::ranges::find(jwks->sets_, url, &Set::url);
    if (known != jwks->sets_.end() && known->state.fetching()) jwks->on_answer(*known, std::move(document));
  });
}

void Jwks::on_answer(Set& set, Result<std::string> document) {
  Result<std::vector<Jwk>> keys = document ? parse_jwks(*document) : tl::unexpected(document.error());
  if (keys) {
    set.keys = std::move(*keys);
    set.state.on_fetched(clock_.monotonic_ms());
  } else {
    if (set.state.on_failed(clock_.monotonic_ms())) return fetch(set);
    log::error("cannot fetch JWKS", {{"url", shown(set.url)}, {"error", keys.error().message}});
  }
  for (auto& done : std::exchange(set.waiting, {})) answered_.push_back({std::move(done), keys.has_value()});
  if (!answers_later_) answer_some();
}

void Jwks::answer_some() {
  const auto self = self_;  // whoever is called may end this
  const std::int64_t until_ms = clock_.monotonic_ms() + kAnswerMs;
  while (!answered_.empty()) {
    Answered next = std::move(answered_.front());
    answered_.pop_front();
    next.done(next.fetched);
    if (!*self) return;
    if (clock_.monotonic_ms() >= until_ms) break;
  }
  answers_later_ = !answered_.empty();
  if (!answers_later_) return;
  fetcher_.later([self] {
    if (*self) (*self)->answer_some();
  });
}

}  // namespace whirl::auth
