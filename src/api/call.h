#pragma once
#include <cstdint>
#include <string_view>
#include <utility>

#include "api/context.h"
#include "api/errors.h"
#include "api/messages.h"
#include "base/function.h"
#include "base/result.h"

namespace whirl::api {

struct Method;

/// How a call went: either an error or the method's result, both borrowed for as long as the finish function
/// runs.
struct Outcome {
  const Error* error = nullptr;
  const void* result = nullptr;  ///< of the method's result type
};
/// Called once, on the loop of the call, maybe before the call returns.
using Finish = UniqueFunction<void(const Outcome&)>;

/// One call under way; moved along with whoever works on it and finished exactly once. Counts the call.
class CallBase {
 public:
  CallBase(Context& context, const Method& method, Finish finish);

  Context& context() { return *context_; }
  /// The caller did something wrong: `why` is for the log.
  void refuse(const Error& error, std::string_view why);
  /// Something that the server needs did not work: it is logged, and the caller gets "internal server error".
  void fail(const whirl::Error& error);
  /// The options of the channel; if it has no name or no namespace, the call is refused and null returned.
  /// The pointer is good until control returns to the loop.
  const channel::Namespace* find_namespace(std::string_view channel);

 protected:
  void finish(const Outcome& outcome);

 private:
  Context* context_;
  const Method* method_;
  std::int64_t started_us_;
  Finish finish_;
};

template <class R>
class Call : public CallBase {
 public:
  explicit Call(CallBase base) : CallBase(std::move(base)) {}

  /// The result's views are needed during the call only.
  void reply(const R& result) { finish({nullptr, &result}); }

  /// For calls whose result says nothing: passes on how the node's part went.
  void reply_or_fail(const Result<>& done) {
    if (done) {
      reply(R{});
    } else {
      fail(done.error());
    }
  }
};

}  // namespace whirl::api
