#include "driver/redis/slots.h"

#include <algorithm>
#include <charconv>

namespace whirl::driver::redis {
namespace {

constexpr std::array<std::uint16_t, 256> make_crc_table() {
  std::array<std::uint16_t, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    unsigned crc = byte << 8;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000) ? (crc << 1) ^ 0x1021 : crc << 1;
    table[byte] = static_cast<std::uint16_t>(crc);
  }
  return table;
}

constexpr auto kCrcTable = make_crc_table();

bool read_address(const Value& node, const net::ConnectAddress& asked, net::ConnectAddress& out) {
  if (node.items.size() < 2) return false;
  std::int64_t port = 0;
  if (!node.items[1].to_integer(port) || port < 1 || port > 65535) return false;
  // An unknown host is nil, empty or "?".
  const std::string_view host = node.items[0].text;
  out.host = host.empty() || host == "?" ? asked.host : std::string(host);
  out.port = static_cast<int>(port);
  return true;
}

std::uint16_t index_of(SlotTable& table, SlotTable::Server server) {
  auto same = [&](const SlotTable::Server& other) {
    return other.master.host == server.master.host && other.master.port == server.master.port;
  };
  auto at = std::ranges::find_if(table.servers, same);
  if (at == table.servers.end()) at = table.servers.insert(at, std::move(server));
  return static_cast<std::uint16_t>(at - table.servers.begin());
}

}  // namespace

int slot_of(std::string_view key) {
  if (const auto open = key.find('{'); open != key.npos) {
    const auto close = key.find('}', open + 1);
    if (close != key.npos && close > open + 1) key = key.substr(open + 1, close - open - 1);
  }
  std::uint16_t crc = 0;
  for (char c : key) {
    const unsigned at = (crc >> 8) ^ static_cast<unsigned char>(c);
    crc = static_cast<std::uint16_t>((crc << 8) ^ kCrcTable[at]);
  }
  return crc % kSlots;
}

int consistent_index(std::string_view channel, int count) {
  std::uint64_t key = 14695981039346656037U;
  for (char c : channel) key = (key ^ static_cast<unsigned char>(c)) * 1099511628211U;
  std::int64_t bucket = -1;
  std::int64_t next = 0;
  while (next < count) {
    bucket = next;
    key = key * 2862933555777941757U + 1;
    const double jump = static_cast<double>(std::int64_t{1} << 31) / static_cast<double>((key >> 33) + 1);
    next = static_cast<std::int64_t>(static_cast<double>(bucket + 1) * jump);
  }
  return static_cast<int>(bucket);
}

const SlotTable::Server* SlotTable::server_of(int slot) const {
  if (servers.empty()) return nullptr;
  const std::uint16_t index = slots[static_cast<std::size_t>(slot)];
  return index == kNobody ? nullptr : &servers[index];
}

Result<SlotTable> read_slots(const Value& answer, const net::ConnectAddress& asked) {
  if (answer.type != Value::Type::array) return fail("the answer to CLUSTER SLOTS is malformed");
  if (answer.items.empty()) return fail("the Cluster has no slots: was it created?");
  SlotTable table;
  table.slots.fill(SlotTable::kNobody);
  for (const Value& range : answer.items) {
    std::int64_t first = 0;
    std::int64_t last = 0;
    SlotTable::Server server;
    if (range.items.size() < 3 || !range.items[0].to_integer(first) || !range.items[1].to_integer(last) ||
        first < 0 || last >= kSlots || first > last || !read_address(range.items[2], asked, server.master)) {
      return fail("the answer to CLUSTER SLOTS is malformed");
    }
    for (std::size_t i = 3; i < range.items.size(); ++i) {
      net::ConnectAddress replica;
      if (read_address(range.items[i], asked, replica)) server.replicas.push_back(std::move(replica));
    }
    const std::uint16_t index = index_of(table, std::move(server));
    std::fill(table.slots.begin() + first, table.slots.begin() + last + 1, index);
  }
  return table;
}

bool read_redirection(std::string_view error, const net::ConnectAddress& asked, Redirection& out) {
  out.ask = error.starts_with("ASK ");
  if (!out.ask && !error.starts_with("MOVED ")) return false;
  error.remove_prefix(out.ask ? 4 : 6);
  auto [end, bad] = std::from_chars(error.data(), error.data() + error.size(), out.slot);
  if (bad != std::errc{} || out.slot < 0 || out.slot >= kSlots) return false;
  error.remove_prefix(static_cast<std::size_t>(end - error.data()));
  const auto colon = error.rfind(':');
  if (!error.starts_with(' ') || colon == error.npos) return false;
  const std::string_view host = error.substr(1, colon - 1);
  const std::string_view port = error.substr(colon + 1);
  auto [port_end, bad_port] = std::from_chars(port.data(), port.data() + port.size(), out.to.port);
  if (bad_port != std::errc{} || port_end != port.data() + port.size()) return false;
  out.to.host = host.empty() || host == "?" ? asked.host : std::string(host);
  return true;
}

}  // namespace whirl::driver::redis
