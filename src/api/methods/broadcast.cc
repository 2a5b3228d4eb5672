#include <memory>
#include <string>
#include <vector>

#include "api/methods/list.h"
#include "api/methods/publication.h"
#include "api/payload.h"
#include "base/log.h"

namespace whirl::api {
namespace {

/// The publications of one broadcast. Answers when the last of them is done.
class Broadcast {
 public:
  Broadcast(Call<BroadcastResult> call, std::size_t channels)
      : call_(std::move(call)), parts_(channels), missing_(channels) {}

  void refuse(std::size_t part, const Error& error, std::string_view why) {
    log::info("api broadcast: channel refused",
              {{"code", error.code}, {"error", error.message}, {"why", why}});
    end(part, error);
  }
  void fail(std::size_t part, const whirl::Error& error) {
    log::error("api broadcast: publishing failed", {{"error", error.message}});
    end(part, errors::internal);
  }
  void published(std::size_t part, broker::StreamPosition position) {
    parts_[part].position = std::move(position);
    end();
  }
  Context& context() { return call_.context(); }

 private:
  struct Part {
    const Error* error = nullptr;
    broker::StreamPosition position;
  };

  void end(std::size_t part, const Error& error) {
    parts_[part].error = &error;
    metrics::Api& metrics = context().metrics;
    metrics.command_errors.with(context().protocol, "broadcast_publish", std::to_string(error.code)).add();
    end();
  }

  void end() {
    if (--missing_ > 0) return;
    std::vector<PublishResult> results(parts_.size());
    std::vector<PublishResponse> responses(parts_.size());
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      results[i] = {.offset = parts_[i].position.offset, .epoch = parts_[i].position.epoch};
      responses[i].error = parts_[i].error;
      if (!parts_[i].error) responses[i].result = &results[i];
    }
    call_.reply({.responses = responses});
  }

  Call<BroadcastResult> call_;
  std::vector<Part> parts_;
  std::size_t missing_;
};

void publish_part(const std::shared_ptr<Broadcast>& broadcast, std::size_t part, std::string_view channel,
                  const SharedBytes& data, const BroadcastRequest& request) {
  if (channel.empty()) return broadcast->refuse(part, errors::bad_request, "a channel is required");
  const channel::Namespace* ns = broadcast->context().rules().find(channel);
  if (!ns) return broadcast->refuse(part, errors::unknown_channel, channel);
  if (std::string_view why = why_not_publish(*ns, data.view()); !why.empty()) {
    return broadcast->refuse(part, errors::bad_request, why);
  }
  broadcast->context().node.publish(std::string(channel), data, publish_options(request, *ns),
                                    [broadcast, part](Result<broker::PublishResult> done) {
                                      if (!done) return broadcast->fail(part, done.error());
                                      broadcast->published(part, std::move(done->position));
                                    });
}

}  // namespace

void broadcast(Call<BroadcastResult> call, const BroadcastRequest& request) {
  if (request.channels.empty()) return call.refuse(errors::bad_request, "channels are required");
  Payload payload;
  if (!payload.read(request.data, request.b64data))
    return call.refuse(errors::bad_request, "b64data is not base64");
  SharedBytes data = SharedBytes::copy(payload.bytes());
  auto all = std::make_shared<Broadcast>(std::move(call), request.channels.size());
  for (std::size_t i = 0; i < request.channels.size(); ++i)
    publish_part(all, i, request.channels[i], data, request);
}

}  // namespace whirl::api
