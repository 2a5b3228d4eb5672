#pragma once
#include <nghttp3/nghttp3.h>

namespace whirl::http::h3 {

/// What nghttp3 calls for a session of ours, which is its user data.
const nghttp3_callbacks& session_callbacks();
/// Where nghttp3 reads the bodies of answers from.
extern const nghttp3_data_reader kBodyReader;

}  // namespace whirl::http::h3
