#include "driver/redis/finder.h"

#include "base/ids.h"
#include "driver/redis/errors.h"

namespace whirl::driver::redis {
namespace {

class ListFinder final : public Finder {
 public:
  explicit ListFinder(std::vector<net::ConnectAddress> addresses) : addresses_(std::move(addresses)) {}

  void find(Found found) override { found(addresses_[next_++ % addresses_.size()]); }

 private:
  std::vector<net::ConnectAddress> addresses_;
  std::size_t next_ = 0;
};

class SentinelFinder final : public Finder, private Link::Owner {
 public:
  SentinelFinder(net::Loop& loop, const ShardOptions& options, bool replica)
      : loop_(loop), options_(options), replica_(replica) {}
  ~SentinelFinder() { loop_.destroy_later(std::move(link_)); }

  void find(Found found) override {
    if (link_) link_->close();
    loop_.destroy_later(std::move(link_));
    found_ = std::move(found);
    troubles_.clear();
    tried_ = 0;
    try_next();
  }

 private:
  void try_next() {
    if (tried_ == options_.addresses.size()) {
      Found found = std::move(found_);
      return found(fail("no Sentinel knows where the {} of {} is:{}", replica_ ? "replica" : "master",
                        options_.master_name, troubles_));
    }
    link_ = std::make_unique<Link>(loop_,
                                   Link::Options{.address = sentinel(),
                                                 .login = options_.sentinel_login,
                                                 .connect_timeout_ms = options_.connect_timeout_ms,
                                                 .io_timeout_ms = options_.io_timeout_ms,
                                                 .must_be_master = false,
                                                 .read_only = false},
                                   static_cast<Link::Owner&>(*this));
  }

  const net::ConnectAddress& sentinel() const {
    return options_.addresses[(first_ + tried_) % options_.addresses.size()];
  }

  void on_up() override {
    const std::string_view question = replica_ ? "REPLICAS" : "GET-MASTER-ADDR-BY-NAME";
    const std::string_view words[] = {"SENTINEL", question, options_.master_name};
    link_->send({.bytes = command_bytes(words),
                 .answer = [this](const Value& value) { answered(value); },
                 .deadline_ms = loop_.now_ms() + options_.io_timeout_ms,
                 .repeatable = false});
  }
  void on_push(const Value&) override {}
  void on_down(std::string why) override { trouble(why); }

  void answered(const Value& value) {
    auto address = replica_ ? any_replica(value) : read_master(value, options_.master_name);
    if (!address) return trouble(address.error().message);
    loop_.destroy_later(std::move(link_));
    first_ = (first_ + tried_) % options_.addresses.size();
    Found found = std::move(found_);
    found(std::move(*address));
  }

  static Result<net::ConnectAddress> any_replica(const Value& value) {
    auto replicas = read_replicas(value);
    if (!replicas) return tl::unexpected(std::move(replicas.error()));
    if (replicas->empty()) return fail("no replica is well");
    std::uint32_t random = 0;
    random_bytes(&random, sizeof random);
    return (*replicas)[random % replicas->size()];
  }

  void trouble(std::string_view why) {
    troubles_ += fmt::format(" {} ({})", sentinel().text(), why);
    if (link_) link_->close();
    loop_.destroy_later(std::move(link_));
    ++tried_;
    try_next();
  }

  net::Loop& loop_;
  const ShardOptions options_;
  const bool replica_;
  std::unique_ptr<Link> link_;
  Found found_;
  std::string troubles_;
  std::size_t first_ = 0;
  std::size_t tried_ = 0;
};

bool has_flag(std::string_view flags, std::string_view flag) {
  return ("," + std::string(flags) + ",").find("," + std::string(flag) + ",") != std::string::npos;
}

Result<net::ConnectAddress> address_of(const Value& host, const Value& port) {
  net::ConnectAddress address;
  std::int64_t number = 0;
  if (host.text.empty() || !port.to_integer(number) || number < 1 || number > 65535) {
    return fail("the address in the answer is malformed");
  }
  address.host = host.text;
  address.port = static_cast<int>(number);
  return address;
}

}  // namespace

Result<net::ConnectAddress> read_master(const Value& answer, std::string_view master_name) {
  if (answer.is_error()) return fail("{}", explained(answer.text));
  if (answer.is_nil()) return fail("it knows no master of the name {}", master_name);
  if (answer.type != Value::Type::array || answer.items.size() != 2) return fail("the answer is malformed");
  return address_of(answer.items[0], answer.items[1]);
}

Result<std::vector<net::ConnectAddress>> read_replicas(const Value& answer) {
  if (answer.is_error()) return fail("{}", explained(answer.text));
  if (answer.type != Value::Type::array) return fail("the answer is malformed");
  std::vector<net::ConnectAddress> out;
  for (const Value& replica : answer.items) {
    const Value none;
    const Value* host = &none;
    const Value* port = &none;
    std::string_view flags;
    for (std::size_t i = 0; i + 1 < replica.items.size(); i += 2) {
      if (replica.items[i].text == "ip") host = &replica.items[i + 1];
      if (replica.items[i].text == "port") port = &replica.items[i + 1];
      if (replica.items[i].text == "flags") flags = replica.items[i + 1].text;
    }
    if (has_flag(flags, "s_down") || has_flag(flags, "o_down") || has_flag(flags, "disconnected")) continue;
    if (auto address = address_of(*host, *port)) out.push_back(std::move(*address));
  }
  return out;
}

std::unique_ptr<Finder> make_list_finder(std::vector<net::ConnectAddress> addresses) {
  return std::make_unique<ListFinder>(std::move(addresses));
}

std::unique_ptr<Finder> make_sentinel_finder(net::Loop& loop, const ShardOptions& options, bool replica) {
  return std::make_unique<SentinelFinder>(loop, options, replica);
}

}  // namespace whirl::driver::redis
