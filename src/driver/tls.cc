#include "driver/tls.h"

#include "config/pem.h"

namespace whirl::driver {

Result<net::TlsClientOptions> tls_options(const config::TLSConfig& config, std::string_view path) {
  net::TlsClientOptions options;
  options.server_name = config.server_name;
  options.insecure_skip_verify = config.insecure_skip_verify;
  struct Part {
    std::string_view name;
    const std::string& from;
    std::string& to;
  };
  for (Part part :
       {Part{"cert_pem", config.cert_pem, options.certificate}, Part{"key_pem", config.key_pem, options.key},
        Part{"server_ca_pem", config.server_ca_pem, options.ca}}) {
    if (part.from.empty()) continue;
    auto pem = config::load_pem(part.from);
    if (!pem) return fail("{}.{}: {}", path, part.name, pem.error().message);
    part.to = std::move(*pem);
  }
  return options;
}

}  // namespace whirl::driver
