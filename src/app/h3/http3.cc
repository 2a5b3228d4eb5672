#include "app/http3.h"

#include <utility>
#include <vector>

#include "app/tls.h"
#include "http/h3/credentials.h"
#include "http/h3/quic_server.h"
#include "net/udp_socket.h"

namespace whirl::app {
namespace {

using http::h3::Credentials;

constexpr std::string_view kTlsSection = "http_server.tls";
constexpr std::int64_t kAdvertisedSeconds = std::int64_t{30} * 24 * 3600;

Result<std::shared_ptr<const Credentials>> make_credentials(const config::TLSConfig& tls) {
  auto options = read_certificates(tls, kTlsSection);
  if (!options) return tl::unexpected(options.error());
  auto credentials = Credentials::create(*options);
  if (!credentials) return fail("{}: {}", kTlsSection, credentials.error().message);
  return credentials;
}

class LoopPort final : public Http3::Port {
 public:
  LoopPort(net::Loop& loop, http::h3::QuicPort& port, std::shared_ptr<const Credentials> credentials,
           net::Fd socket, http::Router router, http::Service::OnAnswer on_answer)
      : service_(loop, std::move(router), std::move(on_answer)),
        server_(loop, port, std::move(credentials),
                [this](http::h3::QuicStreams& quic) {
                  return std::make_unique<http::h3::Session>(quic, service_, limits_);
                }),
        socket_(loop, std::move(socket), server_) {
    server_.send_through(socket_);
  }

  void begin_shutdown() override { server_.shutdown(); }
  std::size_t connections() const override { return server_.connections(); }
  void use(std::shared_ptr<const Credentials> credentials) { server_.use(std::move(credentials)); }

 private:
  http::HeadLimits limits_;
  http::Service service_;
  http::h3::QuicServer server_;
  net::UdpSocket socket_;
};

class QuicHttp3 final : public Http3 {
 public:
  QuicHttp3(net::Runtime& runtime, std::shared_ptr<const Credentials> credentials,
            std::vector<net::Fd> sockets, int port_number)
      : runtime_(runtime),
        port_(runtime),
        credentials_(std::move(credentials)),
        sockets_(std::move(sockets)),
        ports_(sockets_.size()),
        port_number_(port_number) {}

  std::unique_ptr<Port> serve(net::Loop& loop, http::Router router,
                              http::Service::OnAnswer on_answer) override {
    const auto i = static_cast<std::size_t>(loop.index());
    auto port = std::make_unique<LoopPort>(loop, port_, credentials_, std::move(sockets_[i]),
                                           std::move(router), std::move(on_answer));
    ports_[i] = port.get();
    return port;
  }

  std::string advertisement() const override {
    return fmt::format("h3=\":{}\"; ma={}", port_number_, kAdvertisedSeconds);
  }

  Result<> reload(const config::TLSConfig& tls) override {
    auto made = make_credentials(tls);
    if (!made) return tl::unexpected(made.error());
    for (int i = 0; i < runtime_.size(); ++i) {
      runtime_.loop(i).post(
          [port = ports_[static_cast<std::size_t>(i)], credentials = *made] { port->use(credentials); });
    }
    return {};
  }

 private:
  net::Runtime& runtime_;
  http::h3::QuicPort port_;
  std::shared_ptr<const Credentials> credentials_;
  std::vector<net::Fd> sockets_;
  std::vector<LoopPort*> ports_;
  int port_number_;
};

}  // namespace

Result<std::unique_ptr<Http3>> open_http3(net::Runtime& runtime, const config::TLSConfig& tls,
                                          const net::ListenAddress& address) {
  auto credentials = make_credentials(tls);
  if (!credentials) return tl::unexpected(credentials.error());
  auto sockets = net::open_udp(address, runtime.size());
  if (!sockets) return tl::unexpected(sockets.error());
  return std::make_unique<QuicHttp3>(runtime, std::move(*credentials), std::move(*sockets), address.port);
}

}  // namespace whirl::app
