#pragma once
#include <ngtcp2/ngtcp2.h>

namespace whirl::http::h3 {

/// What ngtcp2 calls of its own helpers for cryptography, on either side, and for random bytes.
ngtcp2_callbacks crypto_callbacks();

/// What ngtcp2 calls for a connection of ours, whose user data is the QuicConnection.
const ngtcp2_callbacks& quic_callbacks();

}  // namespace whirl::http::h3
