#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <utility>

#include "load/client.h"

namespace whirl::bench {

std::int64_t now_ns() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

std::string payload(std::uint32_t channel, std::uint64_t number, std::int64_t sent_ns, std::size_t size) {
  std::string out = "{\"c\":" + std::to_string(channel) + ",\"n\":" + std::to_string(number) +
                    ",\"t\":" + std::to_string(sent_ns) + ",\"x\":\"";
  if (out.size() + 2 < size) out.append(size - out.size() - 2, 'x');
  return out + "\"}";
}

Api::Api(Target target) : target_(std::move(target)) {
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  timeval limit{10, 0};
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(target_.port));
  inet_pton(AF_INET, target_.host.c_str(), &to.sin_addr);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) close(std::exchange(fd_, -1));
}

Api::~Api() {
  if (fd_ >= 0) close(fd_);
}

std::string Api::call(std::string_view method, std::string_view body) {
  send(method, body);
  std::string response;
  return read_response(response) ? response : std::string();
}

void Api::send(std::string_view method, std::string_view body) {
  std::string out = "POST " + target_.api_path + "/";
  out += method;
  out += " HTTP/1.1\r\nHost: " + target_.host + "\r\nX-API-Key: " + target_.api_key +
         "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  out += body;
  for (std::size_t sent = 0; fd_ >= 0 && sent < out.size();) {
    ssize_t n = ::send(fd_, out.data() + sent, out.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return;
    sent += static_cast<std::size_t>(n);
  }
}

bool Api::drain(std::size_t count) {
  std::string body;
  for (std::size_t i = 0; i < count; ++i) {
    if (!read_response(body)) return false;
  }
  return true;
}

bool Api::read_response(std::string& body) {
  for (;;) {
    std::size_t head = buffer_.find("\r\n\r\n");
    if (head != std::string::npos) {
      std::size_t at = buffer_.find("ontent-Length: ");
      if (at == std::string::npos) at = buffer_.find("ontent-length: ");
      std::size_t size = at < head ? std::strtoul(buffer_.c_str() + at + 15, nullptr, 10) : 0;
      if (buffer_.size() >= head + 4 + size) {
        body = buffer_.substr(head + 4, size);
        bool good = buffer_.compare(9, 3, "200") == 0;
        buffer_.erase(0, head + 4 + size);
        return good;
      }
    }
    char chunk[16384];
    ssize_t got = fd_ < 0 ? -1 : recv(fd_, chunk, sizeof chunk, 0);
    if (got <= 0) return false;
    buffer_.append(chunk, static_cast<std::size_t>(got));
  }
}

}  // namespace whirl::bench
