#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "load/client.h"
#include "load/wire.h"

namespace whirl::bench {
namespace {

constexpr int kEvents = 512;
constexpr std::size_t kReadSize = 256 * 1024;
/// Loopback has many addresses: each gives a client another range of 28,000 ports.
constexpr std::size_t kClientsPerSourceAddress = 20000;

sockaddr_in address_of(const Target& target) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(static_cast<std::uint16_t>(target.port));
  inet_pton(AF_INET, target.host.c_str(), &out.sin_addr);
  return out;
}

/// Of a reply's fields, a push is the first and only one.
bool is_push(std::string_view message, bool protobuf) {
  return protobuf ? message.front() == 0x22 : message.starts_with("{\"push\"");
}

void bind_source(int fd, std::size_t index) {
  sockaddr_in source{};
  source.sin_family = AF_INET;
  source.sin_addr.s_addr =
      htonl(INADDR_LOOPBACK + static_cast<std::uint32_t>(index / kClientsPerSourceAddress));
  int on = 1;
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  bind(fd, reinterpret_cast<sockaddr*>(&source), sizeof source);
}

}  // namespace

Swarm::Swarm(Options options) : options_(std::move(options)), epoll_(epoll_create1(EPOLL_CLOEXEC)) {}

Swarm::~Swarm() {
  close_all();
  close(epoll_);
}

void Swarm::add(std::vector<std::uint32_t> channels, std::string token) {
  auto client = std::make_unique<Client>();
  client->channels = std::move(channels);
  client->last.assign(client->channels.size(), 0);
  client->token = std::move(token);
  clients_.push_back(std::move(client));
}

void Swarm::start_connect(std::size_t index) {
  Client& client = *clients_[index];
  client.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int on = 1;
  setsockopt(client.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  bind_source(client.fd, index);
  sockaddr_in to = address_of(options_.target);
  client.state = Client::State::connecting;
  int rc = ::connect(client.fd, reinterpret_cast<sockaddr*>(&to), sizeof to);
  if (rc != 0 && errno != EINPROGRESS) {
    client.state = Client::State::closed;
    return;
  }
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLET;
  event.data.u64 = index;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, client.fd, &event);
  ++in_progress_;
}

bool Swarm::connect_all(int timeout_ms) {
  std::int64_t deadline = now_ns() + std::int64_t{timeout_ms} * 1'000'000;
  while (ready_ < clients_.size()) {
    while (next_to_connect_ < clients_.size() &&
           in_progress_ < static_cast<std::size_t>(options_.parallel_connects)) {
      start_connect(next_to_connect_++);
    }
    if (now_ns() > deadline) return false;
    turn(100);
  }
  return true;
}

bool Swarm::subscribe_all(const std::vector<std::uint32_t>& channels, int timeout_ms) {
  std::int64_t deadline = now_ns() + std::int64_t{timeout_ms} * 1'000'000;
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    Client& client = *clients_[i];
    std::uint32_t channel = channels[i % channels.size()];
    client.channels.push_back(channel);
    client.last.push_back(0);
    await_replies(client, 1);
    send_commands(client, {channel}, false);
    if (i % 64 == 63) turn(0);
  }
  return settle(static_cast<int>((deadline - now_ns()) / 1'000'000));
}

void Swarm::await_replies(Client& client, std::uint32_t replies) {
  client.state = Client::State::open;
  client.replies_left = replies;
  --ready_;
  ++in_progress_;
}

bool Swarm::move(std::size_t index, std::uint32_t channel) {
  Client& client = *clients_[index];
  if (client.state != Client::State::ready) return false;
  await_replies(client, 2);
  const unsigned opcode = options_.target.protobuf ? 2 : 1;
  send_frame(client, opcode, channel_command(1, "unsubscribe", 6, client.channels[0]));
  send_frame(client, opcode, subscribe_command(2, channel));
  client.channels[0] = channel;
  client.last[0] = 0;
  return true;
}

void Swarm::ask_presence(std::size_t index) {
  Client& client = *clients_[index];
  if (client.state != Client::State::ready) return;
  await_replies(client, 1);
  send_frame(client, options_.target.protobuf ? 2 : 1, channel_command(1, "presence", 8, client.channels[0]));
}

bool Swarm::settle(int timeout_ms) {
  const std::int64_t deadline = now_ns() + std::int64_t{timeout_ms} * 1'000'000;
  while (ready_ < clients_.size()) {
    if (now_ns() > deadline) return false;
    turn(100);
  }
  return true;
}

