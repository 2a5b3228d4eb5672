#include <charconv>
#include <memory>
#include <string>

#include "api/batch.h"
#include "api/method.h"
#include "codec/json.h"
#include "http/request.h"

namespace whirl::api {
namespace {

/// The methods by the numbers that the old form has for them.
constexpr std::array<std::string_view, 13> kByNumber = {
    "publish",        "broadcast", "unsubscribe", "disconnect", "presence",  "presence_stats", "history",
    "history_remove", "channels",  "info",        "rpc",        "subscribe", "refresh",
};

/// `name` is a JSON value: a string with a method's name in any case, or its number. Publish if it is absent.
const Method* named_method(codec::Raw name) {
  if (!name.present()) return find_method(kByNumber[0]);
  std::string_view text = name.bytes;
  if (text.size() > 2 && text.front() == '"') {
    text = text.substr(1, text.size() - 2);
    for (const Method& method : methods()) {
      if (http::equal_fold(method.name, text)) return &method;
    }
    return nullptr;
  }
  std::size_t number = kByNumber.size();
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool known = error == std::errc() && end == text.data() + text.size() && number < kByNumber.size();
  return known ? find_method(kByNumber[number]) : nullptr;
}

/// The calls of one request under way; owned by its calls.
class MethodCalls : public std::enable_shared_from_this<MethodCalls> {
 public:
  MethodCalls(Context& context, std::string_view json, FinishBatch finish)
      : context_(context), json_(json), rest_(json_), finish_(std::move(finish)) {}

  // A call can be done before run() returns, so this is a loop rather than a chain of calls.
  void go_on() {
    if (running_) return;
    running_ = true;
    while (!waiting_ && !ended_) next();
    running_ = false;
  }

 private:
  void next() {
    std::size_t start = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(start == std::string_view::npos ? rest_.size() : start);
    if (rest_.empty())
      return end({json_.empty() ? BatchAnswer::Kind::malformed : BatchAnswer::Kind::ok, answers_});
    arena_.reset();
    MethodCall call;
    auto size = codec::decode_json(rest_, call, arena_);
    const Method* method = size ? named_method(call.method) : nullptr;
    if (!method) return end({BatchAnswer::Kind::malformed, {}});
    rest_.remove_prefix(*size);
    run(*method, call);
  }

  void run(const Method& method, const MethodCall& call) {
    // Of all methods only info takes no params, and none are needed then.
    std::string_view params = method.name == "info" ? "{}" : call.params.bytes;
    const void* request = method.decode(params, arena_);
    if (!request) {
      reply(call.id, &errors::bad_request, {});
      return;
    }
    waiting_ = true;
    method.run(method, context_, request,
               [self = shared_from_this(), &method, id = call.id](const Outcome& outcome) {
                 self->waiting_ = false;
                 self->finish_call(method, id, outcome);
                 self->go_on();
               });
  }

  void finish_call(const Method& method, std::uint32_t id, const Outcome& outcome) {
    if (outcome.error) return reply(id, outcome.error, {});
    if (!method.fits_json(outcome)) return end({BatchAnswer::Kind::internal, {}});
    std::string result;
    method.encode_result(outcome, result);
    reply(id, nullptr, {result});
  }

  void reply(std::uint32_t id, const Error* error, codec::Raw result) {
    if (!answers_.empty()) answers_ += '\n';
    codec::encode_json(MethodReply{id, error, result}, answers_);
  }

  void end(const BatchAnswer& answer) {
    ended_ = true;
    finish_(answer);
  }

  Context& context_;
  std::string json_;
  std::string_view rest_;
  FinishBatch finish_;
  codec::Arena arena_;
  std::string answers_;
  bool running_ = false;
  bool waiting_ = false;
  bool ended_ = false;
};

}  // namespace

void run_method_calls(Context& context, std::string_view json, FinishBatch finish) {
  std::make_shared<MethodCalls>(context, json, std::move(finish))->go_on();
}

}  // namespace whirl::api
