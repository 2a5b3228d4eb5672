#include "transport/grpc/endpoint.h"

#include <utility>

#include "transport/grpc/connection.h"

namespace whirl::transport::grpc {
namespace {

constexpr std::string_view kConsume = "/centrifugal.centrifugo.unistream.CentrifugoUniStream/Consume";

session::ConnectionInfo connection_info() {
  session::ConnectionInfo info;
  info.transport = "uni_grpc";
  info.accept_protocol = "h2";
  info.variant = {protocol::Encoding::protobuf, protocol::Framing::grpc, true};
  info.disconnect_push = true;
  return info;
}

}  // namespace

Endpoint::Endpoint(net::Loop& loop, std::int64_t max_message, session::MakeSession make_session)
    : make_session_(std::move(make_session)), calls_(loop, max_message), connections_(loop) {}

Endpoint::~Endpoint() = default;

void Endpoint::mount(http::Router& router, std::vector<http::Filter> filters) {
  http::Route route;
  route.path = kConsume;
  route.filters = std::move(filters);
  route.reads_body = true;
  route.handler = [this](http::Request& request, http::Responder responder) {
    calls_.begin(request, std::move(responder),
                 [this](const http::grpc::CallPtr& call, std::string_view message) { open(*call, message); });
  };
  router.add(std::move(route));
  calls_.mount_unknown(router);
}

void Endpoint::open(http::grpc::Call& call, std::string_view request) {
  net::StreamPtr stream = call.take();
  if (!stream) return;
  Connection& connection = connections_.add(std::make_unique<Connection>(*this, std::move(stream)));
  connection.begin(make_session_(connection, connection_info()));
  if (connection.closed()) return;
  if (closing_) return connection.session().shutdown();
  connection.session().on_connect_request(request);
}

void Endpoint::remove(Connection& connection) {
  connections_.remove(connection);
}

void Endpoint::shutdown(std::size_t most) {
  closing_ = true;
  connections_.shutdown(most);
}

}  // namespace whirl::transport::grpc
