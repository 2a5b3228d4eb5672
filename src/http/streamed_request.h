#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/head_parser.h"
#include "http/responder.h"
#include "http/service.h"

namespace whirl::http {

/// A request that comes as header fields and pieces of a body, as HTTP/2 and HTTP/3 have it, on its way to a
/// route's handler. Owned by the stream that it comes on; ends once it was handed over or answered. The
/// session has checked already that the fields are well formed, and their order.
class StreamedRequest {
 public:
  /// `version`: of HTTP. The exchange's carrier is set by the caller, who keeps a pointer to the exchange.
  StreamedRequest(Service& service, const HeadLimits& limits, int version);

  /// A header field, ":method" and its like among them.
  void field(std::string_view name, std::string_view value);
  /// The head is complete. `ended`: and so is the request. A request for another protocol, or for a route
  /// that reads the body itself, is handed over at once, others when they end.
  void head_complete(std::unique_ptr<Exchange> exchange, bool ended);
  void body(std::string_view bytes);
  void end();
  /// True when nothing more is asked of it.
  bool done() const { return done_; }
  /// It was handed over at once, so its end is to be told to whoever took the stream.
  bool open_ended() const { return open_ended_; }

 private:
  struct Field {
    std::uint32_t at;
    std::uint32_t name_size;
    std::uint32_t value_size;
  };

  Refusal read_head(Request& out) const;
  void serve();

  Service& service_;
  const HeadLimits& limits_;
  std::string text_;  // names and values
  std::vector<Field> fields_;
  std::string body_;
  Route* route_ = nullptr;
  std::optional<Responder> responder_;
  const int version_;
  bool too_large_ = false;
  bool done_ = false;
  bool open_ended_ = false;
};

}  // namespace whirl::http
