#include "api/grpc_api.h"

#include <fmt/format.h>

#include <utility>

#include "api/batch.h"
#include "api/grpc_descriptors.h"
#include "api/method.h"
#include "api/same_text.h"
#include "base/log.h"
#include "codec/protobuf.h"

namespace whirl::api {
namespace {

using http::grpc::Code;
using http::grpc::Status;

constexpr std::string_view kService = "/centrifugal.centrifugo.api.CentrifugoApi/";
constexpr std::string_view kErrorType = "type.googleapis.com/centrifugal.centrifugo.api.Error";

struct ErrorCode {
  std::uint32_t error;
  Code code;
};
constexpr std::array kCodes = {
    ErrorCode{errors::internal.code, Code::internal},
    ErrorCode{errors::unknown_channel.code, Code::not_found},
    ErrorCode{errors::not_found.code, Code::not_found},
    ErrorCode{errors::bad_request.code, Code::invalid_argument},
    ErrorCode{errors::not_available.code, Code::invalid_argument},
    ErrorCode{errors::unrecoverable_position.code, Code::out_of_range},
};

Code code_of(const Error& error) {
  for (const ErrorCode& row : kCodes) {
    if (row.error == error.code) return row.code;
  }
  return Code::internal;
}

/// The error as a status, and as itself in the details (google.rpc.Status: code, message, list of Any).
Status status_of(const Error& error) {
  Status out{code_of(error), std::string(error.message)};
  std::string encoded;
  codec::encode_protobuf(error, encoded);
  std::string any;
  codec::append_field(any, 1, kErrorType);
  codec::append_field(any, 2, encoded);
  codec::append_varint(out.details, 1 << 3);
  codec::append_varint(out.details, static_cast<std::uint64_t>(out.code));
  codec::append_field(out.details, 2, out.message);
  codec::append_field(out.details, 3, any);
  return out;
}

}  // namespace

GrpcApi::GrpcApi(net::Loop& loop, Context& context, const config::GrpcAPI& options)
    : context_(context), options_(options), calls_(loop, options.max_receive_message_size) {
  if (options.reflection) reflection_ = std::make_unique<Reflection>(grpc_descriptors());
}

void GrpcApi::mount(http::Router& router) {
  for (const Method& method : methods()) {
    add(router, method.grpc_name,
        [this, &method](const CallPtr& call, std::string_view message, bool by_status) {
          serve(method, call, message, by_status);
        });
  }
  add(router, "Batch",
      [this](const CallPtr& call, std::string_view message, bool) { serve_batch(call, message); });
  for (std::string_view version : {"v1", "v1alpha"}) {
    if (reflection_) add_reflection(router, version);
  }
  calls_.mount_unknown(router);
}

// Whoever may connect may ask, as the key guards what the API does.
void GrpcApi::add_reflection(http::Router& router, std::string_view version) {
  http::Route route;
  route.path = fmt::format("/grpc.reflection.{}.ServerReflection/ServerReflectionInfo", version);
  route.reads_body = true;
  route.handler = [this](http::Request& request, http::Responder responder) {
    auto answer = [this](const CallPtr& call, std::string_view message) {
      const auto response = reflection_->answer(message);
      if (!response) return call->finish({Code::invalid_argument, "the request is malformed"});
      call->send(*response);
    };
    calls_.begin(request, std::move(responder), answer, true);
  };
  router.add(std::move(route));
}

void GrpcApi::add(http::Router& router, std::string_view name, Run run) {
  http::Route route;
  route.path = std::string(kService).append(name);
  route.reads_body = true;
  auto shared = std::make_shared<Run>(std::move(run));
  route.handler = [this, shared](http::Request& request, http::Responder responder) {
    if (!may_call(request)) {
      return calls_.refuse(request, std::move(responder), {Code::unauthenticated, "unauthenticated"});
    }
    const bool by_status =
        options_.error_mode == "transport" || request.header("x-centrifugo-error-mode") == "transport";
    calls_.begin(request, std::move(responder),
                 [shared, by_status](const CallPtr& call, std::string_view message) {
                   (*shared)(call, message, by_status);
                 });
  };
  router.add(std::move(route));
}

bool GrpcApi::may_call(const http::Request& request) const {
  return options_.key.empty() || same_text(request.header("authorization"), "apikey " + options_.key);
}

void GrpcApi::refuse_malformed(std::string_view method, http::grpc::Call& call) {
  context_.metrics.command_errors.with(context_.protocol, method, "unmarshal").add();
  log::info("malformed api request", {{"method", method}});
  call.finish({Code::internal, "the request is malformed"});
}

void GrpcApi::serve(const Method& method, const CallPtr& call, std::string_view message, bool by_status) {
  arena_.reset();
  const void* decoded = method.decode_protobuf(message, arena_);
  if (!decoded) return refuse_malformed(method.name, *call);
  method.run(method, context_, decoded, [call, &method, by_status](const Outcome& outcome) {
    if (outcome.error && by_status) return call->finish(status_of(*outcome.error));
    std::string response;
    method.encode_response_protobuf(outcome, response);
    call->reply(response);
  });
}

void GrpcApi::serve_batch(const CallPtr& call, std::string_view message) {
  run_batch(context_, Form::protobuf, message, [this, call](const BatchAnswer& batch) {
    if (batch.kind != BatchAnswer::Kind::ok) return refuse_malformed("batch", *call);
    call->reply(batch.body);
  });
}

}  // namespace whirl::api