void Swarm::idle(int ms) {
  const std::int64_t deadline = now_ns() + std::int64_t{ms} * 1'000'000;
  do {
    turn(static_cast<int>(std::max<std::int64_t>(0, (deadline - now_ns()) / 1'000'000)));
  } while (now_ns() < deadline);
}

bool Swarm::receive(std::uint64_t count, int timeout_ms) {
  std::int64_t deadline = now_ns() + std::int64_t{timeout_ms} * 1'000'000;
  while (received_ < count) {
    if (now_ns() > deadline) return false;
    turn(50);
  }
  received_ -= count;
  return true;
}

void Swarm::publish(std::size_t index, std::uint32_t channel, std::string_view data) {
  Client& client = *clients_[index];
  std::string command = publish_command(1000, channel, data);
  send_frame(client, options_.target.protobuf ? 2 : 1, command);
}

void Swarm::close_all() {
  for (auto& client : clients_) {
    if (client->fd >= 0) close(std::exchange(client->fd, -1));
    client->state = Client::State::closed;
  }
}

bool Swarm::turn(int timeout_ms) {
  epoll_event events[kEvents];
  int count = epoll_wait(epoll_, events, kEvents, timeout_ms);
  for (int i = 0; i < count; ++i) on_event(events[i].data.u64, events[i].events);
  return count > 0;
}

void Swarm::on_event(std::size_t index, std::uint32_t events) {
  Client& client = *clients_[index];
  if (client.state == Client::State::connecting && (events & EPOLLOUT)) {
    std::string request = upgrade_request(options_.target);
    if (send(client.fd, request.data(), request.size(), MSG_NOSIGNAL) < 0) return;
    client.state = Client::State::handshake;
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;
    event.data.u64 = index;
    epoll_ctl(epoll_, EPOLL_CTL_MOD, client.fd, &event);
  }
  if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) on_readable(index);
}

void Swarm::on_readable(std::size_t index) {
  static thread_local std::string buffer(kReadSize, '\0');
  Client& client = *clients_[index];
  for (;;) {
    ssize_t got = client.fd < 0 ? 0 : recv(client.fd, buffer.data(), buffer.size(), 0);
    if (got < 0) return;
    if (got == 0) {
      if (client.state == Client::State::ready) --ready_;
      client.state = Client::State::closed;
      if (client.fd >= 0) close(std::exchange(client.fd, -1));
      return;
    }
    std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
    std::string joined;
    if (!client.partial.empty()) {
      joined = std::move(client.partial);
      client.partial.clear();
      joined += bytes;
      bytes = joined;
    }
    if (client.state == Client::State::handshake) {
      std::size_t end = bytes.find("\r\n\r\n");
      if (end == std::string_view::npos) {
        client.partial.assign(bytes);
        continue;
      }
      bytes.remove_prefix(end + 4);
      client.state = Client::State::open;
      if (options_.handshake_only) {
        client.state = Client::State::ready;
        ++ready_;
        --in_progress_;
      } else {
        client.replies_left = static_cast<std::uint32_t>(client.channels.size()) + 1;
        send_commands(client, client.channels, true);
      }
    }
    ServerFrame frame;
    while (next_frame(bytes, frame)) on_frame(index, frame.opcode, frame.payload);
    client.partial.assign(bytes);
    if (static_cast<std::size_t>(got) < buffer.size()) return;
  }
}

void Swarm::on_frame(std::size_t index, unsigned opcode, std::string_view payload) {
  if (opcode == 9) return send_frame(*clients_[index], 10, payload);
  if (opcode == 8) return;
  if (!options_.target.protobuf) {
    while (!payload.empty()) {
      std::size_t end = std::min(payload.find('\n'), payload.size());
      on_message(index, payload.substr(0, end));
      payload.remove_prefix(std::min(end + 1, payload.size()));
    }
    return;
  }
  std::string_view message;
  while (next_length_prefixed(payload, message)) on_message(index, message);
}

void Swarm::on_message(std::size_t index, std::string_view message) {
  Client& client = *clients_[index];
  if (message == "{}" || message.empty()) {
    return send_frame(client, options_.target.protobuf ? 2 : 1,
                      options_.target.protobuf ? std::string_view("\0", 1) : "{}");
  }
  if (options_.by_offset ? message.find("\"pub\":") != std::string_view::npos
                         : message.find("\"c\":") != std::string_view::npos) {
    return on_publication(client, message);
  }
  if (client.state != Client::State::open || is_push(message, options_.target.protobuf)) return;
  if (message.find("\"error\"") != std::string_view::npos) ++faults_.corrupted;
  if (--client.replies_left == 0) {
    client.state = Client::State::ready;
    ++ready_;
    --in_progress_;
  }
}

