#include "api/batch.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/method.h"
#include "codec/json.h"
#include "codec/protobuf.h"

namespace whirl::api {
namespace {

constexpr std::uint32_t kReplies = 1;  // BatchResponse.replies

/// One batch under way; owned by its calls.
class Batch : public std::enable_shared_from_this<Batch> {
 public:
  Batch(Context& context, Form form, std::string_view text, FinishBatch finish)
      : context_(context), form_(form), text_(text), finish_(std::move(finish)) {}

  void start() {
    const bool good = form_ == Form::json ? codec::decode_json_document(text_, request_, arena_).has_value()
                                          : codec::decode_protobuf(text_, request_, arena_).has_value();
    if (!good) return finish_({BatchAnswer::Kind::malformed, {}});
    replies_.resize(request_.commands.size());
    go_on();
  }

 private:
  // Starts what may be started. A call can be done before run() returns; it is then noticed here.
  void go_on() {
    if (starting_) return;
    starting_ = true;
    while (next_ < replies_.size() && may_start(owner_of(request_.commands[next_]))) start_call(next_++);
    starting_ = false;
    if (done_ == replies_.size()) answer();
  }

  // The owner of the channel that the command publishes to; nothing if it does something else.
  std::optional<int> owner_of(const Command* command) const {
    if (!command || !command->publish) return std::nullopt;
    return context_.node.owner_of(command->publish->channel);
  }

  // A sequential batch does one thing after the other. Publications in a row with one owner need not wait for
  // each other, since the owner keeps their order.
  bool may_start(std::optional<int> owner) {
    const std::size_t running = next_ - done_;
    const bool may = running < kMaxParallelCalls &&
                     (request_.parallel || running == 0 || (owner && owner == running_owner_));
    if (may) running_owner_ = owner;
    return may;
  }

  void start_call(std::size_t i) {
    const Command* command = request_.commands[i];
    if (!command) return refuse(i, errors::bad_request);
    for (const Method& method : methods()) {
      const void* request = method.request_in(*command);
      if (!request) continue;
      return method.run(method, context_, request,
                        [self = shared_from_this(), i, &method](const Outcome& outcome) {
                          self->finish_call(i, method, outcome);
                        });
    }
    context_.metrics.command_errors.with(context_.protocol, "unknown", std::to_string(errors::not_found.code))
        .add();
    refuse(i, errors::not_found);
  }

  void refuse(std::size_t i, const Error& error) {
    Reply reply;
    reply.error = &error;
    if (form_ == Form::json) {
      codec::encode_json(reply, replies_[i]);
    } else {
      codec::encode_protobuf(reply, replies_[i]);
    }
    ++done_;
  }

  void finish_call(std::size_t i, const Method& method, const Outcome& outcome) {
    if (form_ == Form::protobuf) {
      method.encode_reply_protobuf(outcome, replies_[i]);
    } else if (method.fits_json(outcome)) {
      method.encode_reply(outcome, replies_[i]);
    } else {
      fits_json_ = false;
    }
    ++done_;
    go_on();
  }

  void answer() {
    if (form_ == Form::protobuf) return finish_({BatchAnswer::Kind::ok, joined_protobuf()});
    if (!fits_json_) return finish_({BatchAnswer::Kind::internal, {}});
    std::string body = "{";
    for (const std::string& reply : replies_) {
      body += body.size() == 1 ? "\"replies\":[" : ",";
      body += reply;
    }
    body += replies_.empty() ? "}" : "]}";
    finish_({BatchAnswer::Kind::ok, body});
  }

  std::string joined_protobuf() const {
    std::string body;
    for (const std::string& reply : replies_) codec::append_field(body, kReplies, reply);
    return body;
  }

  Context& context_;
  const Form form_;
  const std::string text_;
  FinishBatch finish_;
  codec::Arena arena_;
  BatchRequest request_;
  std::vector<std::string> replies_;
  std::size_t next_ = 0;
  std::size_t done_ = 0;
  std::optional<int> running_owner_;
  bool starting_ = false;
  bool fits_json_ = true;
};

}  // namespace

void run_batch(Context& context, Form form, std::string_view request, FinishBatch finish) {
  std::make_shared<Batch>(context, form, request, std::move(finish))->start();
}

}  // namespace whirl::api
