#include "driver/redis/client.h"

#include <openssl/evp.h>

#include <algorithm>

#include "base/ids.h"
#include "driver/redis/errors.h"

namespace whirl::driver::redis {
namespace {

/// Errors after which the same command may well succeed soon; nothing of it was done.
constexpr std::string_view kPassing[] = {"LOADING", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN", "READONLY"};

std::size_t random_index(std::size_t size) {
  std::uint64_t random = 0;
  random_bytes(&random, sizeof random);
  return static_cast<std::size_t>(random % size);
}

}  // namespace

Script::Script(std::string_view text) : text_(text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr);
  for (unsigned i = 0; i < size; ++i) sha1_ += fmt::format("{:02x}", digest[i]);
}

/// A master of the Cluster, any of them; before they are known, one of the addresses that are configured.
class Client::MasterFinder final : public Finder {
 public:
  explicit MasterFinder(Client& client) : client_(client) {}

  void find(Found found) override {
    const auto& servers = client_.table_.servers;
    if (servers.empty() || failures_++ % 4 == 3) {
      const auto& seeds = client_.options_.addresses;
      return found(seeds[random_index(seeds.size())]);
    }
    found(servers[random_index(servers.size())].master);
  }

 private:
  Client& client_;
  std::size_t failures_ = 0;
};

/// The master that serves a slot of the Cluster, now.
class Client::SlotFinder final : public Finder {
 public:
  SlotFinder(Client& client, int slot) : client_(client), slot_(slot) {}

  void find(Found found) override {
    const SlotTable::Server* server = client_.table_.server_of(slot_);
    // Whoever looks again was sent away or has lost the server.
    client_.refresh_slots();
    if (!server)
      return found(fail("no node of the Cluster {} is known to serve slot {}", client_.name_, slot_));
    found(server->master);
  }

