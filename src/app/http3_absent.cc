#include "app/http3.h"

namespace whirl::app {

Result<std::unique_ptr<Http3>> open_http3(net::Runtime&, const config::TLSConfig&,
                                          const net::ListenAddress&) {
  return fail("this build does not have HTTP/3");
}

}  // namespace whirl::app
