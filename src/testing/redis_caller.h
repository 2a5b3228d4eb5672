#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "driver/redis/client.h"
#include "net/loop.h"

namespace whirl::testing {

/// A client of one shard on a loop of its own, whose calls wait for the answer; for tests with real servers.
class RedisCaller final : private driver::redis::Client::Watcher {
 public:
  static constexpr std::int64_t kPatienceMs = 20'000;

  explicit RedisCaller(driver::redis::ShardOptions options,
                       std::vector<const driver::redis::Script*> scripts = {})
      : client_(loop_, std::move(options), scripts) {
    client_.watch(*this);
  }

  driver::redis::Client& client() { return client_; }
  net::Loop& loop() { return loop_; }
  bool up() const { return up_; }
  /// What was said last about why it is down.
  const std::string& trouble() const { return trouble_; }
  const std::string& moved() const { return moved_; }

  Result<std::string> call(const std::vector<std::string>& words, driver::redis::Way way = {}) {
    const std::vector<std::string_view> views(words.begin(), words.end());
    return wait([&](driver::redis::Reply done) { client_.command(views, way, std::move(done)); });
  }
  Result<std::string> eval(const driver::redis::Script& script, const std::string& key,
                           const std::vector<std::string>& args = {}, driver::redis::Way way = {}) {
    const std::string_view keys[] = {key};
    const std::vector<std::string_view> views(args.begin(), args.end());
    return wait([&](driver::redis::Reply done) { client_.eval(script, keys, views, way, std::move(done)); });
  }

  template <class Condition>
  bool run_until(const Condition& condition) {
    const std::int64_t end = monotonic_ms() + kPatienceMs;
    while (!condition() && monotonic_ms() < end) loop_.turn(10);
    return condition();
  }

 private:
  template <class Send>
  Result<std::string> wait(const Send& send) {
    auto answer = std::make_shared<std::unique_ptr<Result<std::string>>>();
    send([answer](Result<driver::redis::Value> value) {
      *answer = std::make_unique<Result<std::string>>(text_of(value));
    });
    if (!run_until([&] { return *answer != nullptr; })) return fail("no answer");
    return **answer;
  }

  static Result<std::string> text_of(const Result<driver::redis::Value>& value) {
    if (!value) return tl::unexpected(value.error());
    if (value->type == driver::redis::Value::Type::integer) return std::to_string(value->integer);
    return std::string(value->text);
  }

  void on_client_up() override {
    up_ = true;
    trouble_.clear();
  }
  void on_client_down(std::string_view why) override {
    up_ = false;
    trouble_ = why;
  }
  void on_master_moved(std::string_view why) override { moved_ = why; }

  net::Loop loop_;
  bool up_ = false;
  std::string trouble_;
  std::string moved_;
  driver::redis::Client client_;
};

}  // namespace whirl::testing
