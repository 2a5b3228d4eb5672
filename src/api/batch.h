#pragma once
#include <string_view>

#include "api/context.h"
#include "base/function.h"

namespace whirl::api {

/// How a request with several calls ended: what to answer, as text.
struct BatchAnswer {
  enum class Kind { ok, malformed, internal } kind = Kind::ok;
  std::string_view body;  ///< borrowed for the call
};
using FinishBatch = UniqueFunction<void(const BatchAnswer&)>;

/// In what a batch comes, and is answered.
enum class Form { json, protobuf };

/// Runs the calls of a batch request, one after the other or up to kMaxParallelCalls at a time, as it asks.
void run_batch(Context& context, Form form, std::string_view request, FinishBatch finish);
inline constexpr std::size_t kMaxParallelCalls = 1024;

/// Runs the calls of a request in the old form: objects with method and params, one after the other; the
/// answers are lines.
void run_method_calls(Context& context, std::string_view json, FinishBatch finish);

}  // namespace whirl::api
