#include "driver/redis/options.h"

#include "config/sections/redis.h"
#include "driver/redis/address.h"
#include "driver/tls.h"

namespace whirl::driver::redis {
namespace {

using Tls = std::shared_ptr<const net::TlsContext>;

/// As the section says, or with the system's certificates if only an address asks for it.
Result<Tls> make_tls(const config::TLSConfig& config, bool asked_by_address, const std::string& path) {
  if (!config.enabled && !asked_by_address) return Tls();
  auto options = config.enabled ? tls_options(config, path) : net::TlsClientOptions();
  if (!options) return tl::unexpected(options.error());
  auto tls = net::TlsContext::client(*options);
  if (!tls) return fail("{}: {}", path, tls.error().message);
  return tls;
}

/// The items of a list of addresses with commas.
Result<std::vector<net::ConnectAddress>> parse_list(std::string_view text) {
  std::vector<net::ConnectAddress> out;
  for (;;) {
    const auto comma = text.find(',');
    auto address = parse_host_port(text.substr(0, comma));
    if (!address) return tl::unexpected(std::move(address.error()));
    out.push_back(std::move(*address));
    if (comma == text.npos) return out;
    text.remove_prefix(comma + 1);
  }
}

/// What all shards of the section have in common.
ShardOptions common(const config::Redis& config) {
  ShardOptions out;
  out.login = {.user = config.user,
               .password = config.password,
               .client_name = config.client_name,
               .db = config.db,
               .force_resp2 = config.force_resp2,
               .tls = {}};
  out.connect_timeout_ms = config.connect_timeout.ms() > 0 ? config.connect_timeout.ms() : 1000;
  out.io_timeout_ms = config.io_timeout.ms() > 0 ? config.io_timeout.ms() : 4000;
  out.read_from_replicas = config.replica_client.enabled;
  out.master_name = config.sentinel_master_name;
  out.sentinel_login = {.user = config.sentinel_user,
                        .password = config.sentinel_password,
                        .client_name = config.sentinel_client_name,
                        .db = 0,
                        .force_resp2 = config.force_resp2,
                        .tls = {}};
  return out;
}

/// Lays over what the address says.
void apply(Address&& address, ShardOptions& out) {
  out.addresses = std::move(address.hosts);
  if (address.cluster) out.mode = Mode::cluster;
  if (address.sentinel) out.mode = Mode::sentinel;
  auto set = [](auto& to, auto& from) {
    if (from) to = std::move(*from);
  };
  set(out.login.user, address.user);
  set(out.login.password, address.password);
  set(out.login.db, address.db);
  if (address.force_resp2) out.login.force_resp2 = out.sentinel_login.force_resp2 = *address.force_resp2;
  set(out.connect_timeout_ms, address.connect_timeout_ms);
  set(out.io_timeout_ms, address.io_timeout_ms);
  set(out.master_name, address.sentinel_master_name);
  set(out.sentinel_login.user, address.sentinel_user);
  set(out.sentinel_login.password, address.sentinel_password);
  set(out.read_from_replicas, address.replica_client);
}

struct Source {
  const std::vector<std::string>& items;
  std::string_view option;
  Mode mode;
};

/// The option that says where Redis is: the first of these that is set.
Source source_of(const config::Redis& config) {
  if (!config.cluster_address.empty()) return {config.cluster_address, "cluster_address", Mode::cluster};
  if (!config.sentinel_address.empty()) return {config.sentinel_address, "sentinel_address", Mode::sentinel};
  return {config.address, "address", Mode::standalone};
}

Result<> finish(ShardOptions& shard, const config::Redis& config, bool tls, bool sentinel_tls,
                const std::string& path) {
  auto made = make_tls(config.tls, tls, path + ".tls");
  if (!made) return tl::unexpected(made.error());
  shard.login.tls = *made;
  auto sentinel_made = make_tls(config.sentinel_tls, sentinel_tls, path + ".sentinel_tls");
  if (!sentinel_made) return tl::unexpected(sentinel_made.error());
  shard.sentinel_login.tls = *sentinel_made;
  if (shard.mode == Mode::sentinel && shard.master_name.empty()) {
    return fail("{}.sentinel_master_name must say which master to ask the Sentinels for", path);
  }
  if (shard.mode == Mode::cluster && shard.login.db != 0) {
    return fail("{}.db is {}, but a Redis Cluster has database 0 only", path, shard.login.db);
  }
  if (shard.read_from_replicas && shard.mode == Mode::standalone) {
    return fail(
        "{}.replica_client works with Sentinel and Cluster only: a single server has no replicas to find",
        path);
  }
  return {};
}

}  // namespace

std::string ShardOptions::name() const {
  std::string out;
  for (const net::ConnectAddress& address : addresses) {
    if (!out.empty()) out += ',';
    out += address.text();
  }
  return out;
}

Result<std::vector<ShardOptions>> shards_of(const config::Redis& config, std::string_view section) {
  const std::string path(section);
  const Source source = source_of(config);
  if (source.items.empty()) return fail("{}.{} is empty: it must say where Redis is", path, source.option);
  std::vector<ShardOptions> out;
  for (std::size_t i = 0; i < source.items.size(); ++i) {
    ShardOptions shard = common(config);
    shard.mode = source.mode;
    bool tls = false;
    bool sentinel_tls = false;
    const std::string at = fmt::format("{}.{}[{}]", path, source.option, i);
    if (source.mode == Mode::standalone) {
      auto address = parse_address(source.items[i]);
      if (!address) return fail("{}: {}", at, address.error().message);
      tls = address->tls;
      sentinel_tls = address->sentinel_tls;
      apply(std::move(*address), shard);
    } else {
      auto addresses = parse_list(source.items[i]);
      if (!addresses) return fail("{}: {}", at, addresses.error().message);
      shard.addresses = std::move(*addresses);
    }
    if (auto done = finish(shard, config, tls, sentinel_tls, path); !done)
      return tl::unexpected(done.error());
    out.push_back(std::move(shard));
  }
  return out;
}

}  // namespace whirl::driver::redis
