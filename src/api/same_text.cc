#include "api/same_text.h"

#include <openssl/crypto.h>

namespace whirl::api {

bool same_text(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace whirl::api
