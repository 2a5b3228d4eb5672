#include "driver/redis/address.h"

#include <charconv>

#include "config/duration.h"
#include "http/url.h"

namespace whirl::driver::redis {
namespace {

struct Scheme {
  std::string_view name;
  bool sentinel = false;
  bool cluster = false;
  bool tls = false;
  bool unix_socket = false;
};

constexpr Scheme kSchemes[] = {
    {"tcp"},
    {"redis"},
    {"rediss", false, false, true},
    {"redis+sentinel", true},
    {"rediss+sentinel", true, false, true},
    {"redis+cluster", false, true},
    {"unix", false, false, false, true},
};

Result<std::string> decode(std::string_view text) {
  std::string out;
  if (!http::percent_decode(text, false, out)) return fail("it has a broken % escape");
  return out;
}

Result<std::int64_t> milliseconds(std::string_view text) {
  auto duration = config::Duration::parse(text);
  if (!duration) return tl::unexpected(duration.error());
  return duration->ms();
}

Result<bool> boolean(std::string_view text) {
  for (std::string_view yes : {"1", "t", "T", "true", "TRUE", "True"}) {
    if (text == yes) return true;
  }
  for (std::string_view no : {"0", "f", "F", "false", "FALSE", "False"}) {
    if (text == no) return false;
  }
  return fail("\"{}\" is neither true nor false", text);
}

template <class Out, class Read>
Result<> take(Out& out, Result<Read> value) {
  if (!value) return tl::unexpected(std::move(value.error()));
  out = std::move(*value);
  return {};
}

using Set = Result<> (*)(Address&, const std::string&);

struct Parameter {
  std::string_view name;
  Set set;
};

constexpr Parameter kParameters[] = {
    {"addr",
     [](Address& a, const std::string& v) -> Result<> {
       auto host = parse_host_port(v);
       if (!host) return tl::unexpected(std::move(host.error()));
       a.hosts.push_back(std::move(*host));
       return {};
     }},
    {"connect_timeout",
     [](Address& a, const std::string& v) { return take(a.connect_timeout_ms, milliseconds(v)); }},
    {"io_timeout", [](Address& a, const std::string& v) { return take(a.io_timeout_ms, milliseconds(v)); }},
    {"tls_enabled", [](Address& a, const std::string& v) { return take(a.tls, boolean(v)); }},
    {"force_resp2", [](Address& a, const std::string& v) { return take(a.force_resp2, boolean(v)); }},
    {"sentinel_master_name",
     [](Address& a, const std::string& v) { return take(a.sentinel_master_name, Result<std::string>(v)); }},
    {"sentinel_user",
     [](Address& a, const std::string& v) { return take(a.sentinel_user, Result<std::string>(v)); }},
    {"sentinel_password",
     [](Address& a, const std::string& v) { return take(a.sentinel_password, Result<std::string>(v)); }},
    {"sentinel_tls_enabled",
     [](Address& a, const std::string& v) { return take(a.sentinel_tls, boolean(v)); }},
    {"replica_client_enabled",
     [](Address& a, const std::string& v) { return take(a.replica_client, boolean(v)); }},
};

Result<> parse_parameter(Address& out, std::string_view text) {
  const auto equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  for (const Parameter& parameter : kParameters) {
    if (parameter.name != name) continue;
    auto value = decode(equals == text.npos ? std::string_view() : text.substr(equals + 1));
    if (!value) return fail("parameter {}: {}", name, value.error().message);
    if (auto done = parameter.set(out, *value); !done)
      return fail("parameter {}: {}", name, done.error().message);
    return {};
  }
  return fail("there is no parameter {}", name);
}

Result<> parse_user(Address& out, std::string_view text) {
  const auto colon = text.find(':');
  auto user = decode(text.substr(0, colon));
  if (!user) return tl::unexpected(std::move(user.error()));
  if (!user->empty()) out.user = std::move(*user);
  if (colon == text.npos) return {};
  return take(out.password, decode(text.substr(colon + 1)));
}

Result<> parse_path(Address& out, std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.empty()) return {};
  std::int64_t db = 0;
  auto [end, error] = std::from_chars(path.data(), path.data() + path.size(), db);
  if (error != std::errc{} || end != path.data() + path.size() || db < 0) {
    return fail("the database \"{}\" is not a number", path);
  }
  out.db = db;
  return {};
}

Result<Address> parse_url(const Scheme& scheme, std::string_view rest) {
  Address out;
  out.sentinel = scheme.sentinel;
  out.cluster = scheme.cluster;
  const auto question = rest.find('?');
  std::string_view query = question == rest.npos ? std::string_view() : rest.substr(question + 1);
  rest = rest.substr(0, question);
  std::string_view authority = rest.substr(0, rest.find('/'));
  std::string_view path = rest.substr(authority.size());
  if (const auto at = authority.rfind('@'); at != authority.npos) {
    if (auto done = parse_user(out, authority.substr(0, at)); !done) return tl::unexpected(done.error());
    authority.remove_prefix(at + 1);
  }
  if (scheme.unix_socket) {
    if (path.empty()) return fail("it has no path");
    out.hosts.push_back({.host = {}, .port = 0, .unix_path = std::string(path)});
  } else {
    auto host = parse_host_port(authority);
    if (!host) return tl::unexpected(std::move(host.error()));
    out.hosts.push_back(std::move(*host));
    if (auto done = parse_path(out, path); !done) return tl::unexpected(done.error());
  }
  while (!query.empty()) {
    const std::string_view parameter = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), parameter.size() + 1));
    if (parameter.empty()) continue;
    if (auto done = parse_parameter(out, parameter); !done) return tl::unexpected(done.error());
  }
  out.tls = out.tls || scheme.tls;
  out.sentinel_tls = out.sentinel_tls || (scheme.tls && scheme.sentinel);
  out.sentinel = out.sentinel || out.sentinel_master_name.has_value();
  return out;
}

}  // namespace

Result<net::ConnectAddress> parse_host_port(std::string_view text) {
  const auto colon = text.rfind(':');
  net::ConnectAddress out;
  if (colon != text.npos) {
    std::string_view host = text.substr(0, colon);
    const std::string_view port = text.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    const bool good =
        error == std::errc{} && end == port.data() + port.size() && out.port > 0 && out.port < 65536;
    if (good && !host.empty()) {
      out.host = host;
      return out;
    }
  }
  return fail("\"{}\" is not host:port", text);
}

Result<Address> parse_address(std::string_view text) {
  const auto colons = text.find("://");
  if (colons == text.npos) {
    auto host = parse_host_port(text);
    if (!host) return fail("it must be host:port or a URL such as redis://host:6379");
    Address out;
    out.hosts.push_back(std::move(*host));
    return out;
  }
  for (const Scheme& scheme : kSchemes) {
    if (scheme.name == text.substr(0, colons)) return parse_url(scheme, text.substr(colons + 3));
  }
  return fail("\"{}\" is no scheme of Redis", text.substr(0, colons));
}

}  // namespace whirl::driver::redis
