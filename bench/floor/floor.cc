// The floor: what the kernel alone costs for the work of a messaging server. It accepts, answers every
// upgrade with the same 101, every command with a canned reply, every HTTP request with the same 200, and
// sends each published payload with one send() per socket. No parsing, no state, one thread. Goals of the
// real server are ratios to this.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::string_view kUpgraded =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
constexpr std::string_view kOk =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"result\":{}}";

std::vector<int> g_sockets;

void send_all(int fd, std::string_view bytes) {
  (void)!send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

std::string text_frame(std::string_view payload) {
  std::string out = "\x81";
  if (payload.size() < 126) {
    out += static_cast<char>(payload.size());
  } else {
    out += static_cast<char>(126);
    out += static_cast<char>(payload.size() >> 8);
    out += static_cast<char>(payload.size());
  }
  out += payload;
  return out;
}

std::string push_of(std::string_view text) {
  std::size_t at = text.find("\"data\":");
  if (at == std::string_view::npos) return {};
  std::size_t end = text.find("\"}", at);
  if (end == std::string_view::npos) return {};
  std::string push = "{\"push\":{\"channel\":\"bench:0\",\"pub\":{\"data\":";
  push += text.substr(at + 7, end + 2 - at - 7);
  return text_frame(push + "}}}");
}

void on_http(int fd, std::string_view request) {
  while (!request.empty()) {
    std::size_t head = request.find("\r\n\r\n");
    if (head == std::string_view::npos) return;
    std::size_t next = request.find("POST ", head);
    std::string_view one = request.substr(0, next);
    if (one.find("/publish ") != std::string_view::npos) {
      std::string frame = push_of(one);
      for (int to : g_sockets) send_all(to, frame);
    }
    send_all(fd, kOk);
    request.remove_prefix(next == std::string_view::npos ? request.size() : next);
  }
}

void on_frame(int fd, std::string_view bytes) {
  std::size_t head = (bytes[1] & 0x7f) == 126 ? 8 : 6;
  std::string_view payload = bytes.substr(std::min(head, bytes.size()));
  if (payload == "{}") return;
  std::string out;
  if (payload.find("\"publish\"") != std::string_view::npos) out = push_of(payload);
  for (std::size_t lines = 1 + static_cast<std::size_t>(std::count(payload.begin(), payload.end(), '\n'));
       lines > 0; --lines) {
    out += text_frame("{\"id\":1,\"connect\":{}}");
  }
  send_all(fd, out);
}

void on_readable(int fd, std::vector<bool>& upgraded) {
  static char buffer[65536];
  ssize_t got = recv(fd, buffer, sizeof buffer, 0);
  if (got == 0) {
    close(fd);
    std::erase(g_sockets, fd);
    upgraded[static_cast<std::size_t>(fd)] = false;
    return;
  }
  if (got < 0) return;
  std::string_view bytes(buffer, static_cast<std::size_t>(got));
  if (upgraded[static_cast<std::size_t>(fd)]) return on_frame(fd, bytes);
  if (bytes.starts_with("GET ")) {
    send_all(fd, kUpgraded);
    upgraded[static_cast<std::size_t>(fd)] = true;
    g_sockets.push_back(fd);
    return;
  }
  on_http(fd, bytes);
}

int listen_on(int port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  at.sin_port = htons(static_cast<std::uint16_t>(port));
  if (bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 || listen(fd, 4096) != 0) {
    std::perror("floor: listen");
    std::exit(1);
  }
  return fd;
}

int ping_timer(int interval_ms) {
  int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  timespec step{interval_ms / 1000, interval_ms % 1000 * 1'000'000L};
  itimerspec spec{step, step};
  timerfd_settime(fd, 0, &spec, nullptr);
  return fd;
}

}  // namespace

int main(int argc, char** argv) {
  int port = argc > 1 ? std::atoi(argv[1]) : 9000;
  int ping_ms = argc > 2 ? std::atoi(argv[2]) : 0;
  int epoll = epoll_create1(0);
  int listener = listen_on(port);
  auto watch = [epoll](int fd) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;
    event.data.fd = fd;
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
  };
  watch(listener);
  int timer = ping_ms > 0 ? ping_timer(ping_ms) : -1;
  if (timer >= 0) watch(timer);
  std::vector<bool> upgraded(65536);
  std::string ping = text_frame("{}");
  for (;;) {
    epoll_event events[256];
    int count = epoll_wait(epoll, events, 256, -1);
    for (int i = 0; i < count; ++i) {
      int fd = events[i].data.fd;
      if (fd == listener) {
        for (int peer; (peer = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
          int on = 1;
          setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
          watch(peer);
        }
      } else if (fd == timer) {
        std::uint64_t fired;
        (void)!read(timer, &fired, sizeof fired);
        for (int to : g_sockets) send_all(to, ping);
      } else {
        on_readable(fd, upgraded);
      }
    }
  }
}
