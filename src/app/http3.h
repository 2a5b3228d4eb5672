#pragma once
#include <memory>
#include <string>

#include "base/result.h"
#include "config/sections/tls.h"
#include "http/router.h"
#include "http/service.h"
#include "net/acceptor.h"
#include "net/runtime.h"

namespace whirl::app {

/// HTTP/3 on the UDP port beside a TCP listener, of which each loop serves its part. Owned by the server, and
/// outlives the parts.
class Http3 {
 public:
  /// What one loop serves. Begins before the loop runs and ends after it stopped.
  class Port {
   public:
    virtual ~Port() = default;
    /// Takes no more connections; those that are there end when they have nothing left to do.
    virtual void begin_shutdown() = 0;
    virtual std::size_t connections() const = 0;
  };

  virtual ~Http3() = default;
  /// Once for each loop.
  virtual std::unique_ptr<Port> serve(net::Loop& loop, http::Router router,
                                      http::Service::OnAnswer on_answer) = 0;
  /// How answers over TCP tell of it, in the Alt-Svc header.
  virtual std::string advertisement() const = 0;
  /// Uses these certificates for new connections. While the loops run.
  virtual Result<> reload(const config::TLSConfig& tls) = 0;
};

/// Opens the port's sockets. Fails on certificates that cannot be used, and where this build has no HTTP/3.
Result<std::unique_ptr<Http3>> open_http3(net::Runtime& runtime, const config::TLSConfig& tls,
                                          const net::ListenAddress& address);

}  // namespace whirl::app
