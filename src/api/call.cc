#include "api/call.h"

#include <time.h>

#include <string>

#include "api/method.h"
#include "base/log.h"

namespace whirl::api {
namespace {

std::int64_t now_us() {
  timespec now;
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}

}  // namespace

CallBase::CallBase(Context& context, const Method& method, Finish finish)
    : context_(&context), method_(&method), started_us_(now_us()), finish_(std::move(finish)) {}

void CallBase::refuse(const Error& error, std::string_view why) {
  log::info("api call refused",
            {{"method", method_->name}, {"code", error.code}, {"error", error.message}, {"why", why}});
  finish({&error, nullptr});
}

void CallBase::fail(const whirl::Error& error) {
  log::error("api call failed", {{"method", method_->name}, {"error", error.message}});
  finish({&errors::internal, nullptr});
}

const channel::Namespace* CallBase::find_namespace(std::string_view channel) {
  if (channel.empty()) {
    refuse(errors::bad_request, "a channel is required");
    return nullptr;
  }
  const channel::Namespace* found = context_->rules().find(channel);
  if (!found) refuse(errors::unknown_channel, channel);
  return found;
}

void CallBase::finish(const Outcome& outcome) {
  metrics::Api& metrics = context_->metrics;
  const double seconds = static_cast<double>(now_us() - started_us_) / 1e6;
  metrics.command_duration.with(context_->protocol, method_->name).observe(seconds);
  if (outcome.error) {
    metrics.command_errors.with(context_->protocol, method_->name, std::to_string(outcome.error->code)).add();
  }
  finish_(outcome);
}

}  // namespace whirl::api
