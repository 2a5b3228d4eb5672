#pragma once
#include <span>
#include <string>
#include <string_view>

#include "api/call.h"
#include "api/context.h"
#include "api/messages.h"
#include "codec/arena.h"

namespace whirl::api {

/// One row of the list of methods, with the types of its messages erased: request, result, and the response
/// that wraps either an error or the result.
struct Method {
  std::string_view name;
  std::string_view grpc_name;  ///< in the service of gRPC

  /// Reads a JSON document into a request that lives in the arena (and the document); null if it is
  /// malformed.
  const void* (*decode)(std::string_view json, codec::Arena& arena);
  /// Likewise from Protobuf.
  const void* (*decode_protobuf)(std::string_view bytes, codec::Arena& arena);
  /// Starts a call. The request is needed during this call only.
  void (*run)(const Method& method, Context& context, const void* request, Finish finish);
  /// The request in a batch's command, null if the command is for another method.
  const void* (*request_in)(const Command& command);
  /// False if the result has a payload that JSON can't carry.
  bool (*fits_json)(const Outcome& outcome);

  // These append JSON; the outcome fits.
  void (*encode_response)(const Outcome& outcome, std::string& out);
  void (*encode_result)(const Outcome& outcome, std::string& out);
  void (*encode_reply)(const Outcome& outcome, std::string& out);

  // These append Protobuf.
  void (*encode_response_protobuf)(const Outcome& outcome, std::string& out);
  void (*encode_reply_protobuf)(const Outcome& outcome, std::string& out);
};

/// All methods, in the order in which a batch looks for them in a command.
std::span<const Method> methods();
const Method* find_method(std::string_view name);

}  // namespace whirl::api
