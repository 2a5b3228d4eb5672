#include "driver/tls.h"

#include "config/pem.h"

namespace whirl::driver {

Result<net::TlsClientOptions> tls_options(const config::TLSConfig& config, std::string_view path) {
  net::TlsClientOptions options;
  options.server_name = config.server_name;
  options.insecure_skip_verify = config.insecure_skip_verify;
  auto loaded = config::load_pems(path, {{"cert_pem", config.cert_pem, options.certificate},
                                         {"key_pem", config.key_pem, options.key},
                                         {"server_ca_pem", config.server_ca_pem, options.ca}});
  if (!loaded) return tl::unexpected(loaded.error());
  return options;
}

}  // namespace whirl::driver
