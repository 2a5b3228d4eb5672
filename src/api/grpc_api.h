#pragma once
#include <memory>
#include <string_view>

#include "api/context.h"
#include "api/reflection.h"
#include "codec/arena.h"
#include "config/sections/api.h"
#include "http/grpc/call.h"
#include "http/router.h"

namespace whirl::api {

struct Method;

/// The server API over gRPC, under the names of Centrifugo's service. One object per loop, made before the
/// loop runs; outlives the servers that its routes are mounted on.
class GrpcApi {
 public:
  GrpcApi(net::Loop& loop, Context& context, const config::GrpcAPI& options);

  void mount(http::Router& router);

 private:
  using CallPtr = http::grpc::CallPtr;

  /// `by_status`: an error is told as the status of the call.
  using Run = UniqueFunction<void(const CallPtr&, std::string_view message, bool by_status)>;

  void add(http::Router& router, std::string_view name, Run run);
  bool may_call(const http::Request& request) const;
  void serve(const Method& method, const CallPtr& call, std::string_view message, bool by_status);
  void serve_batch(const CallPtr& call, std::string_view message);
  void add_reflection(http::Router& router, std::string_view version);
  void refuse_malformed(std::string_view method, http::grpc::Call& call);

  Context& context_;
  const config::GrpcAPI options_;
  http::grpc::Calls calls_;
  std::unique_ptr<const Reflection> reflection_;  // null: clients get none
  codec::Arena arena_;                            // of the request that is being decoded
};

}  // namespace whirl::api
