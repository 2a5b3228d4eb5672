#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/endpoints.h"
#include "app/tls.h"
#include "base/result.h"
#include "config/config.h"
#include "http/h2/options.h"
#include "net/acceptor.h"
#include "net/tls_context.h"

namespace whirl::app {

/// One address that the server listens on, and what it serves there.
struct Listener {
  net::ListenAddress address;
  std::vector<const Endpoint*> endpoints{};
  std::shared_ptr<const net::TlsContext> tls{};  ///< null: plain
  bool proxied = false;                          ///< a load balancer says who the clients are
  std::optional<http::h2::Options> http2{};      ///< spoken to clients that begin with it
  bool grpc = false;                             ///< it serves calls, rather than requests
  std::vector<net::Fd> sockets{};                ///< one for each loop, once open() was called
  bool external = false;                         ///< the one for clients
  std::string alt_svc{};                         ///< where else it is served; nowhere if empty

  std::string endpoint_names() const;
};

/// The addresses of the configuration: the external one, and the internal one if it is another. Fails on
/// certificates that cannot be used.
Result<std::vector<Listener>> plan_listeners(const config::Config& config, const TlsShared& shared = {});

/// Opens the sockets of all of them.
Result<> open(std::vector<Listener>& listeners, int loops);
/// Removes the files of unix sockets, so that another process can take their place.
void remove_socket_files(const std::vector<Listener>& listeners);

}  // namespace whirl::app
