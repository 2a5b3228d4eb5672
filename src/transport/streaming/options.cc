#include "transport/streaming/options.h"

namespace whirl::transport::streaming {
namespace {

Options make(std::string_view transport, const config::ConnectCodeToHTTPResponse& answers) {
  Options options;
  options.transport = transport;
  options.unidirectional = true;
  if (answers.enabled) options.connect_answers = answers.transforms;
  return options;
}

}  // namespace

Options Options::from(const config::UniHTTPStream& config) {
  return make("uni_http_stream", config.connect_code_to_http_response);
}

Options Options::from(const config::UniSSE& config) {
  Options options = make("uni_sse", config.connect_code_to_http_response);
  options.events = true;
  return options;
}

}  // namespace whirl::transport::streaming