 private:
  Client& client_;
  int slot_;
};

Client::Client(net::Loop& loop, ShardOptions options, std::span<const Script* const> scripts)
    : loop_(loop),
      options_(std::move(options)),
      name_(options_.name()),
      scripts_(scripts.begin(), scripts.end()) {
  if (options_.mode == Mode::sentinel) checker_ = make_sentinel_finder(loop_, options_, false);
  // In the loop's first turn, when everything is there that wants to hear of it.
  loop_.timers().arm(refresh_timer_, 0);
}

Client::~Client() = default;

Link::Options Client::link_options() const {
  return {.address = {},
          .login = options_.login,
          .connect_timeout_ms = options_.connect_timeout_ms,
          .io_timeout_ms = options_.io_timeout_ms,
          .must_be_master = options_.mode == Mode::sentinel,
          .read_only = false};
}

std::unique_ptr<Finder> Client::subscriber_finder(std::string_view key) {
  if (is_cluster() && !key.empty()) return std::make_unique<SlotFinder>(*this, slot_of(key));
  if (is_cluster()) return std::make_unique<MasterFinder>(*this);
  if (options_.mode == Mode::sentinel) return make_sentinel_finder(loop_, options_, false);
  return make_list_finder(options_.addresses);
}

void Client::command(std::span<const std::string_view> words, const Way& way, Reply done) {
  route(new_call(words, way, std::move(done)));
}

void Client::eval(const Script& script, std::span<const std::string_view> keys,
                  std::span<const std::string_view> args, Way way, Reply done) {
  const std::string count = std::to_string(keys.size());
  std::vector<std::string_view> words{"EVALSHA", script.sha1(), count};
  words.insert(words.end(), keys.begin(), keys.end());
  words.insert(words.end(), args.begin(), args.end());
  if (!keys.empty()) way.key = keys[0];
  CallPtr call = new_call(words, way, std::move(done));
  call->script = &script;
  route(std::move(call));
}

Client::CallPtr Client::new_call(std::span<const std::string_view> words, const Way& way, Reply done) const {
  auto call = std::make_unique<Call>();
  call->bytes = command_bytes(words);
  if (is_cluster() && !way.key.empty()) call->slot = slot_of(way.key);
  call->deadline_ms = loop_.now_ms() + options_.io_timeout_ms;
  call->repeatable = way.repeatable;
  call->replica = way.replica && options_.read_from_replicas;
  call->done = std::move(done);
  return call;
}

void Client::route(CallPtr call) {
  if (!is_cluster()) {
    Node& node = single(call->replica);
    return send(node, std::move(call));
  }
  Node* node = member_for(*call);
  if (node && node->up()) return send(*node, std::move(call));
  if (!node) refresh_slots();
  const std::string why = node ? "no connection in time: " + trouble_
                               : fmt::format("no node is known to serve slot {}", call->slot);
  delay(std::move(call), why);
}

/// In a Cluster a call waits here rather than at a node, because another may be the right one meanwhile.
void Client::delay(CallPtr call, std::string_view why) {
  if (loop_.now_ms() >= call->deadline_ms) return call->done(fail("Redis {}: {}", name_, why));
  if (delayed_.size() >= Node::kMaxWaiting) {
    return call->done(fail("Redis {}: too many commands wait for a connection: {}", name_, why));
  }
  route_later(std::move(call));
}

void Client::route_later(CallPtr call) {
  delayed_.push_back(std::move(call));
  if (!retry_timer_.armed()) loop_.arm(retry_timer_, kRetryMs);
}

void Client::send(Node& node, CallPtr call, bool asking) {
  if (asking) {
    const std::string_view words[] = {"ASKING"};
    node.send({.bytes = command_bytes(words),
               .answer = [](const Value&) {},
               .deadline_ms = call->deadline_ms,
               .repeatable = false});
  }
  Request request;
  request.bytes = call->bytes;
  request.deadline_ms = call->deadline_ms;
  request.repeatable = call->repeatable && !is_cluster();
  request.answer = [this, &node, call = std::move(call)](const Value& value) mutable {
    answered(node, std::move(call), value);
  };
  node.send(std::move(request));
}

void Client::answered(Node& node, CallPtr call, const Value& value) {
  if (!value.is_error()) return call->done(value);
  if (value.text.starts_with(kConnectionTrouble)) {
    const bool again = is_cluster() && call->repeatable && loop_.now_ms() < call->deadline_ms;
    if (again) return delay(std::move(call), {});
    return call->done(fail("Redis {}: {}", name_, value.text.substr(kConnectionTrouble.size())));
  }
  if (redirect(node, call, value.text) || try_later(node, call, value.text)) return;
  log_server_error(name_, value.text);
  call->done(fail("Redis {}: {}", name_, explained(value.text)));
}

bool Client::redirect(Node& node, CallPtr& call, std::string_view error) {
  Redirection redirection;
  if (!is_cluster() || ++call->redirections > kMaxRedirections) return false;
  if (!read_redirection(error, address_of(node), redirection)) return false;
  if (!redirection.ask) refresh_slots();
  send(member(redirection.to, false), std::move(call), redirection.ask);
  return true;
}

/// Takes the call if it is to be sent again.
bool Client::try_later(Node& node, CallPtr& call, std::string_view error) {
  if (error.starts_with("NOSCRIPT") && call->script) {
    load(node, *call->script);
    send(node, std::move(call));
    return true;
  }
  const bool passing =
      std::ranges::any_of(kPassing, [&](std::string_view prefix) { return error.starts_with(prefix); });
  if (!passing) return false;
  if (error.starts_with("READONLY")) node.renew(explained(error));
  if (error.starts_with("CLUSTERDOWN")) refresh_slots();
  if (loop_.now_ms() + kRetryMs >= call->deadline_ms) return false;
  log_server_error(name_, error);
  route_later(std::move(call));
  return true;
}

void Client::retry_delayed() {
  for (CallPtr& call : std::exchange(delayed_, {})) route(std::move(call));
}

void Client::load(Node& node, const Script& script) {
  const std::string_view words[] = {"SCRIPT", "LOAD", script.text()};
  node.send({.bytes = command_bytes(words),
             .answer =
                 [this](const Value& value) {
                   const bool refused = value.is_error() && !value.text.starts_with(kConnectionTrouble);
                   if (refused) log_server_error(name_, value.text);
                 },
             .deadline_ms = loop_.now_ms() + options_.io_timeout_ms,
             .repeatable = false});
}

void Client::renew(std::string_view why) {
  for (auto& node : single_) {
    if (node) node->renew(why);
  }
  for (auto& [address, member] : members_) member.node->renew(why);
  if (is_cluster()) refresh_slots();
}

Node& Client::single(bool replica) {
  std::unique_ptr<Node>& node = single_[replica ? 1 : 0];
  if (!node) {
    Link::Options options = link_options();
    if (replica) options.must_be_master = false;
    auto finder = replica ? make_sentinel_finder(loop_, options_, true) : subscriber_finder();
    node = std::make_unique<Node>(loop_, std::move(finder), std::move(options), watching());
  }
  if (replica && !node->up()) return single(false);
  return *node;
}

Node& Client::member(const net::ConnectAddress& address, bool read_only) {
  const std::string key = address.text() + (read_only ? " replica" : "");
  auto at = members_.find(key);
  if (at == members_.end()) {
    Link::Options options = link_options();
    options.read_only = read_only;
    at = members_.emplace(key, Member{address, nullptr}).first;
    at->second.node =
        std::make_unique<Node>(loop_, make_list_finder({address}), std::move(options), watching());
  }
  return *at->second.node;
}

Node* Client::member_for(const Call& call) {
  if (table_.servers.empty()) return nullptr;
  if (call.slot < 0) return &member(table_.servers[random_index(table_.servers.size())].master, false);
  const SlotTable::Server* server = table_.server_of(call.slot);
  if (!server) return nullptr;
  if (call.replica && !server->replicas.empty()) {
    Node& replica = member(server->replicas[random_index(server->replicas.size())], true);
    if (replica.up()) return &replica;
  }
  return &member(server->master, false);
}

const net::ConnectAddress& Client::address_of(const Node& node) const {
  for (const auto& [key, member] : members_) {
    if (member.node.get() == &node) return member.address;
  }
  return options_.addresses.front();
}

Node& Client::node_to_ask() {
  for (auto& [key, member] : members_) {
    if (member.node->up()) return *member.node;
  }
  return member(options_.addresses[next_seed_++ % options_.addresses.size()], false);
}

void Client::on_refresh_time() {
  if (is_cluster()) return refresh_slots();
  single(false);
  if (checker_) check_master();
}

/// The connection to a master that was replaced may stay as well as ever.
void Client::check_master() {
  loop_.arm(refresh_timer_, kCheckMasterMs);
  checker_->find([this](Result<net::ConnectAddress> address) {
    const std::string now = single(false).address();
    if (!address || now.empty() || address->text() == now) return;
    const std::string why = fmt::format("the Sentinels say that {} is the master now", address->text());
    renew(why);
    for (Watcher* watcher : watchers_) watcher->on_master_moved(why);
  });
}

/// Asks again until it knows.
void Client::refresh_slots() {
  if (refreshing_) return;
  refreshing_ = true;
  Node& node = node_to_ask();
  const std::string_view words[] = {"CLUSTER", "SLOTS"};
  node.send({.bytes = command_bytes(words),
             .answer =
                 [this, asked = address_of(node)](const Value& value) {
                   if (value.is_error()) return got_slots(fail("{}", explained(value.text)));
                   got_slots(read_slots(value, asked));
                 },
             .deadline_ms = loop_.now_ms() + options_.connect_timeout_ms,
             .repeatable = false});
}

void Client::got_slots(Result<SlotTable> table) {
  refreshing_ = false;
  if (!table) {
    loop_.arm(refresh_timer_, 2 * kRetryMs);
    return tell_down(fmt::format("CLUSTER SLOTS: {}", table.error().message));
  }
  table_ = std::move(*table);
  for (const SlotTable::Server& server : table_.servers) member(server.master, false);
  std::erase_if(members_, [&](const auto& entry) {
    const bool known = std::ranges::any_of(table_.servers, [&](const SlotTable::Server& server) {
      auto same = [&](const net::ConnectAddress& address) {
        return address.text() == entry.second.address.text();
      };
      return same(server.master) || std::ranges::any_of(server.replicas, same);
    });
    return !known && entry.second.node->idle();
  });
  retry_delayed();
  tell_state();
}

void Client::on_node_up(Node& node) {
  for (const Script* script : scripts_) load(node, *script);
  if (is_cluster()) retry_delayed();
  tell_state();
}

void Client::on_node_down(Node& node, std::string_view why) {
  if (is_cluster()) {
    // Another may be the master now.
    if (!refresh_timer_.armed()) loop_.arm(refresh_timer_, 2 * kRetryMs);
  } else if (&node != single_[0].get()) {
    return;
  }
  tell_down(why);
}

/// Tells that all is well, if it is.
void Client::tell_state() {
  auto is_up = [&](const SlotTable::Server& server) { return member(server.master, false).up(); };
  if (is_cluster()) {
    if (table_.servers.empty() || !std::ranges::all_of(table_.servers, is_up)) return;
  } else if (!single_[0] || !single_[0]->up()) {
    return;
  }
  for (Watcher* watcher : watchers_) watcher->on_client_up();
}

void Client::tell_down(std::string_view why) {
  trouble_ = why;
  for (Watcher* watcher : watchers_) watcher->on_client_down(why);
}

}  // namespace whirl::driver::redis