void Swarm::on_publication(Client& client, std::string_view data) {
  std::uint64_t channel = 0;
  std::uint64_t number = 0;
  std::uint64_t sent = 0;
  ++received_;
  ++client.received;
  if (options_.by_offset) {
    if (!number_after(data, "\"offset\":", number)) ++faults_.corrupted;
    return count(client, 0, number);
  }
  if (!number_after(data, "\"c\":", channel) || !number_after(data, "\"n\":", number) ||
      !number_after(data, "\"t\":", sent)) {
    ++faults_.corrupted;
    return;
  }
  if (on_latency) on_latency(static_cast<std::int64_t>(sent));
  auto at = std::find(client.channels.begin(), client.channels.end(), channel);
  if (at == client.channels.end()) {
    ++faults_.corrupted;
    return;
  }
  count(client, static_cast<std::size_t>(at - client.channels.begin()), number);
}

void Swarm::count(Client& client, std::size_t subscription, std::uint64_t number) {
  std::uint64_t& last = client.last[subscription];
  if (last != 0 && number == last) ++faults_.doubled;
  if (last != 0 && number < last) ++faults_.reordered;
  if (last != 0 && number > last + 1) faults_.lost += number - last - 1;
  last = std::max(last, number);
}

void Swarm::send_commands(Client& client, const std::vector<std::uint32_t>& channels, bool connect) {
  std::string out = connect ? connect_command(client) : std::string();
  std::uint32_t id = connect ? 2 : static_cast<std::uint32_t>(client.channels.size()) + 100;
  for (std::uint32_t channel : channels) {
    if (!options_.target.protobuf && !out.empty()) out += '\n';
    out += subscribe_command(id++, channel);
  }
  send_frame(client, options_.target.protobuf ? 2 : 1, out);
}

void Swarm::send_frame(Client& client, unsigned opcode, std::string_view payload) {
  std::string bytes = client_frame(opcode, payload);
  if (client.fd >= 0 &&
      send(client.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size())) {
    ++faults_.corrupted;
  }
}

std::string Swarm::connect_command(const Client& client) const {
  if (options_.target.protobuf) {
    std::string request = client.token.empty() ? "" : protobuf_field(1, client.token);
    return length_prefixed(protobuf_varint_field(1, 1) + protobuf_field(4, request));
  }
  return client.token.empty() ? "{\"id\":1,\"connect\":{}}"
                              : "{\"id\":1,\"connect\":{\"token\":\"" + client.token + "\"}}";
}

std::string Swarm::subscribe_command(std::uint32_t id, std::uint32_t channel) const {
  std::string name = options_.channel_prefix + std::to_string(channel);
  if (options_.target.protobuf) {
    return length_prefixed(protobuf_varint_field(1, id) + protobuf_field(5, protobuf_field(1, name)));
  }
  return "{\"id\":" + std::to_string(id) + ",\"subscribe\":{\"channel\":\"" + name + "\"" +
         options_.subscribe_extra + "}}";
}

std::string Swarm::channel_command(std::uint32_t id, const char* name, unsigned field,
                                   std::uint32_t channel) const {
  const std::string of = options_.channel_prefix + std::to_string(channel);
  if (options_.target.protobuf) {
    return length_prefixed(protobuf_varint_field(1, id) + protobuf_field(field, protobuf_field(1, of)));
  }
  return "{\"id\":" + std::to_string(id) + ",\"" + name + "\":{\"channel\":\"" + of + "\"}}";
}

std::string Swarm::publish_command(std::uint32_t id, std::uint32_t channel, std::string_view data) const {
  std::string name = options_.channel_prefix + std::to_string(channel);
  if (options_.target.protobuf) {
    return length_prefixed(protobuf_varint_field(1, id) +
                           protobuf_field(7, protobuf_field(1, name) + protobuf_field(2, data)));
  }
  std::string out = "{\"id\":" + std::to_string(id) + ",\"publish\":{\"channel\":\"" + name + "\",\"data\":";
  out += data;
  return out + "}}";
}

}  // namespace whirl::bench
