#include "transport/grpc/connection.h"

#include "http/grpc/call.h"
#include "transport/grpc/endpoint.h"

namespace whirl::transport::grpc {

Connection::Connection(Endpoint& endpoint, net::StreamPtr stream)
    : endpoint_(endpoint), stream_(std::move(stream)) {
  stream_->set_handler(this);
}

void Connection::send(const SharedBytes& frame) {
  if (!closed_) stream_->write(frame);
}

// The push before it has told why, so the call itself went well.
void Connection::close(std::uint32_t, std::string_view) {
  if (closed_) return;
  http::grpc::close_with(*stream_, {});
  finish();
}

// Clients end their side behind the connect request; only a stream that is gone is an end.
void Connection::on_end() {
  if (stream_->closed()) finish();
}

void Connection::finish() {
  closed_ = true;
  endpoint_.remove(*this);
  if (session_) session_->on_closed();
}

}  // namespace whirl::transport::grpc
